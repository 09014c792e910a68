"""References from the rows of public benchmarks: HumanEval, MBPP and LiveCodeBench."""

import ast
import base64
import io
import json
import pickle
import zlib
from collections.abc import Mapping
from typing import Any

LIVECODEBENCH_SECONDS = 6.0
"""Its limit for one test case."""

LIVECODEBENCH_PRELUDE = """\
import sys
from bisect import *
from collections import *
from functools import *
from heapq import *
from itertools import *
from math import *
from copy import *
from operator import *
from typing import *
from builtins import *
import bisect, collections, copy, datetime, functools, heapq, io, itertools, json, math, operator, random, re
import statistics, string
sys.setrecursionlimit(50000)
"""
"""What programs for its problems may use without importing it."""


def from_humaneval(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with `prompt`, `entry_point` and `test`. A program may be a whole function, or go on from the prompt.

    The prompt also stands before the tests, some of which call its helpers.
    """
    return {
        "function": row["entry_point"],
        "prompt": row["prompt"],
        "setup": row["prompt"],
        "check": row["test"],
    }


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

    Standard output is compared as there: words, where numbers are equal by value.
    """
    cases = json.loads(row["public_test_cases"]) + _private(row.get("private_test_cases") or "[]")
    name = json.loads(row.get("metadata") or "{}").get("func_name")
    limits = {"cpu_seconds": LIVECODEBENCH_SECONDS, "wall_seconds": 2 * LIVECODEBENCH_SECONDS}
    found: dict[str, Any] = {"prompt": LIVECODEBENCH_PRELUDE, "limits": limits}
    if name is None:
        tests = [{"stdin": case["input"], "stdout": case["output"]} for case in cases]
        return {**found, "tests": tests, "compare": "numbers", "tolerance": 0.0}
    calls = [
        {
            "arguments": [json.loads(line) for line in case["input"].split("\n") if line.strip()],
            "result": json.loads(case["output"]),
        }
        for case in cases
    ]
    return {**found, "function": name, "calls": calls, "tolerance": 0.0}


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
