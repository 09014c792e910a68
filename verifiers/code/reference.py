"""Read a reference of kind `code` into a task: a language, test cases, and how their results are compared."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, cast

from verifiers.code import harness
from verifiers.code.compare import (
    COMPARISONS,
    TOLERANCE,
    VALUE_COMPARISONS,
    Comparison,
    ValueComparison,
)
from verifiers.code.harness_calls import read_calls
from verifiers.identity import quote
from verifiers.sandbox.checks import check_limits, check_program
from verifiers.sandbox.types import LANGUAGES, Language, Limits, Program

Sort = Literal["tests", "calls", "check", "assertions", "harness"]

_FIELDS: dict[Sort, tuple[str, ...]] = {
    "tests": ("compare", "tolerance", "checker"),
    "calls": ("function", "compare", "tolerance", "checker"),
    "check": ("function", "setup"),
    "assertions": ("function", "setup"),
    "harness": ("function", "head"),
}
"""What a reference of each sort may have, beside what all may have."""

_COMMON = ("language", "prompt", "limits", "files", "tools")
_LIMITS = tuple(field.name for field in fields(Limits))
_ROOM = 1 << 16
_CHECKED_ROOM = 1 << 24


@dataclass(frozen=True, slots=True)
class Case:
    """One test case.

    `given` is standard input, the arguments as a JSON array, or the source of tests; `expected` the standard
    output, the value as JSON has it, the calls of a harness that could be read (`harness_calls.Calls`), or None for
    tests that decide for themselves.
    """

    given: str
    expected: Any = None


@dataclass(frozen=True, slots=True)
class Task:
    """What a program is judged by. `files` are put beside it; `tools` are commands that it may call.

    `head` is the beginning of the function, from which a program that is its body alone goes on.
    """

    language: Language
    sort: Sort
    cases: tuple[Case, ...]
    function: str
    prompt: str
    compare: Comparison | ValueComparison
    tolerance: float
    checker: Program | None
    limits: Limits
    files: Mapping[str, str]
    tools: tuple[str, ...]
    head: str = ""


def read(reference: Mapping[str, Any]) -> Task:
    """The task of `reference`. Raises `ValueError` for a malformed one. A field that is None is left out."""
    if not isinstance(reference, Mapping):
        raise ValueError(
            'A code reference is an object such as {"tests": [{"stdin": "2\\n", "stdout": "4\\n"}]}, '
            f"not {quote(repr(reference), 200)}."
        )
    found = {name: value for name, value in reference.items() if value is not None}
    sort = _sort(found)
    language = _one_of(found.get("language", "python"), LANGUAGES, "language")
    if language != "python" and sort not in ("tests", "harness"):
        raise ValueError(
            f"The code reference has `{sort}`, which are for Python, and its language is {language}."
        )
    if language == "python" and sort == "harness":
        raise ValueError("A code reference for Python has `check` or `assertions` in place of `harness`.")
    cases = _CASES[sort](found)
    values = sort == "calls"
    return Task(
        language=cast(Language, language),
        sort=sort,
        cases=cases,
        function=_function(found) if _needs_function(sort, found) else "",
        prompt=_text(found, "prompt"),
        compare=cast(
            Comparison | ValueComparison,
            _one_of(
                found.get("compare", "value" if values else "lines"),
                VALUE_COMPARISONS if values else COMPARISONS,
                "compare",
            ),
        ),
        tolerance=_number(found.get("tolerance", TOLERANCE), "tolerance", least=0.0),
        checker=_checker(found.get("checker")),
        limits=_limits(found.get("limits", {}), cases if sort == "tests" else (), "checker" in found),
        files=_files(found.get("files", {})),
        tools=_tools(found.get("tools", ())),
        head=_text(found, "head"),
    )


def as_json(value: Any) -> Any:
    """A value as JSON has it: tuples are lists, a set is `{"__set__": [...]}`, keys are texts.

    Raises `ValueError` for what JSON cannot hold.
    """
    try:
        return json.loads(json.dumps(value, default=_set))
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"JSON cannot hold {quote(repr(value), 200)}: {error}.") from None


def _sort(found: Mapping[str, Any]) -> Sort:
    sorts = [sort for sort in _FIELDS if sort in found]
    if len(sorts) != 1:
        raise ValueError(
            f"A code reference has one of {', '.join(_FIELDS)}; this one has {' and '.join(sorts) or 'none'}."
        )
    known = (*sorts, *_COMMON, *_FIELDS[sorts[0]])
    for name in found:
        if name not in known:
            raise ValueError(
                f"The code reference has an unknown field {quote(str(name))}; with `{sorts[0]}` it may have "
                f"{', '.join(known[1:])}."
            )
    return sorts[0]


def _tests(found: Mapping[str, Any]) -> tuple[Case, ...]:
    checked = "checker" in found
    cases = []
    for place, test in enumerate(_list(found, "tests")):
        where = f"tests[{place}]"
        _keys(test, ("stdin", "stdout"), where)
        if not checked and not isinstance(test.get("stdout"), str):
            raise ValueError(f"`{where}.stdout` must be text, the output that is expected.")
        cases.append(Case(_text(test, "stdin", where), _text(test, "stdout", where)))
    return tuple(cases)


def _calls(found: Mapping[str, Any]) -> tuple[Case, ...]:
    checked = "checker" in found
    cases = []
    for place, call in enumerate(_list(found, "calls")):
        where = f"calls[{place}]"
        _keys(call, ("arguments", "result"), where)
        arguments = call.get("arguments")
        if not isinstance(arguments, list | tuple):
            raise ValueError(f"`{where}.arguments` must be a list, also for one argument.")
        if not checked and "result" not in call:
            raise ValueError(f"`{where}` has no `result`, the value that is expected.")
        cases.append(Case(json.dumps(as_json(arguments)), as_json(call.get("result"))))
    return tuple(cases)


def _check(found: Mapping[str, Any]) -> tuple[Case, ...]:
    source = _source(found["check"], "check")
    if not any(line.startswith("def check(") for line in source.splitlines()):
        raise ValueError("`check` of the code reference must define `check(candidate)`.")
    return (Case(_with_setup(found, f"{source}\ncheck({_name(found)})\n")),)


def _assertions(found: Mapping[str, Any]) -> tuple[Case, ...]:
    """A text is one test case, a list one for each of its texts."""
    given = found["assertions"]
    sources = [given] if isinstance(given, str) else _list(found, "assertions")
    cases = []
    for place, source in enumerate(sources):
        where = "assertions" if isinstance(given, str) else f"assertions[{place}]"
        if "assert" not in _source(source, where):
            raise ValueError(f"`{where}` of the code reference asserts nothing.")
        cases.append(Case(_with_setup(found, source)))
    return tuple(cases)


def _harness(found: Mapping[str, Any]) -> tuple[Case, ...]:
    source = found["harness"]
    if not isinstance(source, str):
        raise ValueError("`harness` of the code reference must be text, source that runs tests.")
    language = found.get("language", "python")
    calls = read_calls(source, language)
    if calls is None:
        harness.check(source, language)
    return (Case(source, calls),)


_CASES = {"tests": _tests, "calls": _calls, "check": _check, "assertions": _assertions, "harness": _harness}


def _with_setup(found: Mapping[str, Any], tests: str) -> str:
    """The tests after the `setup`, which may define the function's name anew, such as a head without a body."""
    if "setup" not in found:
        return tests
    setup, name = _source(found["setup"], "setup"), _name(found)
    return f"__candidate__ = {name}\n{setup}\n{name} = __candidate__\n{tests}"


def _source(source: Any, where: str) -> str:
    if not isinstance(source, str):
        raise ValueError(f"`{where}` of the code reference must be text, Python source.")
    try:
        compile(source, where, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"`{where}` of the code reference is not Python: {error}.") from None
    return source


def _function(found: Mapping[str, Any]) -> str:
    name = found.get("function")
    if not isinstance(name, str) or not name or not all(part.isidentifier() for part in name.split(".")):
        raise ValueError('`function` of the code reference must be a name such as "f", or "Solution.f".')
    return name


def _needs_function(sort: Sort, found: Mapping[str, Any]) -> bool:
    """Whether there must be a function's name; tests in another language may leave it out."""
    return "function" in _FIELDS[sort] and (sort != "harness" or "function" in found)


def _name(found: Mapping[str, Any]) -> str:
    """What the tests call the function."""
    return _function(found).rpartition(".")[2]


def _checker(given: Any) -> Program | None:
    if given is None:
        return None
    if isinstance(given, str):
        given = {"source": given}
    _keys(given, ("language", "source"), "checker")
    source = given.get("source")
    if not isinstance(source, str) or not source.strip():
        raise ValueError(
            "`checker.source` of the code reference must be a program's source, as text that is not empty."
        )
    language = _one_of(given.get("language", "python"), LANGUAGES, "checker.language")
    return Program(_source(source, "checker") if language == "python" else source, cast(Language, language))


def _limits(given: Any, cases: tuple[Case, ...], checked: bool) -> Limits:
    """The limits, with room for eight times the longest output that is expected where nothing else is said.

    What a checker accepts may be longer than any example of it.
    """
    _keys(given, _LIMITS, "limits")
    longest = max((len(case.expected) for case in cases), default=0)
    least = _CHECKED_ROOM if checked else Limits().output_bytes
    found: dict[str, Any] = {"output_bytes": max(least, 8 * longest + _ROOM)}
    for name, value in given.items():
        if value is not None:
            number = _number(value, f"limits.{name}", above=0.0)
            found[name] = int(number) if not name.endswith("_seconds") and number == int(number) else number
    limits = Limits(**found)
    try:
        check_limits(limits)
    except ValueError as error:
        raise ValueError(f"`limits` of the code reference: {error}") from None
    return limits


def _files(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping) or not all(
        isinstance(one, str) for pair in given.items() for one in pair
    ):
        raise ValueError("`files` of the code reference must be an object of texts, by the name of the file.")
    try:
        check_program(Program("", files=given))
    except ValueError as error:
        raise ValueError(f"`files` of the code reference: {error}") from None
    return dict(given)


def _tools(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not all(
        isinstance(one, str) and one.isidentifier() for one in given
    ):
        raise ValueError('`tools` of the code reference must be a list of names of commands, such as ["bc"].')
    return tuple(given)


def _number(value: Any, where: str, *, least: float = -math.inf, above: float = -math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"`{where}` of the code reference is {quote(repr(value))}; it must be a number.")
    if value < least or value <= above:
        bound = f"at least {least:g}" if value < least else f"above {above:g}"
        raise ValueError(f"`{where}` of the code reference is {value}; it must be {bound}.")
    return value


def _one_of(value: Any, known: tuple[str, ...], where: str) -> str:
    if value not in known:
        raise ValueError(
            f"`{where}` of the code reference is {quote(repr(value))}; it must be one of {', '.join(known)}."
        )
    return cast(str, value)


def _list(found: Mapping[str, Any], name: str) -> list[Any]:
    given = found[name]
    if not isinstance(given, list | tuple) or not given:
        raise ValueError(f"`{name}` of the code reference must be a list that is not empty.")
    return list(given)


def _keys(given: Any, known: tuple[str, ...], where: str) -> None:
    if not isinstance(given, Mapping):
        raise ValueError(f"`{where}` of the code reference must be an object with {', '.join(known)}.")
    for name in given:
        if name not in known:
            raise ValueError(
                f"`{where}` of the code reference has an unknown field {quote(str(name))}; it may have "
                f"{', '.join(known)}."
            )


def _text(given: Mapping[str, Any], name: str, where: str = "") -> str:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"`{where}{'.' if where else ''}{name}` of the code reference must be text.")
    return value or ""


def _set(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return {"__set__": sorted((as_json(item) for item in value), key=json.dumps)}
    raise TypeError(f"it has a {type(value).__name__}")
