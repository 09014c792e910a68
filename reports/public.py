"""Scores on public benchmarks: every figure of a protocol, its caveats, and the numbers that others published."""

from collections.abc import Sequence

from evals.beside import beside_all_published
from evals.figures import AVERAGE, headline, other_figures
from evals.types import Score
from reports.run import Run
from reports.tables import Column, Table
from reports.text import EMPTY, count, figure_text, percent


def public_scores(run: Run) -> tuple[Score, ...]:
    """The scores on benchmarks that have published protocols."""
    return tuple(score for score in run.scores if score.protocol)


def public_tables(run: Run) -> tuple[Table, ...]:
    """The scores, and beside them what is published on the same benchmarks."""
    scores = public_scores(run)
    if not scores:
        return ()
    benchmarks = dict.fromkeys(score.benchmark for score in scores)
    tables = [_beside([score for score in scores if score.benchmark == name]) for name in benchmarks]
    return (_scores(scores), *(table for table in tables if table.rows))


def public_caveats(run: Run) -> tuple[str, ...]:
    """What a reader must know of these scores, once each; and what the recipe names and this run does not have."""
    caveats = [f"{s.benchmark} ({s.protocol}): {caveat}" for s in public_scores(run) for caveat in s.caveats]
    missing = [
        f"Not scored: {row['checkpoint']} on {row['benchmark']}, because {_lowered(row['why'])}"
        for row in run.not_scored
    ]
    return tuple(dict.fromkeys([*missing, *caveats]))


def _scores(scores: tuple[Score, ...]) -> Table:
    rows = []
    for s in scores:
        others = [f"{name} {figure_text(figure)}" for name, figure in other_figures(s).items()]
        name = f"avg@{s.samples_per_problem}" if s.metric == AVERAGE else s.metric
        rows.append(
            (
                s.checkpoint,
                f"{s.benchmark}, {s.protocol}",
                f"{count(s.problems)} × {s.samples_per_problem}",
                f"{name} {figure_text(headline(s))}",
                "; ".join(others) or EMPTY,
                count(s.response_tokens_mean),
                percent(s.finish_shares.get("length")),
                percent(s.status_shares.get("no_answer")),
            )
        )
    return Table(
        "public-scores",
        "Scores by protocol",
        "Scored by the same code as this run's own benchmark, under the protocol named, with 95 % intervals clustered "
        "by problem; token figures are of responses.",
        (
            *(Column(title, False) for title in ("checkpoint", "benchmark, protocol")),
            Column("problems × samples"),
            *(Column(title, False) for title in ("score", "other figures")),
            *(Column(title) for title in ("mean tokens", "cut by limit, %", "no answer, %")),
        ),
        tuple(rows),
    )


def _beside(scores: Sequence[Score]) -> Table:
    """What is published on one benchmark, with a column for each of its scores."""
    found = [beside_all_published(score) for score in scores]
    reasons = {one.because: "" for column in found for one in column if one.because}
    marks = {because: f"({number})" for number, because in enumerate(reasons, 1)}
    rows = [
        (
            ", ".join(part for part in (number.model, number.column) if part),
            f"{number.benchmark}, {number.metric}",
            EMPTY if number.value is None else _number(number.percent, number.rating),
            *(f"{column[place].result} {marks.get(column[place].because, '')}".strip() for column in found),
        )
        for place, number in enumerate(one.published for one in found[0])
    ]
    sources = dict.fromkeys(one.published.source for one in found[0])
    return Table(
        f"public-published-{scores[0].benchmark}",
        f"{scores[0].benchmark} beside published numbers",
        "A published number lies within the 95 % interval of the score, or the interval lies above or below it; a "
        "published number counts as exact, since its source gives no interval. "
        + "".join(f"{mark} Because {because}. " for because, mark in marks.items())
        + f"Sources: {'; '.join(sources)}.",
        (
            *(Column(title, False) for title in ("model", "number")),
            Column("published"),
            *(Column(_title(score), False) for score in scores),
        ),
        tuple(rows),
    )


def _title(score: Score) -> str:
    return f"{score.checkpoint}, {score.protocol}: {figure_text(headline(score))}"


def _number(percent_of: float | None, rating: float | None) -> str:
    return f"{percent_of:.1f} %" if percent_of is not None else count(rating)


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() else sentence
