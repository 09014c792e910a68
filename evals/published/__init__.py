"""Published numbers as typed data. Each file states its source.

Of the Kimi k1.5 report (arXiv:2501.12599), `tables.json` holds tables 2 and 3 in percent; `figures.json` the
curves of figures 5 and 7 to 10, read from the vector drawings, and the slopes printed in figures 6 and 8;
`claims.json` the claims C1 to C9. `models.json` holds what others published of models that users run.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from evals.published.models import published_models
from evals.published.number import Published

__all__ = [
    "Curve",
    "Published",
    "PublishedClaim",
    "PublishedSlope",
    "claims",
    "curves",
    "published",
    "published_models",
    "published_numbers",
    "slopes",
]

SOURCE = "arXiv:2501.12599"


@dataclass(frozen=True, slots=True)
class Curve:
    """One series of a figure: points in order, accuracy in [0, 1], mean response tokens.

    `step` (iterations of figures 5 and 9, steps of 10) or `tokens` is empty where the figure has none.
    """

    figure: int
    benchmark: str
    series: str
    step: tuple[int, ...]
    tokens: tuple[float, ...]
    accuracy: tuple[float, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PublishedSlope:
    """A slope printed in figure 6 or 8, in accuracy (0 to 1) per response token."""

    figure: int
    benchmark: str
    series: str
    per_token: float
    source: str


@dataclass(frozen=True, slots=True)
class PublishedClaim:
    """A claim that a reproduction can test.

    `figure` and `paper`, what the report measured, are None where it has none.
    """

    id: str
    claim: str
    figure: int | None
    paper: str | None
    source: str
    method: str


@cache
def published() -> tuple[Published, ...]:
    """Every cell of tables 2 and 3, row by row."""
    return tuple(
        Published(
            model=model,
            benchmark=row["benchmark"],
            metric=row["metric"],
            percent=percent,
            column=table["caption"],
            source=f"{SOURCE}, table {table['table']}",
            notes=row["notes"],
            problems=row["problems"],
            runs=row["runs"],
            window=tuple(row["window"]) if "window" in row else None,
            protocol=row.get("protocol", ""),
        )
        for table in _load("tables.json")["tables"]
        for row in table["rows"]
        for model, percent in zip(table["models"], row["values"], strict=True)
    )


def published_numbers() -> tuple[Published, ...]:
    """Every published number: the report's tables, then those of `models.json`."""
    return published() + published_models()


@cache
def curves() -> tuple[Curve, ...]:
    """Every curve of figures 5, 7, 8, 9 and 10. The points of figure 7 are curves of one point."""
    data = _load("figures.json")
    found = [_curve(5, benchmark, "Kimi k1.5", points) for benchmark, points in data["figure5"].items()]
    for figure in (7, 8, 10):
        for benchmark, group in data[f"figure{figure}"].items():
            found += [_curve(figure, benchmark, series, points) for series, points in group.items()]
    found += [_curve(9, "total", series, data["figure9"][series]) for series in ("uniform", "curriculum")]
    return tuple(found)


@cache
def slopes() -> tuple[PublishedSlope, ...]:
    """The slopes printed in figure 6 (series `Kimi k1.5`) and figure 8 (`small` and `large`)."""
    data = _load("figures.json")
    found = [
        _slope(6, benchmark, "Kimi k1.5", value)
        for benchmark, value in data["figure6_published_slopes_per_token"].items()
    ]
    for benchmark, group in data["figure8_published_slopes_per_token"].items():
        found += [_slope(8, benchmark, series, value) for series, value in group.items()]
    return tuple(found)


@cache
def claims() -> tuple[PublishedClaim, ...]:
    """The claims C1 to C9, in order."""
    return tuple(PublishedClaim(**claim) for claim in _load("claims.json")["claims"])


def _curve(figure: int, benchmark: str, series: str, points: dict[str, Any]) -> Curve:
    accuracy = points["accuracy"] if "accuracy" in points else [points["accuracy_percent"] / 100]
    tokens = points.get("mean_response_tokens", [])
    return Curve(
        figure=figure,
        benchmark=benchmark,
        series=series,
        step=tuple(points.get("iteration", points.get("step", []))),
        tokens=tuple(tokens if isinstance(tokens, list) else [tokens]),
        accuracy=tuple(accuracy),
        source=f"{SOURCE}, figure {figure}, read from the vector drawing",
    )


def _slope(figure: int, benchmark: str, series: str, value: float) -> PublishedSlope:
    return PublishedSlope(
        figure, benchmark, series, value, f"{SOURCE}, figure {figure}, as printed in the figure"
    )


def _load(name: str) -> Any:
    return json.loads(files(__name__).joinpath(name).read_text("utf-8"))
