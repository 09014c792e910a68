"""MultiPL-E's files: a program with its completions, and in its results what each whole program did."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, response_text


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"name", "language", "prompt", "tests"} <= row.keys() and any(
        isinstance(row.get(name), list) for name in ("completions", "results")
    )


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per completion, which goes on from the prompt, or per result, whose program ends with the tests."""
    results = row.get("results")
    if isinstance(results, list):
        for sample, result in enumerate(results):
            program = response_text(result["program"]).rstrip().removesuffix(row["tests"].rstrip())
            yield _record(row, sample, program, {"status": result["status"] == "OK"})
    else:
        for sample, completion in enumerate(row["completions"]):
            yield _record(row, sample, row["prompt"] + response_text(completion), {})


def _record(row: dict[str, Any], sample: int, program: str, marks: dict[str, bool]) -> Record:
    return Record(
        problem=str(row["name"]),
        response=program.rstrip(),
        sample=sample,
        row=row,
        marks=marks,
        is_code=True,
    )
