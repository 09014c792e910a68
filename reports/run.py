"""Read a run directory (docs/run-directory.md) into frozen dataclasses.

A run that is still under way, or was killed, is a good run with less in it: what is not there yet is named in
`Run.missing`. A file that is there and cannot be read is a `ReportError` of one sentence. Nothing that is
read here depends on where the directory lies.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import stdev
from typing import Any

import pyarrow.parquet as pq
import yaml
from scipy.special import stdtrit

from evals.store import read_prompts, read_samples, read_scores, samples_path_of
from evals.types import Interval, Sample, Score


class ReportError(ValueError):
    """The report cannot be made; the message is one sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Wall seconds and tokens of one kind of work in one stage, summed."""

    stage: str
    what: str
    seconds: float
    tokens: int | None


@dataclass(frozen=True, slots=True)
class Results:
    """The outcome of every problem behind one score: share of correct samples and mean response tokens."""

    by_problem: Mapping[str, tuple[float, float]]

    @property
    def accuracies(self) -> list[float]:
        """Per problem, in sorted order of ids."""
        return [accuracy for accuracy, _ in self.by_problem.values()]

    @property
    def tokens(self) -> list[float]:
        """Per problem, in sorted order of ids."""
        return [tokens for _, tokens in self.by_problem.values()]


@dataclass(frozen=True)
class Run:
    """Everything a report shows, as read from the files of one run."""

    recipe: Mapping[str, Any]
    environment: Mapping[str, Any]
    scores: tuple[Score, ...]
    metrics: Mapping[str, tuple[Mapping[str, Any], ...]]
    finished: tuple[str, ...]
    started: tuple[str, ...]
    curation: Mapping[str, Any] | None
    timings: tuple[Timing, ...]
    missing: tuple[str, ...]
    unread_timings: int = 0
    not_scored: tuple[Mapping[str, Any], ...] = ()
    self_check: Mapping[str, Any] | None = None
    directory: Path = field(default=Path(), compare=False, repr=False)
    _results: dict[str, Results | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The recipe's name."""
        return str(self.recipe.get("name") or "unnamed recipe")

    @property
    def seeds(self) -> tuple[int, ...]:
        """The training seeds of this run: the recipe's `seed` (or `seeds`)."""
        value = self.recipe.get("seeds", self.recipe.get("seed"))
        if value is None:
            return ()
        return tuple(int(v) for v in (value if isinstance(value, list) else [value]))

    @property
    def rl_metrics(self) -> tuple[Mapping[str, Any], ...]:
        """The per-iteration rows of the RL stage."""
        return self.metrics.get("rl", ())

    @property
    def rl_stages(self) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
        """The per-iteration rows of everything trained by RL (`rl`, `long2short/rl`): rows with `groups`."""
        return {stage: rows for stage, rows in self.metrics.items() if any("groups" in row for row in rows)}

    def of(self, benchmark: str, split: str, stage: str | None = None) -> tuple[Score, ...]:
        """Scores of one benchmark and split, in the order the checkpoints were made."""
        return tuple(
            s
            for s in self.scores
            if s.benchmark == benchmark and s.split == split and (stage is None or s.stage == stage)
        )

    def find(self, checkpoint: str, benchmark: str, split: str) -> Score | None:
        """The score of one checkpoint, or None."""
        return next((s for s in self.of(benchmark, split) if s.checkpoint == checkpoint), None)

    def samples_path(self, score: Score) -> Path:
        """Where the samples of a score lie."""
        return samples_path_of(self.directory, score)

    def results(self, score: Score) -> Results | None:
        """Outcome of each problem behind `score`; None where the samples were not kept."""
        path = self.samples_path(score)
        if path.name not in self._results:
            self._results[path.name] = _results(path) if path.exists() else None
        return self._results[path.name]

    def samples(self, score: Score) -> tuple[list[Sample], dict[str, str]]:
        """Every sample behind `score`, sorted by problem and index, and the prompts by problem."""
        path = self.samples_path(score)
        if not path.exists():
            return [], {}
        try:
            samples, prompts = read_samples(path), read_prompts(path)
        except Exception as error:
            raise _bad_samples(path) from error
        return sorted(samples, key=lambda s: (s.problem_id, s.sample_index)), prompts

    def tokens_interval(self, score: Score) -> Interval | None:
        """Mean response tokens with a 95 % t-interval clustered by problem; None without samples."""
        results = self.results(score)
        if results is None or len(results.tokens) < 2:
            return None
        half = mean_half_width(results.tokens)
        mean = score.response_tokens_mean
        return Interval(mean, mean - half, mean + half)


def mean_half_width(values: Sequence[float]) -> float:
    """Half the width of the 95 % t-interval of a mean."""
    return float(stdtrit(len(values) - 1, 0.975)) * stdev(values) / math.sqrt(len(values))


def load(run_dir: Path | str) -> Run:
    """Read `run_dir`; raise `ReportError` when it is no run directory or a file in it is corrupt."""
    root = Path(run_dir)
    if not root.is_dir():
        raise ReportError(f"There is no run directory at {root}.")
    if not (root / "recipe.yaml").exists():
        raise ReportError(f"{root} is not a run directory: it has no recipe.yaml.")
    missing: list[str] = []
    recipe = _yaml(root / "recipe.yaml")
    environment: Mapping[str, Any] = {}
    if (root / "environment.json").exists():
        environment = _json(root / "environment.json", "environment.json")
    else:
        missing.append("environment.json is not there: revision, versions and machine are unknown.")
    try:
        scores = tuple(read_scores(root / "scores.jsonl"))
    except (OSError, ValueError) as error:
        reason = _first_line(error).replace(f"{root}/", "")
        raise ReportError(f"scores.jsonl cannot be read: {reason}.") from error
    if not scores:
        missing.append("No checkpoint has been scored yet.")
    metrics: dict[str, tuple[Mapping[str, Any], ...]] = {}
    finished: list[str] = []
    started: list[str] = []
    curation: Mapping[str, Any] | None = None
    for stage_dir in sorted(p for p in (root / "stages").glob("*") if p.is_dir()):
        number, _, stage = stage_dir.name.partition("-")
        stage = stage if number.isdigit() and stage else stage_dir.name
        started.append(stage)
        if (stage_dir / "done.json").exists():
            finished.append(stage)
        for path in sorted(stage_dir.rglob("metrics.jsonl")):
            inner = path.parent.relative_to(stage_dir).as_posix()
            key = stage if inner == "." else f"{stage}/{inner}"
            metrics[key] = tuple(_jsonl(path, path.relative_to(root).as_posix()))
        if (stage_dir / "summary.json").exists() and stage == "curate":
            relative = (stage_dir / "summary.json").relative_to(root).as_posix()
            curation = _json(stage_dir / "summary.json", relative)
    unfinished = [s for s in started if s not in finished]
    if not started:
        missing.append("No stage has begun.")
    if unfinished:
        missing.append(f"Not finished: {', '.join(unfinished)}. What they have made so far is shown.")
    missing += _not_made(root / "stages")
    not_begun = [s for s in _expected_stages(recipe) if s not in started]
    if started and not_begun:
        missing.append(f"Not begun: {', '.join(not_begun)}.")
    public = _json(root / "public.json", "public.json") if (root / "public.json").exists() else {}
    check = (
        _json(root / "self_check.json", "self_check.json") if (root / "self_check.json").exists() else None
    )
    timings, unread_timings = _timings(root / "timings.jsonl")
    run = Run(
        recipe=recipe,
        environment=environment,
        scores=scores,
        metrics=metrics,
        finished=tuple(finished),
        started=tuple(started),
        curation=curation,
        timings=timings,
        missing=tuple(missing),
        unread_timings=unread_timings,
        not_scored=tuple(public.get("not_scored", ())),
        self_check=check,
        directory=root,
    )
    without = [
        f"{s.checkpoint} on {s.benchmark} ({s.split})" for s in scores if not run.samples_path(s).exists()
    ]
    if without:
        shown = "; ".join(without[:3]) + (f"; and {len(without) - 3} more" if len(without) > 3 else "")
        run = replace(run, missing=(*missing, f"Samples are not there for: {shown}."))
    return run


def _not_made(stages: Path) -> list[str]:
    """Of each finished stage what it could not make, with its reason."""
    facts = [_json(path, path.relative_to(stages.parent).as_posix()) for path in stages.glob("*/done.json")]
    return [
        f"{name} was not made: {reason}"
        for stage in facts
        for name, reason in (stage.get("not_made") or {}).items()
    ]


def _expected_stages(recipe: Mapping[str, Any]) -> tuple[str, ...]:
    """The stages a recipe names, when it has a list of them; otherwise those of the paper's pipeline."""
    stages = recipe.get("stages")
    if isinstance(stages, Mapping):
        return tuple(str(s) for s in stages)
    if isinstance(stages, list):
        return tuple(str(s.get("name", s.get("stage"))) if isinstance(s, Mapping) else str(s) for s in stages)
    return ("sft", "curate", "long_cot_sft", "rl", "long2short")


def _yaml(path: Path) -> Mapping[str, Any]:
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReportError(f"{path.name} cannot be read: {_first_line(error)}.") from error
    if not isinstance(value, dict):
        raise ReportError(f"{path.name} should hold a mapping, but holds {type(value).__name__}.")
    return value


def _json(path: Path, name: str) -> Mapping[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReportError(f"{name} cannot be read: {_first_line(error)}.") from error
    if not isinstance(value, dict):
        raise ReportError(f"{name} should hold an object, but holds {type(value).__name__}.")
    return value


def _jsonl(path: Path, name: str) -> list[Mapping[str, Any]]:
    """Rows of an append-only log. A last line cut short by a kill is left out; any other is an error."""
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(f"{name} cannot be read: {_first_line(error)}.") from error
    rows: list[Mapping[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            if number == len(lines):
                break
            raise ReportError(f"{name} line {number} is not JSON: {_first_line(error)}.") from error
        if not isinstance(row, dict):
            raise ReportError(f"{name} line {number} should hold an object.")
        rows.append(row)
    return rows


def _timings(path: Path) -> tuple[tuple[Timing, ...], int]:
    """Rows of timings.jsonl summed per stage and kind of work, in order of first appearance.

    Nothing is scored by them, so a row that a kill or a full disk spoilt is left out; how many, comes second.
    """
    if not path.exists():
        return (), 0
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError as error:
        raise ReportError(f"timings.jsonl cannot be read: {_first_line(error)}.") from error
    sums: dict[tuple[str, str], tuple[float, int | None]] = {}
    unread = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            key, more_seconds, more_tokens = _timing(json.loads(line))
        except (KeyError, TypeError, ValueError, OverflowError):
            unread += 1
            continue
        seconds, tokens = sums.get(key, (0.0, None))
        sums[key] = (
            seconds + more_seconds,
            tokens if more_tokens is None else (tokens or 0) + more_tokens,
        )
    return tuple(Timing(stage, what, s, t) for (stage, what), (s, t) in sums.items()), unread


def _timing(row: Any) -> tuple[tuple[str, str], float, int | None]:
    """((stage, what), seconds, tokens) of one row."""
    seconds, tokens = float(row["seconds"]), row.get("tokens")
    if not math.isfinite(seconds):
        raise ValueError("seconds")
    return (str(row["stage"]), str(row["what"])), seconds, None if tokens is None else int(tokens)


def _results(path: Path) -> Results:
    try:
        columns = pq.read_table(path, columns=["problem_id", "status", "response_tokens"]).to_pydict()
    except Exception as error:  # pyarrow raises many kinds
        raise _bad_samples(path) from error
    sums: dict[str, list[float]] = {}
    for name, status, tokens in zip(*columns.values(), strict=True):
        row = sums.setdefault(name, [0.0, 0.0, 0.0])
        row[0] += status == "correct"
        row[1] += tokens
        row[2] += 1
    return Results({name: (row[0] / row[2], row[1] / row[2]) for name, row in sorted(sums.items())})


def _bad_samples(path: Path) -> ReportError:
    return ReportError(f"samples/{path.name} cannot be read: it is not a whole parquet file of samples.")


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
