"""The kept problems as rows that `verifiers` judges: JSON lines or Parquet."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.files import atomic_write_bytes, canonical_json
from evals.testcases.curate import Curated
from evals.testcases.problem import CodingProblem

FORMATS = ("jsonl", "parquet")


def rows(problems: Sequence[CodingProblem], curated: Sequence[Curated]) -> list[dict[str, Any]]:
    """A row for each kept problem: `id`, `title`, `statement`, `kind` and the `reference` of that verifier."""
    return [
        {
            "id": problem.id,
            "title": problem.title,
            "statement": problem.statement,
            "kind": "code",
            "reference": {
                "language": "python",
                "limits": {"cpu_seconds": problem.time_limit},
                "tests": [{"stdin": case.input, "stdout": case.output} for case in one.cases],
            },
        }
        for problem, one in zip(problems, curated, strict=True)
        if one.end == "kept"
    ]


def write(path: Path, found: Sequence[dict[str, Any]]) -> None:
    """Write rows to a .jsonl or .parquet file, whole or not at all. In Parquet `reference` is JSON text.

    Raises `ValueError` for another ending.
    """
    if path.suffix == ".jsonl":
        atomic_write_bytes(path, "".join(canonical_json(row) + "\n" for row in found).encode("utf-8"))
    elif path.suffix == ".parquet":
        atomic_write_bytes(path, _parquet(found))
    else:
        raise ValueError(f"{path} must end in one of {', '.join('.' + name for name in FORMATS)}.")


def _parquet(found: Sequence[dict[str, Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = ("id", "title", "statement", "kind", "reference")
    schema = pa.schema([(name, pa.string()) for name in names])
    texts = [row | {"reference": canonical_json(row["reference"])} for row in found]
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(texts, schema=schema), sink, compression="zstd")
    return sink.getvalue()
