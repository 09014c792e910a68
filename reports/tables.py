"""The tables of a report, already written as text so that every format shows the same figures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from evals import published
from evals.beside import beside_all_published, same_benchmark
from evals.published import Published
from evals.types import Score
from reports.compare import difference
from reports.names import PLAIN_AVERAGE, STAGE_LABELS, KeyScores, key_scores
from reports.run import Run
from reports.text import (
    EMPTY,
    count,
    figure_text,
    percent,
    percent_interval,
    plural,
    short_digest,
    signed,
    signed_interval,
)
from verifiers import STATUSES

PAPER = "Kimi k1.5"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and whether it holds numbers."""

    title: str
    numeric: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what a reader must know to read it. `marked_rows` are those to stand out."""

    id: str
    title: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    marked_rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shares:
    """How the responses of one checkpoint ended, by verdict and by finish reason."""

    checkpoint: str
    samples: int
    status: tuple[tuple[str, float], ...]
    finish: tuple[tuple[str, float], ...]


def columns(*titles: str, text: Sequence[int] = (0,)) -> tuple[Column, ...]:
    """Columns of which those at `text` hold words and the others numbers."""
    return tuple(Column(title, index not in text) for index, title in enumerate(titles))


def protocol(scores: Sequence[Score]) -> str:
    """How these scores were made, in one sentence: n, k, sampling and data."""
    kinds = sorted(
        {(s.problems, s.samples_per_problem, s.sampling.temperature, s.sampling.max_tokens) for s in scores}
    )
    words = [
        f"{count(n)} problems × {plural(k, 'sample')}, temperature {t:g}, at most {count(m)} response tokens"
        for n, k, t, m in kinds
    ]
    data = ", ".join(sorted({short_digest(s.data_digest) for s in scores}))
    return f"{'; or '.join(words)}. Data {data}."


def score_tables(run: Run, first: str, split: str) -> tuple[Table, ...]:
    """Every checkpoint's scores, a table per benchmark and split; the main one first."""
    groups = sorted(
        {(s.benchmark, s.split) for s in run.scores if not s.protocol},
        key=lambda g: (g != (first, split), g[0], g[1] != "test"),
    )
    return tuple(_score_table(run, benchmark, part) for benchmark, part in groups)


def _score_table(run: Run, benchmark: str, split: str) -> Table:
    scores = run.of(benchmark, split)
    keys = {s.checkpoint for _, s in key_scores(run, benchmark, split).named()}
    widest = max((max(map(int, s.pass_at_k), default=1) for s in scores), default=1)
    rows = []
    for s in scores:
        tokens = run.tokens_interval(s)
        half = f" ± {(tokens.high - tokens.low) / 2:,.0f}" if tokens else ""
        rows.append(
            (
                s.checkpoint,
                percent(s.accuracy.value),
                f"[{percent(s.accuracy.low)}, {percent(s.accuracy.high)}]",
                *([percent(s.pass_at_k.get(str(widest)))] if widest > 1 else []),
                f"{count(s.response_tokens_mean)}{half}",
                *(count(_percentile(s, p)) for p in (50, 90)),
                percent(s.finish_shares.get("length")),
            )
        )
    return Table(
        f"scores-{_slug(benchmark)}-{split}",
        f"{benchmark}, {split} split",
        f"{protocol(scores)} Intervals and ± are 95 %, clustered by problem. avg@k is the mean over samples; "
        f"token figures are of responses.{_plain_average(scores)}",
        columns(
            "checkpoint",
            f"avg@{scores[0].samples_per_problem}, %",
            "95 % interval",
            *([f"pass@{widest}, %"] if widest > 1 else []),
            "mean tokens",
            "median",
            "p90",
            "cut by limit, %",
        ),
        tuple(rows),
        tuple(i for i, s in enumerate(scores) if s.checkpoint in keys),
    )


def _plain_average(scores: Sequence[Score]) -> str:
    if not any(s.checkpoint == PLAIN_AVERAGE for s in scores):
        return ""
    return f" {PLAIN_AVERAGE} is the paper's plain average of the weights (section 2.4)."


def steps_table(run: Run, keys: KeyScores) -> Table | None:
    """What each stage changed: differences between the key checkpoints, paired by problem."""
    named = keys.named()
    if len(named) < 2:
        return None
    rows = []
    for (label_a, a), (label_b, b) in pairwise(named):
        gap = difference(run, a, b)
        tokens = signed_interval(gap.tokens, 0) if gap.tokens else signed(gap.tokens_value, 0)
        share = b.response_tokens_mean / a.response_tokens_mean - 1 if a.response_tokens_mean else 0.0
        rows.append(
            (
                f"{label_a} → {label_b}",
                signed_interval(gap.accuracy, 1, 100),
                EMPTY if gap.p_value is None else _p_value(gap.p_value),
                tokens,
                f"{signed(100 * share, 0)} %",
            )
        )
    return Table(
        "steps",
        "What each stage changed",
        f"Differences on {named[0][1].benchmark}, {named[0][1].split} split, with 95 % intervals; paired by "
        "problem, p by the two-sided sign-flip test. Checkpoints: "
        + ", ".join(f"{label} is {s.checkpoint}" for label, s in named)
        + ".",
        columns("step", "accuracy, points", "p", "mean response tokens", "tokens, relative"),
        tuple(rows),
    )


def breakdown_table(keys: KeyScores) -> Table | None:
    """Accuracy and tokens per family and level at the key checkpoints."""
    named = keys.named()
    if not named or not named[0][1].by_tag:
        return None
    tags = sorted({tag for _, s in named for tag in s.by_tag})
    rows = []
    for tag in tags:
        found = [s.by_tag.get(tag) for _, s in named]
        problems = next((f.problems for f in found if f is not None), 0)
        cells = [
            EMPTY if f is None else f"{percent_interval(f.accuracy)} · {count(f.response_tokens_mean)}"
            for f in found
        ]
        rows.append((tag.replace("=", " "), count(problems), *cells))
    score = named[0][1]
    return Table(
        "breakdown",
        "By family and level",
        f"Accuracy in percent, 95 % interval · mean response tokens. {score.benchmark}, {score.split} split.",
        columns("slice", "problems", *(label for label, _ in named)),
        tuple(rows),
    )


def published_tables(run: Run) -> tuple[Table, ...]:
    """Tables 2 and 3 with this run's column, empty where the benchmark was not run."""
    made = []
    for number, kind in ((2, "long-CoT"), (3, "short-CoT")):
        cells = [p for p in published.published() if p.source.endswith(f"table {number}")]
        models = list(dict.fromkeys(p.model for p in cells))
        rows = []
        for benchmark, metric in dict.fromkeys((p.benchmark, p.metric) for p in cells):
            values = {p.model: p.percent for p in cells if p.benchmark == benchmark}
            digits = 0 if metric == "percentile" else 1
            shown = [EMPTY if values.get(m) is None else f"{values[m]:.{digits}f}" for m in models]
            rows.append((benchmark, metric, *shown, _own(run, benchmark, kind, cells)))
        made.append(
            Table(
                f"published-{number}",
                f"Table {number}: {kind} models",
                f"Percent. {cells[0].source}. The last column is this run's "
                + ("RL checkpoint" if number == 2 else "best long2short model")
                + " where it was scored on the benchmark in the same way; empty where it was not.",
                columns("benchmark", "metric", *models, "this run", text=(0, 1)),
                tuple(rows),
            )
        )
    return tuple(made)


def _own(run: Run, benchmark: str, kind: str, cells: Sequence[Published]) -> str:
    """This run's figure on a published benchmark, where it measures the same thing; or nothing."""
    for name in sorted({s.benchmark for s in run.scores if same_benchmark(s.benchmark, benchmark)}):
        keys = key_scores(run, name, "test")
        score = keys.rl if kind == "long-CoT" else keys.short
        found = (
            []
            if score is None
            else [one for one in beside_all_published(score, PAPER) if one.published in cells]
        )
        for one in found:
            if one.result != "not comparable":
                share = one.measured.unit == "share"
                return percent_interval(one.measured) if share else figure_text(one.measured)
    return ""


def shares(run: Run, benchmark: str, split: str) -> tuple[Shares, ...]:
    """The verdict and finish shares of every checkpoint."""
    return tuple(
        Shares(
            s.checkpoint,
            s.problems * s.samples_per_problem,
            tuple((name, s.status_shares.get(name, 0.0)) for name in STATUSES),
            tuple((name, s.finish_shares.get(name, 0.0)) for name in ("stop", "length", "repeat")),
        )
        for s in run.of(benchmark, split)
    )


def shares_table(rows: Sequence[Shares], benchmark: str, split: str) -> Table | None:
    """The shares as a table, in percent."""
    if not rows:
        return None
    names = [name for name, _ in rows[0].status] + [f"end: {name}" for name, _ in rows[0].finish]
    return Table(
        "status",
        "Verdict statuses",
        f"Percent of responses on {benchmark}, {split} split. Timeout and error are the verifier's own "
        "failures: they count as wrong and should be 0.",
        columns("checkpoint", "responses", *(name.replace("_", " ") for name in names)),
        tuple(
            (row.checkpoint, count(row.samples), *(percent(v) for _, v in (*row.status, *row.finish)))
            for row in rows
        ),
    )


def curation_tables(run: Run) -> tuple[Table, ...]:
    """What curation (section 2.1) removed and why, and what is left per tag."""
    summary = run.curation
    if summary is None:
        return ()
    candidates, kept = summary.get("candidates"), summary.get("kept")
    removed = summary.get("removed") or {}
    total = candidates or 0
    rows = [("candidates", count(total), "100.0")]
    rows += [
        (f"removed: {k}", count(v), percent(v / total if total else 0)) for k, v in sorted(removed.items())
    ]
    rows.append(("kept", count(kept), percent((kept or 0) / total if total else 0.0)))
    made = [
        Table(
            "curation",
            "What was removed and why",
            "Trivial: solved in every attempt. Guessable: answered right without reasoning (section 2.1).",
            columns("prompts", "number", "%"),
            tuple(rows),
            (len(rows) - 1,),
        )
    ]
    by_tag = summary.get("by_tag") or {}
    if by_tag:
        made.append(
            Table(
                "curation-tags",
                "By tag",
                "Pass rate of the SFT model over the candidates.",
                columns("tag", "candidates", "kept", "mean pass rate, %"),
                tuple(
                    (
                        tag.replace("=", " "),
                        count(row.get("candidates")),
                        count(row.get("kept")),
                        percent(row.get("mean_pass_rate")),
                    )
                    for tag, row in sorted(by_tag.items())
                ),
            )
        )
    return tuple(made)


def timings_table(run: Run) -> Table | None:
    """Wall minutes and tokens per second of each kind of work in each stage."""
    if not run.timings and not run.unread_timings:
        return None
    rows, marked = [], []
    for stage in dict.fromkeys(t.stage for t in run.timings):
        mine = [t for t in run.timings if t.stage == stage]
        rows += [(STAGE_LABELS.get(stage, stage), t.what, *_speed(t.seconds, t.tokens)) for t in mine]
        if len(mine) > 1:
            marked.append(len(rows))
            rows.append(
                (
                    STAGE_LABELS.get(stage, stage),
                    "all",
                    f"{sum(t.seconds for t in mine) / 60:.1f}",
                    EMPTY,
                    EMPTY,
                )
            )
    marked.append(len(rows))
    rows.append(("whole run", "all", f"{sum(t.seconds for t in run.timings) / 60:.1f}", EMPTY, EMPTY))
    unread = (
        f" {plural(run.unread_timings, 'row')} could not be read and {'is' if run.unread_timings == 1 else 'are'} "
        "left out."
        if run.unread_timings
        else ""
    )
    return Table(
        "timings",
        "Wall time and tokens per second",
        "Summed over the pieces of work in timings.jsonl, resumed ones included; loading models and writing the "
        f"report are not among them. Nothing else in this report depends on the clock.{unread}",
        columns("stage", "work", "minutes", "tokens", "tokens/s", text=(0, 1)),
        tuple(rows),
        tuple(marked),
    )


def _speed(seconds: float, tokens: int | None) -> tuple[str, str, str]:
    rate = count(tokens / seconds) if tokens is not None and seconds > 0 else EMPTY
    return f"{seconds / 60:.1f}", count(tokens), rate


def _percentile(score: Score, point: int) -> float | None:
    values = score.response_tokens_percentiles
    return values.get(f"p{point}", values.get(str(point)))


def _p_value(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower())
