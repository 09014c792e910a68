"""References from the rows of public benchmarks: HumanEval, MultiPL-E, MBPP and LiveCodeBench."""

import ast
import base64
import io
import json
import pickle
import re
import zlib
from collections.abc import Mapping
from typing import Any

from verifiers.code.languages import language_called
from verifiers.code.python_prompt import completed
from verifiers.sandbox.typescript import CHECKED

HUMANEVAL_SECONDS = 3.0
"""Its limit for the tests of one function."""

LIVECODEBENCH_SECONDS = 6.0
"""Its limit for one test case."""

LIVECODEBENCH_MEMORY = 1 << 32
"""Bytes that its runner means to allow; more than what the sites of its problems do."""

_STARRED = (
    "string", "re", "datetime", "collections", "heapq", "bisect", "copy", "math", "random", "statistics", "itertools",
    "functools", "operator", "io", "sys", "json", "builtins", "typing",
)  # fmt: skip
_PLAIN = tuple(name for name in _STARRED if name not in ("builtins", "typing"))
LIVECODEBENCH_PRELUDE = "".join(
    (
        *(f"from {name} import *\n" for name in _STARRED),
        *(f"import {name}\n" for name in _PLAIN),
        "sys.setrecursionlimit(50000)\n",
    )
)
"""What its runner puts before every program: all names of these modules, later ones first, and the modules."""

JAVATUPLES = {
    "org/javatuples/Pair.java": """\
package org.javatuples;

public final class Pair<A, B> {
    private final A first;
    private final B second;

    public Pair(A first, B second) { this.first = first; this.second = second; }
    public static <A, B> Pair<A, B> with(A first, B second) { return new Pair<>(first, second); }
    public A getValue0() { return first; }
    public B getValue1() { return second; }
    public <C> Pair<C, B> setAt0(C value) { return new Pair<>(value, second); }
    public <C> Pair<A, C> setAt1(C value) { return new Pair<>(first, value); }
    @Override public int hashCode() { return java.util.Objects.hash(first, second); }
    @Override public String toString() { return "[" + first + ", " + second + "]"; }
    @Override public boolean equals(Object other) {
        return other instanceof Pair && java.util.Objects.equals(first, ((Pair<?, ?>) other).first)
            && java.util.Objects.equals(second, ((Pair<?, ?>) other).second);
    }
}
"""
}
"""The pairs of the library that every Java prompt of MultiPL-E imports, which no JDK has; written for here."""

_IMPORT = re.compile(r"^(?:#\s*include|import|using)\b.*", re.MULTILINE)
_CLOSES = re.compile(r"\A\s*\}")
_HEAD = re.compile(r"([^\W\d]\w*)\s*\(")
"""The name in a function's first line, which is the last line of a prompt."""


def from_humaneval(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with `prompt`, `entry_point` and `test`. A program may be a whole function, or go on from the prompt.

    The prompt also stands before the tests, some of which call its helpers.
    """
    return {
        "function": row["entry_point"],
        "prompt": row["prompt"],
        "setup": completed(row["prompt"]),
        "check": row["test"],
        "limits": {"cpu_seconds": HUMANEVAL_SECONDS, "wall_seconds": 2 * HUMANEVAL_SECONDS},
    }


def from_multipl_e(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with `language`, `prompt` and `tests`. A program is the whole function, within the prompt's class if any.

    The tests there begin by closing the function that the prompt opens, which a whole one does itself. Imports of the
    prompt stand before the program; a body alone goes on from all of it. Raises `ValueError` for a language that is
    not run here.
    """
    language = language_called(row["language"])
    if language is None or language == "python":
        raise ValueError(f"Programs in {row['language']!r} are not judged by tests of MultiPL-E here.")
    found: dict[str, Any] = {
        "language": language,
        "prompt": "".join(f"{line}\n" for line in _IMPORT.findall(row["prompt"])),
        "harness": _CLOSES.sub("", row["tests"]),
        "head": row["prompt"],
    }
    if function := _HEAD.search(row["prompt"].rstrip().rpartition("\n")[2]):
        found["function"] = function[1]
    if language == "java":
        found["files"] = JAVATUPLES
    if language == "typescript":
        found["files"] = CHECKED  # as MultiPL-E does, whose scores count an error in the types as a failure
    if language == "bash":
        found["tools"] = ["bc"]
    return found


def from_mbpp(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with `code`, `test_list` and, where it has them, `test_setup_code` or `test_imports`.

    The function is the one of the row's own code that its first test calls. Raises `ValueError` where none is.
    """
    defined = {one.name for one in ast.parse(row["code"]).body if isinstance(one, ast.FunctionDef)}
    called = [
        node.func.id
        for node in ast.walk(ast.parse(row["test_list"][0]))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in defined
    ]
    if not called:
        raise ValueError("The first test of the MBPP row calls no function that its code defines.")
    imports = row.get("test_imports") or []
    setup = "\n".join([*imports, row.get("test_setup_code") or ""]).strip()
    found = {"function": called[0], "assertions": list(row["test_list"])}
    return {**found, "setup": setup + "\n"} if setup else found


def from_livecodebench(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with `public_test_cases`, `private_test_cases` and `metadata`, as JSON text; private ones may be packed.

    Output is compared as there: line by line, where lines of numbers are equal by their values; results by `==`.
    """
    cases = json.loads(row["public_test_cases"]) + _private(row.get("private_test_cases") or "[]")
    name = json.loads(row.get("metadata") or "{}").get("func_name")
    limits = {
        "cpu_seconds": LIVECODEBENCH_SECONDS,
        "wall_seconds": 2 * LIVECODEBENCH_SECONDS,
        "memory_bytes": LIVECODEBENCH_MEMORY,
    }
    found: dict[str, Any] = {"prompt": LIVECODEBENCH_PRELUDE, "limits": limits}
    if name is None:
        tests = [{"stdin": case["input"], "stdout": case["output"]} for case in cases]
        return {**found, "tests": tests, "compare": "line_numbers"}
    calls = [
        {
            "arguments": [json.loads(line) for line in case["input"].split("\n") if line.strip()],
            "result": json.loads(case["output"]),
        }
        for case in cases
    ]
    return {**found, "function": name, "calls": calls, "compare": "equal", "tolerance": 0.0}


def _private(text: str) -> list[Any]:
    """The private test cases: JSON, or JSON that was pickled, compressed and written in base64."""
    try:
        return list(json.loads(text))
    except ValueError:
        packed = zlib.decompress(base64.b64decode(text))
        return list(json.loads(_TextUnpickler(io.BytesIO(packed)).load()))


class _TextUnpickler(pickle.Unpickler):
    """Reads text only: a pickle that names a class or function, which could do anything, is refused."""

    def find_class(self, module: str, name: str) -> Any:
        raise ValueError(f"The private test cases hold {module}.{name}; they must be text.")
