"""`repro compare`: checkpoints side by side, and beside published numbers."""

import difflib
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repro.commands.output import Json, note, print_json
from repro.errors import InputError, bad_input

if TYPE_CHECKING:
    from evals.beside import BesidePublished
    from evals.compare import Comparison
    from evals.types import Score
    from repro.commands.scored import Scored

ALL = "all"
"""What `--published` takes for every model."""


def compare(
    run_or_checkpoint: Annotated[
        list[str],
        typer.Argument(
            help="Run directories, RUN:CHECKPOINT, scores files, checkpoint directories.",
            metavar="RUN_OR_CHECKPOINT",
        ),
    ],
    published: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="A model with published numbers, such as Qwen2.5-7B-Instruct, or `all` of them.",
        ),
    ] = "Kimi k1.5",
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
    from evals.beside import beside_all_published
    from evals.compare import repeats, side_by_side
    from evals.store import identity
    from repro.commands.compare_tables import show_published, show_scores, warnings
    from repro.commands.scored import gather, samples_of

    model = published_model(published)
    found = gather(run_or_checkpoint, scores, split)
    labelled = [one.labelled for one in found]
    names = repeats(labelled)
    rows = [replace(row, checkpoint=names.get(identity(row), row.checkpoint)) for row in labelled]
    base = chosen_baseline(found, list(names.values()), baseline)
    comparisons: list[Comparison] = []
    if any(row.checkpoint != base for row in rows):
        samples, without = samples_of(found)
        if without:
            shown = ", ".join(without[:3]) + (f" and {len(without) - 3} more" if len(without) > 3 else "")
            note(f"No samples of {shown}: compared by intervals, not problem by problem.")
        with bad_input():
            comparisons = side_by_side(labelled, baseline=base, samples=samples, names=names)
    beside = [(row, beside_all_published(row, model)) for row in rows]
    if as_json:
        print_json(_document(base, rows, comparisons, beside, model) | {"warnings": warnings(comparisons)})
    else:
        missing = [_none(row, model) for row, numbers in beside if not numbers]
        show_scores(base, rows, comparisons)
        show_published(beside, model, list(dict.fromkeys(missing)))


def published_model(name: str) -> str | None:
    """The model with published numbers that `name` means, with or without its owner; None for `all`.

    Raises `InputError` with names that come close.
    """
    from evals.figures import plain
    from evals.published import published_numbers

    if name == ALL:
        return None
    models = {plain(number.model): number.model for number in published_numbers()}
    wanted = plain(name.rpartition("/")[2])
    if wanted in models:
        return models[wanted]
    close = [known for known in models if wanted and wanted in known]
    close += difflib.get_close_matches(wanted, models, 5, 0.5)
    shown = [models[known] for known in dict.fromkeys(close)][:5]
    hint = f"did you mean {' or '.join(shown)}?" if shown else "Kimi k1.5 and o1-mini are two that have some;"
    raise InputError(f"No published number of {name!r} is known; {hint} `--published all` shows every model.")


def chosen_baseline(found: "Sequence[Scored]", repeated: Sequence[str], wanted: str | None) -> str:
    """The label of the baseline: the first, or the one that `wanted` is the label or id of, or one of `repeated`."""
    from repro.commands.scored import one_of

    labels = list(dict.fromkeys([*(one.label for one in found), *repeated]))
    if wanted is None or wanted in labels:
        return wanted or labels[0]
    of_id = list(dict.fromkeys(one.label for one in found if one.score.checkpoint == wanted))
    if len(of_id) == 1:
        return of_id[0]
    if of_id:
        raise InputError(f"The baseline {wanted!r} could be any of {', '.join(of_id)}; name one of them.")
    raise InputError(f"There is no baseline {wanted!r} among the scores; {one_of(wanted, labels)}")


def _none(row: "Score", model: str | None) -> str:
    """Why there is nothing beside a score, and what there would be."""
    from evals.beside import beside_all_published

    others = {one.published.model for one in beside_all_published(row)}
    hint = f" (`--published all` shows those of {len(others)} others)" if others and model else ""
    return f"no published number of {model or 'any model'} on {row.benchmark} is known{hint}"


# --- JSON ---------------------------------------------------------------------------------------------------


def _document(
    base: str,
    rows: "Sequence[Score]",
    comparisons: "Sequence[Comparison]",
    beside: "Sequence[tuple[Score, list[BesidePublished]]]",
    model: str | None,
) -> dict[str, Any]:
    return {
        "baseline": base,
        "scores": [asdict(row) for row in rows],
        "comparisons": [asdict(comparison) for comparison in comparisons],
        "published": [
            {
                "checkpoint": row.checkpoint,
                "benchmark": row.benchmark,
                "protocol": row.protocol,
                "split": row.split,
                **_beside(one, row, model),
            }
            for row, numbers in beside
            for one in (*numbers, *([] if numbers else [None]))
        ],
    }


def _beside(one: "BesidePublished | None", row: "Score", model: str | None) -> dict[str, Any]:
    from evals.figures import headline

    if one is None:
        return {
            "measured": asdict(headline(row)),
            "published": None,
            "result": "not comparable",
            "because": _none(row, model),
        }
    stated = {key: value for key, value in asdict(one).items() if key != "checkpoint"}
    return stated | {"unstated": list(one.published.unstated)}
