"""What `repro eval` shows: a table of scores, and what an endpoint's replies have cost."""

from collections.abc import Sequence

from evals.endpoint import EndpointModel
from evals.figures import headline, other_figures
from evals.types import Score
from reports.text import bounds, count, figure_text, percent, plural
from repro.commands.output import note, print_table


def tell_usage(opened: object) -> None:
    """What an endpoint's replies have cost."""
    if isinstance(opened, EndpointModel) and opened.usage.requests:
        used = opened.usage
        cost = f", ${used.cost:,.4f}" if opened.endpoint.price_in is not None else ""
        note(
            f"{plural(used.requests, 'request')} ({used.retries:,} repeated), "
            f"{plural(used.prompt_tokens, 'prompt token')}, {plural(used.response_tokens, 'response token')}{cost}."
        )
        if used.refused:
            note(f"{plural(used.refused, 'prompt')} refused for good by the endpoint; counted as no answer.")
        if used.filtered:
            note(f"{used.filtered:,} of the replies were ended by the endpoint's content filter.")


def show_scores(scores: Sequence[Score]) -> None:
    """A table of the scores of one model, their other figures and their caveats."""
    columns = [
        ("benchmark", "name"),
        ("%", "right"),
        *((name, "right") for name in ("95 %", "tokens", "p90", "cut %", "no answer %", "samples")),
    ]
    rows = []
    for s in scores:
        figure = headline(s)
        rating = figure.unit == "rating"
        rows.append(
            (
                f"{s.benchmark} ({s.protocol or s.split})"
                + (f"\n{s.metric}" if s.metric in s.measures else ""),
                figure_text(figure).partition(" [")[0] if rating else percent(figure.value),
                bounds(*(count(end) if rating else percent(end) for end in (figure.low, figure.high))),
                count(s.response_tokens_mean),
                count(s.response_tokens_percentiles.get("p90")),
                percent(s.finish_shares["length"]),
                percent(s.status_shares.get("no_answer")),
                f"{s.problems:,} × {s.samples_per_problem}",
            )
        )
    print_table(f"{scores[0].checkpoint}, {plural(len(scores), 'benchmark')}", columns, rows)
    others = [
        (s.benchmark, name, figure_text(figure)) for s in scores for name, figure in other_figures(s).items()
    ]
    if others:
        print_table("Other figures", [("benchmark", "name"), ("figure", "left"), ("value", "left")], others)
    for s in scores:
        for caveat in s.caveats:
            note(f"{s.benchmark}{f' ({s.protocol})' if s.protocol else ''}: {caveat}")
