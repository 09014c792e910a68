"""The evaluation harness of ToRA and its descendants (Qwen2.5-Math, rho, SimpleRL, LIMO): a row per problem.

`code` holds the responses, `gt` the answer; `score` whether each is right, which ToRA's own files leave out.
"""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, mark, response_text


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"idx", "gt", "code"} <= row.keys() and isinstance(row["code"], list)


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per response."""
    scores = row.get("score") or []
    name = str(row["idx"])
    for sample, text in enumerate(row["code"]):
        label = mark(scores[sample]) if sample < len(scores) else None
        yield Record(
            problem=name,
            response=response_text(text),
            sample=sample,
            reference=row["gt"],
            marks={} if label is None else {"score": label},
            question=row.get("question"),
            place=int(name) if name.isdigit() else None,
        )
