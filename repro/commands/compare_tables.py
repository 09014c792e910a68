"""What `repro compare` shows a reader, in 80 columns."""

import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby

from evals.beside import BesidePublished, window, window_text
from evals.compare import Comparison
from evals.figures import headline, other_figures, plain
from evals.published import Published
from evals.types import Figure, Interval, Score
from reports.text import EMPTY, bounds, count, percent, plural, signed
from repro.commands.output import NAME_WIDTH, print_table

WIDTH = 80

Beside = Sequence[tuple[Score, list[BesidePublished]]]
"""Scores, each with what was set beside it."""


# --- Scores -------------------------------------------------------------------------------------------------


def show_scores(base: str, rows: Sequence[Score], comparisons: Sequence[Comparison]) -> None:
    """A table for each protocol with what must be known of it; intervals stand below their values."""
    left = iter(comparisons)
    pairs = [(row, None if row.checkpoint == base else next(left, None)) for row in rows]
    titles = list(dict.fromkeys(_title(row) for row in rows))
    pairs.sort(key=lambda pair: titles.index(_title(pair[0])))
    for title, found in groupby(pairs, key=lambda pair: _title(pair[0])):
        _show_group(title, list(found), base, bool(comparisons))
    for line in warnings(comparisons):
        _print(line)
    if comparisons:
        repeated = any(found.first != base for found in comparisons)
        same_seed = ", or from its score with the same seed and data" if repeated else ""
        _print(
            f"Differences are from {base}{same_seed}, in points; below a value is its 95 % interval, below tokens "
            "the ratio to the baseline's. p is of the two-sided paired test over problems; below it is the "
            "effect size, Cohen's h."
        )


def warnings(comparisons: Iterable[Comparison]) -> list[str]:
    """A sentence for each reason why scores are not set against each other."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for found in comparisons:
        if found.because:
            reasons.setdefault((found.first, found.because), []).append(found.second)
    return [
        f"Warning: not comparable with {base}: {', '.join(dict.fromkeys(labels))}, because {because}."
        for (base, because), labels in reasons.items()
    ]


def _show_group(
    title: str, pairs: Sequence[tuple[Score, Comparison | None]], base: str, compared: bool
) -> None:
    rows = [row for row, _ in pairs]
    metric = rows[0].metric if rows[0].metric in rows[0].measures else "accuracy"
    columns = [("checkpoint", "name"), (_with_unit(metric, headline(rows[0])), "right"), ("tokens", "right")]
    if compared:
        columns += [("difference", "right"), ("p", "right"), ("result", "left")]
    cells = [_cells(row, comparison)[: len(columns)] for row, comparison in pairs]
    print_table("\n".join(textwrap.wrap(title, WIDTH, subsequent_indent="  ")), columns, cells)
    _show_others(pairs, compared)
    for _, comparison in pairs:
        if comparison is not None and comparison.result == "no difference seen":
            _print(_power(comparison, next(row for row in rows if row.checkpoint == comparison.second)))
    for caveat in dict.fromkeys(caveat for row in rows for caveat in row.caveats):
        _print(f"{rows[0].benchmark}: {caveat}", end="")
    if any(row.caveats for row in rows):
        print()


def _show_others(pairs: Sequence[tuple[Score, Comparison | None]], compared: bool) -> None:
    """The figures beside the headline."""
    cells = [
        (
            _broken(row.checkpoint),
            name,
            _value(figure),
            _ends(figure),
            _difference(comparison.others.get(name), figure.unit == "share") if comparison else "",
        )
        for row, comparison in pairs
        for name, figure in other_figures(row).items()
    ]
    columns = [("checkpoint", "name"), ("also", "left"), ("value", "right"), ("95 %", "right")]
    columns += [("difference", "right")] if compared else []
    if cells:
        print_table(
            f"{pairs[0][0].benchmark}: other figures", columns, [row[: len(columns)] for row in cells]
        )


def _title(row: Score) -> str:
    s = row.sampling
    drawn = f"temperature {s.temperature:g}" + (f", top_p {s.top_p:g}" if s.top_p < 1 else "")
    drawn += f", top_k {s.top_k}" if s.top_k else ""
    problems = f"{plural(row.problems, 'problem')} × {plural(row.samples_per_problem, 'sample')}"
    asked = row.protocol or row.split
    dates = window(row)
    contests = f", {window_text(dates)}" if dates else ""
    return f"{row.benchmark} ({asked}){contests}: {problems}, {drawn}, at most {s.max_tokens:,} tokens"


def _cells(row: Score, comparison: Comparison | None) -> list[str]:
    figure = headline(row)
    cells = [
        _broken(row.checkpoint),
        f"{_value(figure)}\n{_ends(figure)}",
        count(row.response_tokens_mean),
    ]
    if comparison is None:
        return [*cells, "", "", "baseline"]
    if comparison.token_ratio is not None:
        cells[-1] += f"\n×{comparison.token_ratio:.2f}"
    difference = _difference(comparison.difference, figure.unit == "share", "\n")
    # Broken here, since the narrowest column that a line of 80 leaves would cut the last letter off.
    result = "not\ncomparable" if comparison.result == "not comparable" else comparison.result
    return [*cells, difference, _p(comparison), result]


def _power(comparison: Comparison, row: Score) -> str:
    """What it would take to see the difference that was not seen."""
    if comparison.difference is None or comparison.difference.value == 0:
        return f"{comparison.second} on {comparison.benchmark}: no difference to see."
    if comparison.problems_needed is None:
        found = _difference(comparison.difference, headline(row).unit == "share")
        return f"{comparison.second} on {comparison.benchmark}: the difference is {found}, which may be none."
    size = "" if comparison.effect_size is None else f" (Cohen's h {signed(comparison.effect_size, 2)})"
    each = ""
    if row.samples_per_problem > 1:
        each = f", {row.samples_per_problem} samples each" if comparison.paired else ", one sample each"
    return (
        f"{comparison.second} on {comparison.benchmark}: seeing a difference of "
        f"{signed(100 * comparison.difference.value)} points{size} would take about "
        f"{plural(comparison.problems_needed, 'problem')}{each}; {row.problems:,} were compared."
    )


def _p(comparison: Comparison) -> str:
    if comparison.paired is None:
        p = EMPTY
    else:
        value = comparison.paired.p_value
        p = "<.001" if value < 0.001 else f"{value:.3f}".removeprefix("0")
    return p if comparison.effect_size is None else f"{p}\nh {signed(comparison.effect_size, 2)}"


# --- Published numbers --------------------------------------------------------------------------------------


def show_published(beside: Beside, model: str | None, missing: Sequence[str]) -> None:
    """The scores beside published numbers, with the reasons and sources below; `missing` says where none is."""
    benchmarks = list(dict.fromkeys(row.benchmark for row, _ in beside))
    found = [(row, one) for row, numbers in beside for one in numbers]
    found.sort(key=lambda pair: benchmarks.index(pair[0].benchmark))
    reasons = {one.because: "" for _, one in found if one.because}
    reasons = {because: f"({number})" for number, because in enumerate(reasons, 1)}
    columns = [("number", "left"), ("measured", "right"), ("published", "right"), ("result", "whole")]
    cells = [
        [
            f"{one.published.benchmark} {one.published.metric}\n{one.published.column}",
            "\n".join([_value(one.measured), _ends(one.measured), *_called(one)]),
            _number(one),
            f"{one.result} {reasons.get(one.because, '')}".strip(),
        ]
        for _, one in found
    ]
    if model and cells:
        named = [[_broken(row.checkpoint), *rest] for (row, _), rest in zip(found, cells, strict=True)]
        title = f"Beside {model}, as published, in percent"
        print_table(title, [("checkpoint", "name"), *columns], named)
    for checkpoint in [] if model else dict.fromkeys(row.checkpoint for row, _ in found):
        named = [
            [one.published.model, *rest]
            for (row, one), rest in zip(found, cells, strict=True)
            if row.checkpoint == checkpoint
        ]
        title = f"{checkpoint} beside every model, as published, in percent"
        print_table(title, [("model", "left"), *columns], named)
    for because, mark in reasons.items():
        _print(f"{mark} Not comparable, because {because}.", end="")
    if reasons:
        print()
    origins: dict[str, list[str]] = {}
    for _, one in found:
        number = one.published
        origins.setdefault(_origin(number), []).append(
            f"{number.benchmark} ({number.column})" if model else number.model
        )
    for origin, names in origins.items():
        _print(f"{', '.join(dict.fromkeys(names))}: {origin}", end="")
    if found:
        print()
    for line in missing:
        _print(f"Beside the published numbers: not comparable, because {line}.")


def _called(one: BesidePublished) -> list[str]:
    """What our figure is called, where the published name does not say it."""
    same = one.figure.startswith("avg@") or plain(one.figure) == plain(one.published.metric)
    return [] if same else [one.figure]


def _number(one: BesidePublished) -> str:
    if one.published.rating is not None:
        return count(one.published.rating)
    return EMPTY if one.published.percent is None else f"{one.published.percent:.1f}"


def _origin(number: Published) -> str:
    """Where a number is from, and what its source states of it and what not."""
    stated = [
        number.source,
        window_text(number.window) if number.window else "",
        f"{number.runs:,} runs" if number.runs and number.runs > 1 else "",
        number.notes,
    ]
    unstated = f" Not stated: {', '.join(number.unstated)}." if number.unstated else ""
    return f"{'; '.join(part for part in stated if part)}.{unstated}"


# --- Text ---------------------------------------------------------------------------------------------------


def _print(text: str, end: str = "\n") -> None:
    print("\n".join(textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)) + end)


def _with_unit(name: str, figure: Figure) -> str:
    return f"{name} %" if figure.unit == "share" else name


def _value(figure: Figure) -> str:
    return percent(figure.value) if figure.unit == "share" else count(figure.value)


def _ends(figure: Figure) -> str:
    show = percent if figure.unit == "share" else count
    return bounds(show(figure.low), show(figure.high))


def _difference(found: Interval | None, share: bool, between: str = " ") -> str:
    if found is None:
        return EMPTY
    value, low, high = (
        signed(100 * end) if share else signed(end, 0) for end in (found.value, found.low, found.high)
    )
    return f"{value}{between}{bounds(low, high)}"


def _broken(label: str) -> str:
    """A long label on more lines, after the colon and the last slash, and before what tells a repeat apart."""
    if len(label) <= NAME_WIDTH:
        return label
    name, bracket, repeat = label.partition(" (")
    parts = [name]
    if len(name) > NAME_WIDTH:
        run, colon, checkpoint = name.rpartition(":")
        folder, slash, last = checkpoint.rpartition("/")
        parts = [run + colon, folder + slash, last]
    if bracket:
        parts += textwrap.wrap(f"({repeat}", NAME_WIDTH)
    return "\n".join(part for part in parts if part)
