"""LiveCodeBench's files: per question its outputs, the code in them, and grades where it was evaluated."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, mark, response_text


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return "question_id" in row and ("code_list" in row or "output_list" in row)


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per sample: the whole output, or where only the code was kept, that."""
    outputs, grades = row.get("output_list"), row.get("graded_list") or []
    texts = outputs if outputs else row["code_list"]
    for sample, text in enumerate(texts):
        label = mark(grades[sample]) if sample < len(grades) else None
        yield Record(
            problem=str(row["question_id"]),
            response=response_text(text),
            sample=sample,
            row=row if "public_test_cases" in row else None,
            marks={} if label is None else {"graded": label},
            is_code=not outputs,
        )
