"""`repro compare`: checkpoints side by side, and beside what the paper published."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repro.commands.output import NAME_WIDTH, Json, note, print_json, print_table
from repro.errors import InputError, bad_input

if TYPE_CHECKING:
    from evals.compare import BesidePublished, Comparison
    from evals.types import Score
    from repro.commands.scored import Scored


def compare(
    run_or_checkpoint: Annotated[
        list[str],
        typer.Argument(
            help="Run directories, RUN:CHECKPOINT, scores files, checkpoint directories.",
            metavar="RUN_OR_CHECKPOINT",
        ),
    ],
    published: Annotated[
        str, typer.Option(metavar="NAME", help="A column of the paper's tables 2 and 3.")
    ] = "kimi-k1.5",
    baseline: Annotated[
        str | None, typer.Option(help="The id to compare with (default: the first).", metavar="ID")
    ] = None,
    scores: Annotated[
        Path, typer.Option(metavar="FILE", help="Has the scores of checkpoints outside a run.")
    ] = Path("scores.jsonl"),
    split: Annotated[str, typer.Option(metavar="NAME", help="Which problems: test or validation.")] = "test",
    as_json: Json = False,
) -> None:
    """Set scores side by side, and beside published ones."""
    from evals.compare import beside_all_published, side_by_side
    from repro.commands.scored import gather, samples_of

    model = published_model(published)
    found = gather(run_or_checkpoint, scores, split)
    base = chosen_baseline(found, baseline)
    rows = [one.labelled for one in found]
    comparisons: list[Comparison] = []
    if any(row.checkpoint != base for row in rows):
        samples, without = samples_of(found)
        if without:
            shown = ", ".join(without[:3]) + (f" and {len(without) - 3} more" if len(without) > 3 else "")
            note(f"No samples of {shown}: compared by intervals, not problem by problem.")
        with bad_input():
            comparisons = side_by_side(rows, baseline=base, samples=samples)
    beside = [(row, beside_all_published(row, model)) for row in rows]
    if as_json:
        print_json(_document(base, rows, comparisons, beside, model))
    else:
        _show_scores(base, rows, comparisons)
        _show_published(beside, model)


def published_model(name: str) -> str:
    """The model of the published tables that `name` means. Raises `InputError` with the known names."""
    from evals.published import published

    models = {
        model.lower().replace(" ", "-"): model for model in sorted({number.model for number in published()})
    }
    if name.lower().replace(" ", "-") not in models:
        raise InputError(f"The paper's tables have no column {name!r}; choose from {', '.join(models)}.")
    return models[name.lower().replace(" ", "-")]


def chosen_baseline(found: "Sequence[Scored]", wanted: str | None) -> str:
    """The label of the baseline: the first, or the one that `wanted` is the label or id of."""
    from repro.commands.scored import one_of

    labels = list(dict.fromkeys(one.label for one in found))
    if wanted is None or wanted in labels:
        return wanted or labels[0]
    of_id = list(dict.fromkeys(one.label for one in found if one.score.checkpoint == wanted))
    if len(of_id) == 1:
        return of_id[0]
    if of_id:
        raise InputError(f"The baseline {wanted!r} could be any of {', '.join(of_id)}; name one of them.")
    raise InputError(f"There is no baseline {wanted!r} among the scores; {one_of(wanted, labels)}")


# --- JSON ---------------------------------------------------------------------------------------------------


def _document(
    base: str,
    rows: "Sequence[Score]",
    comparisons: "Sequence[Comparison]",
    beside: "Sequence[tuple[Score, list[BesidePublished]]]",
    model: str,
) -> dict[str, Any]:
    return {
        "baseline": base,
        "scores": [asdict(row) for row in rows],
        "comparisons": [asdict(comparison) for comparison in comparisons],
        "published": [
            {
                "checkpoint": row.checkpoint,
                "benchmark": row.benchmark,
                "split": row.split,
                **_beside(one, row, model),
            }
            for row, numbers in beside
            for one in (*numbers, *([] if numbers else [None]))
        ],
    }


def _beside(one: "BesidePublished | None", row: "Score", model: str) -> dict[str, Any]:
    if one is None:
        return {
            "measured": asdict(row.accuracy),
            "published": None,
            "result": "not comparable",
            "because": _none(row, model),
        }
    return {key: value for key, value in asdict(one).items() if key != "checkpoint"}


def _none(row: "Score", model: str) -> str:
    return f"the report gives no number of {model} on {row.benchmark}"


# --- Tables -------------------------------------------------------------------------------------------------


def _show_scores(base: str, rows: "Sequence[Score]", comparisons: "Sequence[Comparison]") -> None:
    """A table for each protocol; intervals stand below their values, so that it fits 80 columns."""
    left = iter(comparisons)
    pairs = [(row, None if row.checkpoint == base else next(left, None)) for row in rows]
    pairs.sort(key=lambda pair: list(map(_protocol, rows)).index(_protocol(pair[0])))
    right = [("accuracy %", "right"), ("tokens", "right")]
    more = [("difference", "right"), ("p", "right"), ("result", "left")] if comparisons else []
    reasons: dict[str, list[str]] = {}
    for protocol, group in groupby(pairs, key=lambda pair: _protocol(pair[0])):
        cells = [_cells(row, comparison)[: 3 + len(more)] for row, comparison in group]
        print_table(protocol, [("checkpoint", "name"), *right, *more], cells)
    for _, comparison in pairs:
        if comparison is not None and comparison.because:
            reasons.setdefault(comparison.because, []).append(comparison.second)
    for because, labels in reasons.items():
        print(f"Not comparable with {base}: {', '.join(dict.fromkeys(labels))}, because {because}.\n")
    if comparisons:
        print(
            f"Differences are from {base}, in points; below a value is its 95 % interval, below tokens the\n"
            "ratio to the baseline's. p is of the two-sided paired test over problems.\n"
        )


def _protocol(row: "Score") -> str:
    from reports.text import plural

    s = row.sampling
    drawn = f"temperature {s.temperature:g}" + (f", top_p {s.top_p:g}" if s.top_p < 1 else "")
    drawn += f", top_k {s.top_k}" if s.top_k else ""
    problems = f"{plural(row.problems, 'problem')} × {plural(row.samples_per_problem, 'sample')}"
    return f"{row.benchmark} ({row.split}): {problems}, {drawn}, at most {s.max_tokens:,} tokens"


def _cells(row: "Score", comparison: "Comparison | None") -> list[str]:
    from reports.text import EMPTY, bounds, count, percent, signed

    low, high = percent(row.accuracy.low), percent(row.accuracy.high)
    cells = [
        _broken(row.checkpoint),
        f"{percent(row.accuracy.value)}\n{bounds(low, high)}",
        count(row.response_tokens_mean),
    ]
    if comparison is None:
        return [*cells, "", "", "baseline"]
    if comparison.token_ratio is not None:
        cells[-1] += f"\n×{comparison.token_ratio:.2f}"
    difference = EMPTY
    if comparison.difference is not None:
        value, low, high = (
            signed(100 * number)
            for number in (comparison.difference.value, comparison.difference.low, comparison.difference.high)
        )
        difference = f"{value}\n{bounds(low, high)}"
    return [*cells, difference, _p(comparison), comparison.result]


def _broken(label: str) -> str:
    """A long label on more lines, after the colon and the last slash."""
    if len(label) <= NAME_WIDTH:
        return label
    run, colon, checkpoint = label.rpartition(":")
    folder, slash, name = checkpoint.rpartition("/")
    return "\n".join(part for part in (run + colon, folder + slash, name) if part)


def _p(comparison: "Comparison") -> str:
    from reports.text import EMPTY

    if comparison.paired is None:
        return EMPTY
    p = comparison.paired.p_value
    return "<.001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def _show_published(beside: "Sequence[tuple[Score, list[BesidePublished]]]", model: str) -> None:
    from reports.text import bounds, percent

    rows = [
        (
            _broken(row.checkpoint),
            f"{one.published.benchmark}\n{one.published.column}",
            f"{percent(one.measured.value)}\n{bounds(percent(one.measured.low), percent(one.measured.high))}",
            "–" if one.published.percent is None else f"{one.published.percent:.1f}",
            one.text,
        )
        for row, numbers in beside
        for one in numbers
    ]
    if rows:
        columns = [
            ("checkpoint", "name"),
            ("benchmark", "left"),
            ("measured %", "right"),
            ("published", "right"),
            ("result", "left"),
        ]
        print_table(f"Beside {model} as published in arXiv:2501.12599, tables 2 and 3", columns, rows)
    for reason in dict.fromkeys(_none(row, model) for row, numbers in beside if not numbers):
        print(f"Beside the published tables: not comparable, because {reason}.")
