"""Scores and samples on disk, as docs/run-directory.md describes them. Equal input gives equal bytes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from evals.files import atomic_write_bytes, canonical_json, digest
from evals.types import Figure, Interval, Sample, Sampling, Score, Slice
from verifiers import Verdict

SAMPLE_SCHEMA = pa.schema(
    [
        ("problem_id", pa.string()),
        ("sample_index", pa.int64()),
        ("prompt", pa.string()),
        ("response", pa.string()),
        ("response_tokens", pa.int64()),
        ("finish_reason", pa.string()),
        ("status", pa.string()),
        ("score", pa.float64()),
        ("answer", pa.string()),
        ("layer", pa.string()),
        ("reason", pa.string()),
        ("verifier", pa.string()),
        ("verifier_version", pa.string()),
        ("seed", pa.int64()),
        ("tags", pa.string()),
    ]
)
_KEY = b"k15-repro.key"

Identity = tuple[str, str, str, str, str, Sampling, int, int, str]
"""Checkpoint, benchmark, protocol, split, data digest, sampling, samples per problem, seed and engine: a
`scores.jsonl` holds one row of each."""


# --- Scores -----------------------------------------------------------------------------------------------


def score_to_json(score: Score) -> str:
    """The score as one line of JSON, without the line end."""
    return canonical_json(asdict(score))


def score_from_json(text: str) -> Score:
    """The score that `score_to_json` wrote. Raises `ValueError` for anything else."""
    row = json.loads(text)
    try:
        row["parents"] = tuple(row["parents"])
        row["sampling"] = Sampling(**row["sampling"])
        row["accuracy"] = Interval(**row["accuracy"])
        row["by_tag"] = {tag: _slice(part) for tag, part in row["by_tag"].items()}
        row["measures"] = {name: Figure(**value) for name, value in row.get("measures", {}).items()}
        row["caveats"] = tuple(row.get("caveats", ()))
        return Score(**row)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"It is not a score: {error}") from error


def read_scores(path: Path) -> list[Score]:
    """The rows of a `scores.jsonl`, in order; none if there is no such file.

    A last line without a line end that does not parse was cut by a kill, and is left out. Raises
    `ValueError` with file and line for any other line that is not a score.
    """
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    scores = []
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                scores.append(score_from_json(line.decode("utf-8")))
        except ValueError as error:
            if number < len(lines):
                raise ValueError(f"{path}, line {number}: {error}") from error
    return scores


def append_score(path: Path, score: Score) -> bool:
    """Add a row; False if it is already there, so that doing it twice does no harm.

    The file is written aside and renamed. Raises `ValueError` when a row with the same identity (checkpoint,
    benchmark, protocol, split, data digest, sampling, samples, seed, engine) holds something else.
    """
    scores = read_scores(path)
    same = [row for row in scores if identity(row) == identity(score)]
    if any(row != score for row in same):
        raise ValueError(
            f"{path} already holds a different score of {score.checkpoint} on {score.benchmark} "
            f"({score.split}, seed {score.seed}); remove that row or use another run directory."
        )
    if not same:
        text = "".join(score_to_json(row) + "\n" for row in [*scores, score])
        atomic_write_bytes(path, text.encode("utf-8"))
    return not same


def replace_score(path: Path, score: Score) -> None:
    """Put a row in the place of those with its identity, for the same samples judged by newer verifiers."""
    rows = [score if identity(row) == identity(score) else row for row in read_scores(path)]
    text = "".join(line + "\n" for line in map(score_to_json, rows))
    atomic_write_bytes(path, text.encode("utf-8"))


def identity(score: Score) -> Identity:
    """What tells one row of a `scores.jsonl` from the others."""
    return (
        score.checkpoint,
        score.benchmark,
        score.protocol,
        score.split,
        score.data_digest,
        score.sampling,
        score.samples_per_problem,
        score.seed,
        score.engine,
    )


def _slice(part: dict[str, Any]) -> Slice:
    return Slice(**(part | {"accuracy": Interval(**part["accuracy"])}))


# --- Samples ----------------------------------------------------------------------------------------------


def samples_path(
    run: Path, checkpoint: str, benchmark: str, split: str, protocol: str = "", settings: str = ""
) -> Path:
    """`samples/<checkpoint>.<benchmark>.<split>.parquet` in the run directory, with / as __.

    A benchmark with protocols has the protocol's name behind its own, and `settings` (see `settings_digest`) at the
    end, so that samples drawn in different ways lie side by side.
    """
    name = ".".join(part for part in (checkpoint, benchmark, protocol, split, settings) if part)
    return run / "samples" / f"{name.replace('/', '__')}.parquet"


def samples_path_of(run: Path, score: Score) -> Path:
    """Where the samples of a score lie, or would."""
    names = (score.checkpoint, score.benchmark, score.split, score.protocol)
    settings = settings_digest(
        score.model_digest, score.data_digest, score.sampling, score.samples_per_problem, score.seed
    )
    told = samples_path(run, *names, settings)
    return told if score.protocol and told.exists() else samples_path(run, *names)


def settings_digest(
    model_digest: str, data_digest: str, sampling: Sampling, samples_per_problem: int, seed: int
) -> str:
    """Eight hex digits for what the samples of one checkpoint on one benchmark may differ in."""
    facts = [model_digest, data_digest, asdict(sampling), samples_per_problem, seed]
    return digest(facts).removeprefix("sha256:")[:8]


def write_samples(
    path: Path,
    samples: Sequence[Sample],
    prompts: Mapping[str, str],
    key: Mapping[str, Any] | None = None,
) -> None:
    """Write samples as one parquet file, whole or not at all.

    `prompts` maps a problem id to its last user message. `key` is JSON-able and says what the samples were
    made from; `read_key` returns it. `Verdict.seconds` is not kept: it differs between equal runs.
    """
    schema = SAMPLE_SCHEMA.with_metadata({_KEY: canonical_json(key or {})})
    rows = [_row(sample, prompts[sample.problem_id]) for sample in samples]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), sink, compression="zstd")
    atomic_write_bytes(path, sink.getvalue().to_pybytes())


def read_samples(path: Path) -> list[Sample]:
    """The samples of one parquet file, in order, with `Verdict.seconds` 0."""
    columns = [name for name in SAMPLE_SCHEMA.names if name != "prompt"]
    return [_sample(row) for row in pq.read_table(path, columns=columns).to_pylist()]


def read_prompts(path: Path) -> dict[str, str]:
    """Problem id to last user message, of one parquet file."""
    rows = pq.read_table(path, columns=["problem_id", "prompt"]).to_pylist()
    return {row["problem_id"]: row["prompt"] for row in rows}


def read_key(path: Path) -> dict[str, Any] | None:
    """The key that the samples were written with; None if there is no such file or it is damaged."""
    if not path.exists():
        return None
    try:
        key = json.loads((pq.read_schema(path).metadata or {}).get(_KEY, b"null"))
    except (pa.ArrowInvalid, ValueError):
        return None
    return key if isinstance(key, dict) else None


def _row(sample: Sample, prompt: str) -> dict[str, Any]:
    verdict = sample.verdict
    return {
        "problem_id": sample.problem_id,
        "sample_index": sample.sample_index,
        "prompt": _text(prompt),
        "response": _text(sample.response),
        "response_tokens": sample.response_tokens,
        "finish_reason": sample.finish_reason,
        "status": verdict.status,
        "score": float(verdict.score),
        "answer": None if verdict.answer is None else _text(verdict.answer),
        "layer": verdict.layer,
        "reason": _text(verdict.reason),
        "verifier": verdict.verifier,
        "verifier_version": verdict.version,
        "seed": sample.seed,
        "tags": canonical_json(dict(sample.tags)),
    }


def _sample(row: dict[str, Any]) -> Sample:
    return Sample(
        problem_id=row["problem_id"],
        sample_index=row["sample_index"],
        response=row["response"],
        response_tokens=row["response_tokens"],
        finish_reason=row["finish_reason"],
        verdict=Verdict(
            status=row["status"],
            score=row["score"],
            answer=row["answer"],
            layer=row["layer"],
            reason=row["reason"],
            verifier=row["verifier"],
            version=row["verifier_version"],
        ),
        seed=row["seed"],
        tags=json.loads(row["tags"]),
    )


def _text(value: str) -> str:
    """`value` with lone surrogates, which UTF-8 cannot hold, as question marks."""
    return value.encode("utf-8", "replace").decode("utf-8")
