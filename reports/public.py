"""Scores on public benchmarks: every figure of a protocol, its caveats, and the numbers that others published."""

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
    made = [_scores(scores)]
    beside = _beside(scores)
    return (*made, beside) if beside.rows else tuple(made)


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
        "Public benchmarks",
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


def _beside(scores: tuple[Score, ...]) -> Table:
    rows = [
        (
            ", ".join(part for part in (one.published.model, one.published.column) if part),
            one.published.benchmark,
            one.published.metric,
            EMPTY if one.published.value is None else _number(one.published.percent, one.published.rating),
            f"{one.checkpoint}: {figure_text(one.measured)}",
            one.text,
            one.published.source,
        )
        for score in scores
        for one in beside_all_published(score)
    ]
    return Table(
        "public-published",
        "Beside published numbers",
        "`within` says that the published number lies in the 95 % interval of the score, `above` and `below` on which "
        "side of it the interval lies. A published number counts as exact, since its source gives no interval.",
        (
            *(Column(title, False) for title in ("model", "benchmark", "metric")),
            Column("published"),
            *(Column(title, False) for title in ("this run", "the score is", "source")),
        ),
        tuple(rows),
    )


def _number(percent_of: float | None, rating: float | None) -> str:
    return f"{percent_of:.1f} %" if percent_of is not None else count(rating)


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() else sentence
