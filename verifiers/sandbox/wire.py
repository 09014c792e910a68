"""The JSON form of what goes into a sandbox and comes out: the one definition that service and client share.

A request is an object, `{"program": {"language", "source", "files"}, "inputs": [...], "limits": {...}}`, in which
an input is `{"stdin": base64}`, `{"call": {"function", "arguments"}}` or `{"check": {"function", "tests"}}`; what
may be left out has the default of `verifiers.sandbox.types`. The reply is lines of JSON: one execution each, in
order; empty lines, which only say that the service is alive; and, in place of a next execution, an object with
`error` and `again` (whether the rest may be sent once more).

Parsing is strict: what it does not know, it refuses with a `ValueError` that says what and where.
"""

import base64
import binascii
import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, cast

from verifiers.sandbox.types import (
    LANGUAGES,
    LAYERS,
    LIMITS,
    OUTCOMES,
    Call,
    Check,
    Execution,
    Input,
    Language,
    Layer,
    Limit,
    Limits,
    Outcome,
    Program,
    Stdin,
)

BODY_BYTES = 1 << 25
"""The largest request that a service takes and a client sends."""
MOST_INPUTS = 1_000
"""The most inputs in one request; a client sends more of them in several."""

_MOST_DIGITS = 1_000
_SECONDS = ("cpu_seconds", "wall_seconds")
_LIMITS = tuple(field.name for field in fields(Limits))
_EXECUTION = tuple(field.name for field in fields(Execution))


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks for."""

    program: Program
    inputs: tuple[Input, ...]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Problem:
    """What comes in place of executions: one sentence, and whether the rest of the inputs may be sent again."""

    error: str
    again: bool = False


def request_to_json(program: Program, inputs: Sequence[bytes], limits: Limits) -> bytes:
    """A request; the inputs are as `input_to_json` makes them. Raises `ValueError` for what is no program."""
    head = {"program": _program_to_dict(program), "limits": _limits_to_dict(limits)}
    return b'%s,"inputs":[%s]}' % (_dump(head)[:-1], b",".join(inputs))


def input_to_json(value: Input) -> bytes:
    """One input of a request. Raises `ValueError` for what is none."""
    if isinstance(value, Stdin):
        if not isinstance(value.data, bytes):
            raise ValueError(f"Stdin.data is {_sort(value.data)}; it must be bytes.")
        return b'{"stdin":"%s"}' % base64.b64encode(value.data)
    if isinstance(value, Call):
        return _dump({"call": {"function": value.function, "arguments": value.arguments}})
    if isinstance(value, Check):
        return _dump({"check": {"function": value.function, "tests": value.tests}})
    raise ValueError(f"An input is {_sort(value)}; it must be Stdin, Call or Check.")


def request_from_json(body: bytes) -> Request:
    """The request in a body. Raises `ValueError`."""
    found = _object(_load(body, "The request"), "The request", ("program", "inputs"), ("limits",))
    inputs = found["inputs"]
    if not isinstance(inputs, list):
        raise ValueError(f"`inputs` is {_sort(inputs)}; it must be an array.")
    return Request(
        _program(found["program"]),
        tuple(_input(value, f"inputs[{place}]") for place, value in enumerate(inputs)),
        _limits(found.get("limits", {})),
    )


def execution_to_json(execution: Execution) -> bytes:
    """An execution as one line."""
    found: dict[str, Any] = {name: getattr(execution, name) for name in _EXECUTION}
    found["stdout"] = base64.b64encode(execution.stdout).decode()
    found["stderr"] = base64.b64encode(execution.stderr).decode()
    return _dump(found) + b"\n"


def problem_to_json(problem: Problem) -> bytes:
    """A problem as one line."""
    return _dump(asdict(problem)) + b"\n"


def reply_from_json(line: bytes) -> Execution | Problem:
    """What a line of a reply says. Raises `ValueError`."""
    found = _load(line, "A line of the reply")
    if isinstance(found, dict) and "error" in found:
        found = _object(found, "A line of the reply", ("error", "again"))
        again = found["again"]
        if not isinstance(again, bool):
            raise ValueError(f"`again` is {_sort(again)}; it must be true or false.")
        return Problem(_text(found, "error", ""), again)
    return _execution(found)


def exceeded(limits: Limits, most: Limits) -> str | None:
    """A sentence on the first limit of `limits` that is above that of `most`; None where none is."""
    for name in _LIMITS:
        asked, bound = getattr(limits, name), getattr(most, name)
        if asked > bound:
            return f"`limits.{name}` is {asked:,}; this service allows {bound:,}."
    return None


# --- The parts ----------------------------------------------------------------------------------------------


def _program_to_dict(program: Program) -> dict[str, Any]:
    if not isinstance(program, Program):
        raise ValueError(f"The program is {_sort(program)}; it must be a Program.")
    found = {"language": program.language, "source": program.source, "files": dict(program.files)}
    _program(found)
    return found


def _program(value: Any) -> Program:
    found = _object(value, "`program`", ("source",), ("language", "files"))
    files = found.get("files", {})
    if not isinstance(files, dict) or not all(isinstance(part, str) for part in (*files, *files.values())):
        raise ValueError("`program.files` must be an object of text by file name.")
    language = _one_of(found.get("language", "python"), LANGUAGES, "`program.language`")
    return Program(_text(found, "source", "program."), cast(Language, language), files)


def _limits_to_dict(limits: Limits) -> dict[str, Any]:
    if not isinstance(limits, Limits):
        raise ValueError(f"The limits are {_sort(limits)}; they must be Limits.")
    found = asdict(limits)
    _limits(found)
    return found


def _limits(value: Any) -> Limits:
    found = _object(value, "`limits`", (), _LIMITS)
    for name, number in found.items():
        where = f"`limits.{name}`"
        if name in _SECONDS:
            if _number(number, where) <= 0:
                raise ValueError(f"{where} is {number}; it must be above 0.")
        elif _whole(number, where) < 1:
            raise ValueError(f"{where} is {number}; it must be at least 1.")
    return Limits(**found)


def _input(value: Any, where: str) -> Input:
    if not isinstance(value, dict) or len(value) != 1 or not value.keys() <= {"stdin", "call", "check"}:
        raise ValueError(f"`{where}` must be an object with one of `stdin`, `call` and `check`.")
    ((sort, inner),) = value.items()
    if sort == "stdin":
        return Stdin(_bytes(inner, f"`{where}.stdin`"))
    names = ("function", "arguments" if sort == "call" else "tests")
    _object(inner, f"`{where}.{sort}`", names)
    function, other = (_text(inner, name, f"{where}.{sort}.") for name in names)
    return Call(function, other) if sort == "call" else Check(function, other)


def _execution(value: Any) -> Execution:
    found = _object(value, "An execution", _EXECUTION)
    layers = found["layers"]
    if not isinstance(layers, list):
        raise ValueError(f"`layers` is {_sort(layers)}; it must be an array.")
    return Execution(
        outcome=cast(Outcome, _one_of(found["outcome"], OUTCOMES, "`outcome`")),
        reason=_text(found, "reason", ""),
        exit_code=_optional(_whole, found["exit_code"], "`exit_code`"),
        signal=_optional(_whole, found["signal"], "`signal`"),
        limit=None if found["limit"] is None else cast(Limit, _one_of(found["limit"], LIMITS, "`limit`")),
        stdout=_bytes(found["stdout"], "`stdout`"),
        stderr=_bytes(found["stderr"], "`stderr`"),
        value=None if found["value"] is None else _text(found, "value", ""),
        cpu_seconds=_number(found["cpu_seconds"], "`cpu_seconds`"),
        wall_seconds=_number(found["wall_seconds"], "`wall_seconds`"),
        peak_memory_bytes=_whole(found["peak_memory_bytes"], "`peak_memory_bytes`"),
        layers=tuple(cast(Layer, _one_of(layer, LAYERS, "`layers`")) for layer in layers),
    )


# --- JSON ---------------------------------------------------------------------------------------------------


def _dump(value: Any) -> bytes:
    """In ASCII, so that text with lone surrogates passes too."""
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")
    except TypeError as error:
        raise ValueError(f"The request holds what JSON cannot: {error}.") from None


def _load(text: bytes, what: str) -> Any:
    try:
        return json.loads(
            text.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse, parse_int=_integer
        )
    except UnicodeDecodeError as error:
        raise ValueError(f"{what} is not UTF-8 text ({error.reason} at byte {error.start}).") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"{what} is not JSON: {error.msg} at character {error.pos}.") from None
    except RecursionError:
        raise ValueError(f"{what} is nested too deeply.") from None
    except _BadJson as error:
        raise ValueError(f"{what} {error}.") from None


class _BadJson(ValueError):
    """What Python's parser takes and JSON does not."""


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _BadJson(f"has the field {_cut(name)} twice")
        found[name] = value
    return found


def _integer(digits: str) -> int:
    """A whole number. None that is asked for has so many digits, and to read very many takes long."""
    if len(digits) > _MOST_DIGITS:
        raise _BadJson("has a number with too many digits")
    return int(digits)


def _refuse(constant: str) -> Any:
    raise _BadJson(f"has the number {constant}, which JSON does not")


def _object(
    value: Any, where: str, required: Collection[str], optional: Collection[str] = ()
) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{where} is {_sort(value)}; it must be an object.")
    for name in required:
        if name not in value:
            raise ValueError(f"{where} lacks the field `{name}`.")
    for name in value:
        if name not in required and name not in optional:
            raise ValueError(
                f"{where} has an unknown field {_cut(name)}; it has {', '.join((*required, *optional))}."
            )
    return value


def _text(found: Mapping[str, Any], name: str, prefix: str) -> str:
    value = found[name]
    if not isinstance(value, str):
        raise ValueError(f"`{prefix}{name}` is {_sort(value)}; it must be text.")
    return value


def _bytes(value: Any, where: str) -> bytes:
    if not isinstance(value, str):
        raise ValueError(f"{where} is {_sort(value)}; it must be text in base64.")
    try:
        return base64.b64decode(value.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError(f"{where} is not base64.") from None


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{where} is {_sort(value)}; it must be a number.")
    if abs(value) > 1e15 or not math.isfinite(value):
        raise ValueError(f"{where} is too large a number.")
    return value


def _whole(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{where} is {_sort(value)}; it must be a whole number.")
    if abs(value) > 1 << 62:
        raise ValueError(f"{where} is too large a number.")
    return value


def _optional(read: Any, value: Any, where: str) -> Any:
    return None if value is None else read(value, where)


def _one_of(value: Any, known: Sequence[str], where: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{where} is {_cut(value)}; it must be one of {', '.join(known)}.")
    return value


def _cut(value: Any) -> str:
    """For a sentence: the value where it is short text, else what sort of thing it is."""
    return repr(value[:60]) if isinstance(value, str) else _sort(value)


def _sort(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), f"a {type(value).__name__}")
