"""Judge tests that were read as calls (`harness_calls.py`) outside the sandbox: calls go in, plain values come out.

The calls stand behind the program, in the `main` that starts it, and each value is written on standard output as soon
as it is there, as JSON between two lines with a mark that is new for each run (`drivers/`). No expected value enters;
in C++, where one function is to return values of several types, the kind of each does.
So nothing that shares the program's process decides: a program can read the calls, end early, print frames of its own
or take over what writes them, and all it gets out of it is to say some value. It does not know which.

There must be one frame for each call, in order, and the program must end by itself with exit code 0.
"""

import json
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from verifiers.code import harness
from verifiers.code.equality import same
from verifiers.code.harness_calls import Calls
from verifiers.code.values import KINDS, MOST_DEPTH, MOST_DIGITS, Value, float32
from verifiers.sandbox.types import Language

_DRIVERS = Path(__file__).parent / "drivers"


@dataclass(frozen=True, slots=True)
class _Driver:
    """What stands around program and calls.

    In `frame`, `{values}` is the source of `drivers/`, `{program}` the program up to the end of its class, `{rest}`
    what follows on that, `{candidate}` what gives the function the name that the tests call, where they have one of
    their own, and `{calls}` one `call` for each call. Where what is expected is of several kinds, `mixed` stands in
    place of `call`, with the first letter of the kind.
    """

    frame: str
    call: str
    candidate: str
    mixed: str = ""
    values: str = ""
    files: tuple[tuple[str, str], ...] = ()


_SCRIPT = _Driver(
    frame="{program}\n{closing}\n{{\n{values}{candidate}{calls}}}\n",
    call='  k15_emit("{mark}", {index}, {call});\n',
    candidate="  let candidate = {function};\n",
    values="values.js",
)
_FRAMES: Mapping[Language, _Driver] = MappingProxyType(
    {
        "cpp": _Driver(
            frame="{values}{program}\n{closing}\nint main() {{\n{candidate}{calls}    return 0;\n}}\n",
            call='    k15_values::emit("{mark}", {index}, {call});\n',
            candidate="    auto candidate = {function};\n",
            mixed="    k15_values::emit_member<'{kind}'>(\"{mark}\", {index}, {call});\n",
            values="values.cpp",
        ),
        "java": _Driver(
            frame="{program}\n{closing}\n    public static void main(String[] args) {{\n{calls}    }}\n}}\n{rest}",
            call='        k15.Values.emit("{mark}", {index}, {call});\n',
            candidate="",
            files=(("k15/Values.java", "Values.java"),),
        ),
        "javascript": _SCRIPT,
        "typescript": _SCRIPT,
        "php": _Driver(
            frame="<?php\n{program}\n{closing}\n{candidate}(function () {{\n{values}{calls}}})();\n",
            call="    $k15_emit('{mark}', {index}, {call});\n",
            candidate="function candidate(...$args) {{\n    return {function}(...$args);\n}}\n",
            values="values.php",
        ),
        # What a function prints is the value, so it is written as it is.
        "bash": _Driver(
            frame="{program}\n{closing}\n{candidate}set -e\n{calls}",
            call="\\builtin printf '\\n%s\\n%s\\n%s\\n' '{mark} {index}' \"$({call})\" '{mark} {index} end'\n",
            candidate='candidate() {{\n    {function} "$@"\n}}\n',
        ),
        "csharp": _Driver(
            frame="{program}\n{closing}\n    public static void Main(string[] args) {{\n{calls}    }}\n}}\n"
            "{rest}\n{values}",
            call='        K15Values.Emit("{mark}", {index}, {call});\n',
            candidate="",
            values="values.cs",
        ),
    }
)


_KINDS = {"bool": "b", "int": "i", "float": "f", "text": "t", "list": "l", "map": "m", "tuple": "u"}


def assembled(program: str, tests: Calls, language: Language, mark: str) -> tuple[str, dict[str, str]]:
    """The source that makes the calls and writes their values between the marks, and further files it needs."""
    driver = _FRAMES[language]
    program, rest = harness.prepared(program, language)
    kinds = [_KINDS.get(call.expected.kind, "") for call in tests.calls]
    line = driver.mixed if driver.mixed and len({*kinds} - {""}) > 1 else driver.call
    calls = (
        line.format(mark=mark, index=index, call=call.source, kind=kinds[index] or "?")
        for index, call in enumerate(tests.calls)
    )
    source = driver.frame.format(
        values=_driver_source(driver.values) if driver.values else "",
        program=program,
        rest=rest,
        closing=tests.closing.strip(),
        candidate=driver.candidate.format(function=tests.function) if tests.function else "",
        calls="".join(calls),
    )
    return source, {name: _driver_source(file) for name, file in driver.files}


def first_difference(
    stdout: bytes, tests: Calls, language: Language, mark: str
) -> tuple[Literal["run", "compare"], str] | None:
    """Why the values that were written are not those expected: the step that fails, and the end of a sentence."""
    frames = _frames(stdout, len(tests.calls), mark)
    if isinstance(frames, str):
        return "run", frames
    for index, (frame, call) in enumerate(zip(frames, tests.calls, strict=True)):
        try:
            value = _value(frame, language)
            right = same(value, call.expected, call.operator, language)
        except (ValueError, RecursionError):
            return "compare", f"call {index + 1} of {len(frames)} returns what is no plain value."
        if not right:
            return (
                "compare",
                f"call {index + 1} of {len(frames)} returns {shown(value)}, not {shown(call.expected)}.",
            )
    return None


def shown(value: Value) -> str:
    """The value for a reader."""
    if isinstance(value.scalar, bytes):
        return repr(value.scalar.decode("utf-8", "replace")[:60])
    if value.scalar is not None:
        number = str(value.scalar)[:60]
        return number.removesuffix(".0") if value.type == "number" else number
    if value.kind == "map":
        pairs = zip(value.items[::2], value.items[1::2], strict=True)
        return _short("{" + ", ".join(f"{shown(k)}: {shown(v)}" for k, v in pairs) + "}")
    if value.kind in ("list", "tuple"):
        opening, closing = "[]" if value.kind == "list" else "()"
        return _short(opening + ", ".join(map(shown, value.items[:20])) + closing)
    if value.kind == "optional":
        return f"optional({', '.join(map(shown, value.items))})"
    if value.kind == "none":
        return value.type if value.type in ("null", "undefined", "nullopt") else "nothing"
    return "something else than a plain value"


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


@cache
def _driver_source(file: str) -> str:
    return (_DRIVERS / file).read_text(encoding="utf-8")


def _frames(stdout: bytes, count: int, mark: str) -> list[bytes] | str:
    """What stands between the marks of each call; where they are not there once each, in order, what is wrong."""
    line = re.compile(rb"\n%b (\d{1,9}(?: end)?)\n" % mark.encode())
    marks = list(islice(line.finditer(stdout), 2 * count + 1))
    if len(marks) < 2 * count:
        return "ended before its tests did."
    expected = [f"{index}{end}".encode() for index in range(count) for end in ("", " end")]
    if [match[1] for match in marks] != expected:
        return "wrote other values than one for each call, in order."
    return [stdout[start.end() : end.start()] for start, end in zip(marks[::2], marks[1::2], strict=True)]


def _value(frame: bytes, language: Language) -> Value:
    """What a frame holds. Raises `ValueError` or `RecursionError` where that is no value."""
    if language == "bash":
        return Value("text", scalar=frame)
    return _decoded(json.loads(frame, parse_int=len, parse_float=len), language)  # no value has a bare number


def _decoded(node: Any, language: Language, depth: int = 0) -> Value:
    """A value from what the program's process wrote. Raises `ValueError` for anything that no value is written as."""
    match node:
        case [str(kind), str(type_name), content] if kind in KINDS and depth <= MOST_DEPTH + 2:
            pass
        case _:
            raise ValueError("It is no value.")
    if kind in ("none", "hole", "other"):
        return Value(kind, type_name)
    if kind in ("list", "map", "tuple", "optional") and isinstance(content, list):
        if kind == "map" and len(content) % 2:
            raise ValueError("A key has no value.")
        return Value(kind, type_name, items=tuple(_decoded(item, language, depth + 1) for item in content))
    if kind == "bool" and isinstance(content, bool):
        return Value(kind, type_name, content)
    if isinstance(content, str) and kind in ("int", "float", "text"):
        return Value(kind, type_name, _scalar(kind, type_name, content, language))
    raise ValueError("It is no value.")


def _scalar(kind: str, type_name: str, content: str, language: Language) -> int | float | bytes:
    if kind == "text":
        raw = bytes.fromhex(content)
        wide = language not in ("cpp", "php")
        return raw.decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass") if wide else raw
    if kind == "int":
        if not re.fullmatch(rf"-?\d{{1,{MOST_DIGITS}}}", content, re.ASCII):
            raise ValueError("It is no integer.")
        return int(content)
    bits = bytes.fromhex(content)
    if len(bits) != 8:
        raise ValueError("It is no float.")
    (number,) = struct.unpack(">d", bits)
    return float32(number) if type_name == "float" else float(number)
