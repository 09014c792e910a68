"""Read tests that are calls of a function, each compared with the value that is expected: MultiPL-E's form.

In every language they are a `main` or a function of the tests, or bare statements, with comparisons of a call with
literals and nothing else. Nothing is run to read them. Tests of any other form are not read: `read_calls` gives None.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from verifiers.code.literals import read_literal
from verifiers.code.values import NotLiteral, Value
from verifiers.sandbox.types import Language


@dataclass(frozen=True, slots=True)
class Call:
    """One call, as source of the language, and the comparison of its value: its name there, and what is expected."""

    source: str
    operator: str
    expected: Value


@dataclass(frozen=True, slots=True)
class Calls:
    """All calls of a test, in order.

    `function` is what the tests call `candidate`, or "" where the calls have the function's own name. `closing` is
    the brace that closes the function which the program began, where the tests begin with one.
    """

    function: str
    calls: tuple[Call, ...]
    closing: str = ""


@dataclass(frozen=True, slots=True)
class _Comparison:
    """How a language writes one: what stands before the call, between it and what is expected, and behind that."""

    operator: str
    before: re.Pattern[str]
    between: re.Pattern[str]
    behind: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Form:
    """How the tests of a language may be written: what they start and end with, and their comparisons."""

    start: re.Pattern[str]
    comparisons: tuple[_Comparison, ...]
    end: re.Pattern[str]


def _pattern(pattern: str) -> re.Pattern[str]:
    """White space may stand wherever the pattern has a blank."""
    return re.compile(pattern.replace(" ", r"\s*+"))


def _form(start: str, comparisons: tuple[_Comparison, ...], end: str) -> _Form:
    return _Form(_pattern(rf"(?P<closing>(?: }})?) {start}"), comparisons, _pattern(rf" {end} \Z"))


def _compared(operator: str, before: str, between: str, behind: str) -> _Comparison:
    return _Comparison(operator, _pattern(f" {before}"), _pattern(between), _pattern(behind))


_THROW = r"throw\s+new\s+[\\\w.]+ \( (?:\"[^\"\n]*+\"|'[^'\n]*+')? \) ;?"
_THROWS = rf" \) (?:\{{ {_THROW} \}}|{_THROW})"
"""What stands behind the condition under which a test throws."""
_JS_START = (
    r"(?:declare\s+var\s+require : any ;)?"
    r" (?:(?:const|let|var)\s+assert = require \( ['\"](?:node:)?assert['\"] \) ;?)?"
)
_JS_CANDIDATE = r"(?:(?:let|const|var)\s+candidate = (?P<function>[\w$]+) ;)?"
_JS_COMPARISONS = (
    *(
        _compared(name, rf"assert \. {name} \(", " ,", r" \) ;?")
        for name in ("deepEqual", "equal", "deepStrictEqual", "strictEqual")
    ),
    _compared("===", r"assert(?: \. ok)? \(", " ===", r" \) ;?"),
    _compared("===", r"if \(", " !==", _THROWS),
)
_SCRIPT = (
    _form(
        rf"{_JS_START} function\s+(?P<name>\w+) \( \) \{{ {_JS_CANDIDATE}",
        _JS_COMPARISONS,
        r"\} \w+ \( \) ;?",
    ),
    _form(f"{_JS_START} {_JS_CANDIDATE}", _JS_COMPARISONS, ""),
)
_PHP_CANDIDATE = (
    r"(?:function\s+candidate \( \.\.\. \$args \) \{ return\s+(?P<function>\w+) \( \.\.\. \$args \) ; \})?"
)
_PHP_COMPARISONS = (
    _compared("===", r"if \(", " !==", _THROWS),
    _compared("===", r"assert \(", " ===", r" \) ;"),
)
_BASH_CANDIDATE = r"(?:candidate \( \) \{ (?P<function>[\w-]+) \"\$@\" \})? (?:set\s+-e)?"
_BASH_OR = r"(?:[^\S\n]*+\|\|[^\S\n]*+(?:exit|return)[^\S\n]++[1-9]\d?(?!\d))?"
_BASH_COMPARISONS = (
    _compared("=", r"\[\[\s+\$\(", r" \)\s+==?\s", rf"\s+\]\]{_BASH_OR}"),
    _compared("=", r"\[\[\s+\"\$\(", r" \)\"\s+==?\s", rf"\s+\]\]{_BASH_OR}"),
    _compared("=", r"\[\s+\"\$\(", r" \)\"\s+==?\s", rf"\s+\](?!\]){_BASH_OR}"),
    _compared("=", r"test\s+\"\$\(", r" \)\"\s+==?\s", r"[^\S\n]*+(?=\n|\Z)"),
)
_FORMS: Mapping[Language, tuple[_Form, ...]] = MappingProxyType(
    {
        "cpp": (
            _form(
                r"int\s+main \( (?:void)? \) \{ (?:auto\s+candidate = (?P<function>\w+) ;)?",
                (_compared("==", r"assert \(", " ==", r" \) ;"),),
                r"(?:return\s+0 ; )?\}",
            ),
        ),
        "java": (
            _form(
                r"public\s+static\s+void\s+main \( String (?:\[ \]|\.\.\.) \w+ \) \{",
                (
                    _compared("==", r"assert \(", " ==", r" \) ;"),
                    _compared("equals", r"assert \(", r" \. equals \(", r" \) \) ;"),
                    _compared("==", r"if \(", " !=", _THROWS),
                    _compared("equals", r"if \( !", r" \. equals \(", rf" \){_THROWS}"),
                    _compared("==", r"assert\s", " ==", " ;"),
                    _compared("equals", r"assert\s", r" \. equals \(", r" \) ;"),
                ),
                r"\} \}",
            ),
        ),
        "javascript": _SCRIPT,
        "typescript": _SCRIPT,
        "php": (
            _form(
                rf"{_PHP_CANDIDATE} function\s+\w+ \( \)(?: : void)? \{{",
                _PHP_COMPARISONS,
                r"\} \w+ \( \) ;(?: \?>)?",
            ),
            _form(_PHP_CANDIDATE, _PHP_COMPARISONS, r"(?:\?>)?"),
        ),
        "bash": (
            _form(
                rf"{_BASH_CANDIDATE} (?:function\s+)?(?P<name>\w+) \( \) \{{",
                _BASH_COMPARISONS,
                r"\} \w+",
            ),
            _form(_BASH_CANDIDATE, _BASH_COMPARISONS, ""),
        ),
        "csharp": (
            _form(
                r"(?:public\s+)?static\s+void\s+Main \( (?:string \[ \] \w+)? \) \{",
                (
                    _compared("==", r"if \(", " !=", _THROWS),
                    *(
                        _compared(name, r"(?:System \. Diagnostics \. )?Debug \. Assert \(", between, behind)
                        for name, between, behind in (
                            ("==", " ==", r" \) ;"),
                            ("Equals", r" \. Equals \(", r" \) \) ;"),
                            ("SequenceEqual", r" \. SequenceEqual \(", r" \) \) ;"),
                        )
                    ),
                ),
                r"\} \}",
            ),
        ),
    }
)
_HEAD = re.compile(r"\s*+[A-Za-z_$][\w.:$]*+\s*+\(")
_PARTS = re.compile(r"[(\[{]|[)\]}]|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|[^()\[\]{}\"']++")
_BASH_WORD = r"(?:\"(?:[^\"\\$`]|\\.)*+\"|'[^']*+'|[\w.,:/+%@=-]++)"
_BASH_CALL = re.compile(rf"\s*+[A-Za-z_][\w-]*+(?:[ \t]++{_BASH_WORD})*+(?=\s*+\))", re.DOTALL)
_BASH_TEXT = re.compile(r"\s*+(?:\"((?:[^\"\\$`]|\\.)*+)\"|'([^']*+)'|([\w.,:/+%@-]++))", re.DOTALL)


@lru_cache(maxsize=256)
def read_calls(tests: str, language: Language) -> Calls | None:
    """The calls of the tests; None where those are of another form, so that they cannot be told from outside."""
    return next((calls for form in _FORMS.get(language, ()) if (calls := _read(tests, form, language))), None)


def _read(tests: str, form: _Form, language: Language) -> Calls | None:
    start = form.start.match(tests)
    if start is None:
        return None
    position, calls = start.end(), []
    while (read := _read_call(tests, position, form, language)) is not None:
        calls.append(read[0])
        position = read[1]
    if not calls or form.end.match(tests, position) is None:
        return None
    return Calls(start.groupdict().get("function") or "", tuple(calls), start["closing"])


def _read_call(tests: str, position: int, form: _Form, language: Language) -> tuple[Call, int] | None:
    """The comparison at the position, and where it ends; None for anything else."""
    for comparison in form.comparisons:
        before = comparison.before.match(tests, position)
        end = _end_of_call(tests, before.end(), language) if before is not None else None
        between = comparison.between.match(tests, end) if end is not None else None
        if before is None or between is None:
            continue
        read = _read_bash_text if language == "bash" else read_literal
        try:
            expected, after = read(tests, between.end(), language)
        except NotLiteral:
            continue
        behind = comparison.behind.match(tests, after)
        if behind is not None:
            return Call(tests[before.end() : end].strip(), comparison.operator, expected), behind.end()
    return None


def _end_of_call(tests: str, position: int, language: Language) -> int | None:
    """Where the call at the position ends; None where none stands there. In Bash, that is before its `)`."""
    if language == "bash":
        call = _BASH_CALL.match(tests, position)
        return call.end() if call is not None else None
    head = _HEAD.match(tests, position)
    if head is None:
        return None
    position, depth = head.end(), 1
    while depth:
        part = _PARTS.match(tests, position)
        if part is None:
            return None
        depth += (part[0] in "([{") - (part[0] in ")]}")
        position = part.end()
    return position


def _read_bash_text(tests: str, position: int, language: Language) -> tuple[Value, int]:
    """A quoted text of Bash, or a word, in which nothing is expanded. Raises `NotLiteral`."""
    match = _BASH_TEXT.match(tests, position)
    if match is None:
        raise NotLiteral("No quoted text stands there.")
    double, single, word = match.groups()
    text = re.sub(r"\\([\\\"$`])|\\\n", r"\1", double) if double is not None else single or word or ""
    return Value("text", scalar=text.encode("utf-8", "surrogatepass")), match.end()
