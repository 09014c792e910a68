"""Judge every hostile text as one kind of answer: a JSON line for each verdict and, last, the memory it took.

Run by `test_hostile.py` as a process of its own: `python hostile_run.py KIND`.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

import hostile

import verifiers

REFERENCES: dict[str, list[Any]] = {
    "math": ["-2/3", "x^2-7x+12", "[2,7)", r"\int_0^1 \sqrt{x} dx"],
    "countdown": [{"numbers": [3, 4, 5], "target": 17}],
    "ordering": [{"items": ["P", "Q"], "constraints": [["Q", "P"]]}],
    "choice": ["Z"],
    "text": ["Paris"],
    "code": [
        {
            "function": "f",
            "calls": [{"arguments": [2], "result": 7}],
            "limits": {"cpu_seconds": 0.5, "wall_seconds": 5.0, "memory_bytes": 1 << 28},
        }
    ],
}
SYMBOLIC_SECONDS = 0.2


def calls(kind: str) -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    """What is judged: name, response, reference and options."""
    references = REFERENCES[kind]
    options = {"timeout": SYMBOLIC_SECONDS} if kind == "math" else {}
    for name, text in hostile.responses().items():
        yield name, text, references[0], options
        if kind in ("math", "choice", "text"):
            for fallback in ("last_line",) if kind == "choice" else ("last_line", "last_number"):
                yield f"{name}, {fallback}", text, references[0], {**options, "fallback": fallback}
    for name, answer in hostile.answers().items():
        text = rf"\boxed{{{answer}}}" if kind == "math" else f"<answer>{answer}</answer>"
        for reference in references:
            yield name, text, reference, options


def memory() -> int:
    """The most memory that this process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main(kind: str) -> None:
    """Judge, one verdict at a time, so that the last line names what hung or crashed."""
    todo = list(calls(kind))
    verifiers.verify(kind, "7", REFERENCES[kind][0])
    before = memory()
    for name, text, reference, options in todo:
        print(json.dumps(name), end=" ", flush=True)
        started = time.process_time()
        verdict = verifiers.verify(kind, text, reference, **options)
        spent = time.process_time() - started
        print(json.dumps([verdict.status, verdict.reason, len(verdict.answer or ""), spent]), flush=True)
    print(json.dumps(memory() - before))


if __name__ == "__main__":
    main(sys.argv[1])
