"""Small Vega-Lite charts as static SVG: the same bytes every time, colours that follow the page's theme.

Marks carry the colours of the light theme; `theme_css` maps each to a CSS variable with selectors such as
`svg [fill="#1f5fa8"]`, so a page can turn them for dark mode and the SVG is still right on its own.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Literal

import altair as alt
import vl_convert

Row = Mapping[str, Any]
Box = tuple[float, float, float, float]
Kind = Literal["line", "points", "both"]

WIDTH, HEIGHT = 340, 225
SERIES = ("#1f5fa8", "#b3541e", "#2f7d4f", "#7b4fa0", "#8a6d0b", "#5c6670")
SERIES_DARK = ("#7fb2f0", "#f0a06a", "#7fcf9d", "#c7a0ea", "#dcc05a", "#a9b4bf")
INK, MUTED, LINE = "#20262c", "#5a646e", "#dfe3e7"
THEME = (
    ("ink", INK, "#e6e9ec"),
    ("muted", MUTED, "#a4aeb8"),
    ("line", LINE, "#333b43"),
    *((f"s{i}", light, dark) for i, (light, dark) in enumerate(zip(SERIES, SERIES_DARK, strict=True), 1)),
)
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
MARKS = (
    "M7,5a4,4 0 1 0 8,0a4,4 0 1 0 -8,0",
    "M7.5,1.5h7v7h-7z",
    "M11,1l4.5,8h-9z",
    "M11,0.5l4,4.5l-4,4.5l-4,-4.5z",
    "M11,9l4.5,-8h-9z",
    "M9.5,1h3v2.5h2.5v3h-2.5v2.5h-3v-2.5h-2.5v-3h2.5z",
)
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3])
PLACES = (
    *(
        (align, dx * side, dy)
        for dx, dy in ((8, 0), (7, -10), (7, 10), (7, -18), (7, 18), (7, -28), (7, 28))
        for align, side in (("left", 1), ("right", -1))
    ),
    ("center", 0, -13),
    ("center", 0, 13),
)
"""Where a label may stand beside its point: alignment and offset in pixels, the best first."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart: title, what it shows in words, the numbers drawn, the SVG, and a key to its series."""

    title: str
    description: str
    rows: tuple[Row, ...]
    svg: str
    legend: tuple[tuple[str, int, Kind], ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One line or group of points. Rows have `x`, `y` and maybe `low`, `high` and `label`."""

    name: str
    rows: Sequence[Row]
    colour: int = 0
    line: bool = True
    points: bool = True

    @property
    def kind(self) -> Kind:
        """How the key shows it."""
        return "both" if self.line and self.points else "line" if self.line else "points"


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: title, number format and, where given, its domain."""

    title: str
    format: str = ",~f"
    domain: tuple[float, float] | None = None
    zero: bool = False
    log: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """Panels under one heading with a caption."""

    id: str
    title: str
    caption: str
    panels: tuple[Panel, ...]


def theme_css() -> str:
    """CSS variables of both themes' chart colours, and the rules that put them on SVG marks."""
    light = "".join(f"--{name}:{colour};" for name, colour, _ in THEME)
    dark = "".join(f"--{name}:{colour};" for name, _, colour in THEME)
    rules = "".join(
        f'svg [fill="{colour}"]{{fill:var(--{name})}}svg [stroke="{colour}"]{{stroke:var(--{name})}}'
        for name, colour, _ in THEME
    )
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}{rules}"


def xy(
    title: str, description: str, x: Axis, y: Axis, series: Sequence[Series], height: int = HEIGHT
) -> Panel:
    """Lines, points, bands and labels on two quantitative axes; empty series are left out."""
    layers: list[alt.Chart] = []
    shown = [s for s in series if s.rows]
    x, y = _with_domain(x, shown, "x"), _with_domain(y, shown, "y")
    scale_x, scale_y = _scale(x), _scale(y)
    for s in shown:
        colour = SERIES[s.colour % len(SERIES)]
        data = alt.Data(values=[dict(row) for row in s.rows])
        base = alt.Chart(data).encode(
            x=alt.X("x:Q", title=x.title, scale=scale_x, axis=_axis(x, 5)),
            y=alt.Y("y:Q", title=None, scale=scale_y, axis=_axis(y, 4)),
        )
        banded = [row for row in s.rows if row.get("low") is not None and row.get("high") is not None]
        if banded:
            bands = alt.Chart(alt.Data(values=[dict(row) for row in banded])).encode(
                x=alt.X("x:Q", scale=scale_x, title=x.title),
                y=alt.Y("low:Q", scale=scale_y, title=None),
                y2="high:Q",
            )
            if s.line and len(banded) > 1:
                layers.append(bands.mark_area(fill=colour, fillOpacity=0.16, stroke=None))
            else:
                layers.append(bands.mark_rule(stroke=colour, strokeWidth=1.2, strokeOpacity=0.6))
        across = [row for row in s.rows if row.get("x_low") is not None]
        if across:
            layers.append(
                alt.Chart(alt.Data(values=[dict(row) for row in across]))
                .mark_rule(stroke=colour, strokeWidth=1.2, strokeOpacity=0.6)
                .encode(
                    x=alt.X("x_low:Q", scale=scale_x, title=x.title),
                    x2="x_high:Q",
                    y=alt.Y("y:Q", scale=scale_y, title=None),
                )
            )
        if s.line and len(s.rows) > 1:
            dash = DASHES[s.colour % len(DASHES)] if not s.points else [1, 0]
            layers.append(base.mark_line(stroke=colour, strokeWidth=2, strokeDash=dash))
        if s.points:
            layers.append(
                base.mark_point(
                    shape=SHAPES[s.colour % len(SHAPES)], fill=colour, stroke=None, size=46, opacity=1
                )
            )
    layers += _labels(shown, x, y, scale_x, scale_y, height)
    rows = tuple({"series": s.name, **row} for s in shown for row in s.rows)
    legend = tuple((s.name, s.colour, s.kind) for s in shown) if len(shown) > 1 else ()
    return _panel(title, description, alt.layer(*layers), rows, height, y.title, legend)


def bars(
    title: str, description: str, x_title: str, y_title: str, rows: Sequence[Row], height: int = HEIGHT
) -> Panel:
    """Bars over ordered categories; rows have `x` (text) and `y`."""
    chart = (
        alt.Chart(alt.Data(values=[dict(row) for row in rows]))
        .mark_bar(fill=SERIES[0], stroke=None)
        .encode(
            x=alt.X("x:O", sort=None, title=x_title, axis=alt.Axis(labelAngle=0, ticks=False)),
            y=alt.Y("y:Q", title=None, axis=alt.Axis(format=",d", tickCount=4)),
        )
    )
    return _panel(title, description, chart, tuple(dict(row) for row in rows), height, y_title)


def _with_domain(axis: Axis, series: Sequence[Series], key: str) -> Axis:
    """The axis with a domain that holds every point and interval, a little wider than they are."""
    if axis.domain is not None or axis.log:
        return axis
    names = ("x", "x_low", "x_high") if key == "x" else ("y", "low", "high")
    values = [row[n] for s in series for row in s.rows for n in names if row.get(n) is not None]
    low, high = min(values), max(values)
    low = min(low, 0.0) if axis.zero else low
    room = 0.04 * ((high - low) or abs(high) or 1.0)
    return replace(axis, domain=(low if axis.zero else low - room, high + room))


def _labels(
    series: Sequence[Series], x: Axis, y: Axis, scale_x: alt.Scale, scale_y: alt.Scale, height: int
) -> list[alt.Chart]:
    """Text beside labelled points, each where it covers the fewest points, bars and earlier labels."""
    if x.domain is None or y.domain is None:
        return []
    width, tall = WIDTH - 50.0, height - 62.0
    (x0, x1), (y0, y1) = x.domain, y.domain
    across, up = width / (x1 - x0), tall / (y1 - y0)
    rows = [row for s in series for row in s.rows if not s.line]
    taken: list[tuple[float, float, float, float]] = []
    for row in rows:
        px, py = (row["x"] - x0) * across, (y1 - row["y"]) * up
        taken.append((px - 4, py - 4, px + 4, py + 4))
        if row.get("low") is not None:
            taken.append((px - 1, (y1 - row["high"]) * up, px + 1, (y1 - row["low"]) * up))
        if row.get("x_low") is not None:
            taken.append(((row["x_low"] - x0) * across, py - 1, (row["x_high"] - x0) * across, py + 1))
    layers = []
    for row in rows:
        if not row.get("label"):
            continue
        px, py = (row["x"] - x0) * across, (y1 - row["y"]) * up
        size = 6.0 * len(row["label"])

        def box(place: tuple[str, int, int], px: float = px, py: float = py, size: float = size) -> Box:
            align, dx, dy = place
            left = px + dx - {"left": 0.0, "right": size, "center": size / 2}[align]
            return left, py + dy - 7, left + size, py + dy + 7

        others = [((r["x"] - x0) * across, (y1 - r["y"]) * up) for r in rows if r is not row]

        def cost(
            place: tuple[str, int, int],
            box: Any = box,
            own: tuple[float, float] = (px, py),
            others: Sequence[tuple[float, float]] = others,
        ) -> float:
            found: Box = box(place)
            left, top, right, bottom = found
            outside = max(0.0, -left) + max(0.0, right - width) + max(0.0, -top - 8) + max(0.0, bottom - tall)
            astray = any(_distance(found, other) < _distance(found, own) for other in others)
            covered = sum(_overlap(found, other) for other in taken)
            return 40 * outside + covered + 60 * astray + _distance(found, own)

        best = min(PLACES, key=cost)
        taken.append(box(best))
        align, dx, dy = best
        layers.append(
            alt.Chart(alt.Data(values=[dict(row)]))
            .mark_text(align=align, baseline="middle", dx=dx, dy=dy, fontSize=11, fill=INK)
            .encode(
                x=alt.X("x:Q", scale=scale_x, title=x.title),
                y=alt.Y("y:Q", scale=scale_y, title=None),
                text="label:N",
            )
        )
    return layers


def _distance(box: Box, point: tuple[float, float]) -> float:
    """From a point to the nearest edge of a box."""
    across = max(box[0] - point[0], 0.0, point[0] - box[2])
    return math.hypot(across, max(box[1] - point[1], 0.0, point[1] - box[3]))


def _overlap(a: Box, b: Box) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def _scale(axis: Axis) -> alt.Scale:
    if axis.log:
        return alt.Scale(type="log", nice=True)
    return alt.Scale(domain=list(axis.domain or (0.0, 1.0)), nice=False, zero=False)


def _axis(axis: Axis, ticks: int) -> alt.Axis:
    values = [10.0**power for power in range(-12, 4)] if axis.log else alt.Undefined
    return alt.Axis(format=axis.format, tickCount=ticks, values=values)


def _panel(
    title: str,
    description: str,
    chart: Any,
    rows: tuple[Row, ...],
    height: int,
    y_title: str,
    legend: tuple[tuple[str, int, Kind], ...] = (),
) -> Panel:
    text = {"labelFontSize": 12, "titleFontSize": 12, "labelColor": MUTED, "titleColor": MUTED}
    spec = (
        chart.properties(
            title=y_title,
            width=WIDTH,
            height=height,
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        )
        .configure_view(stroke=None)
        .configure_axis(
            grid=True,
            gridColor=LINE,
            domainColor=MUTED,
            tickColor=MUTED,
            titleFontWeight="normal",
            titlePadding=8,
            labelPadding=4,
            **text,
        )
        .configure_axisX(grid=False)
        .configure_axisY(domain=False, ticks=False)
        .configure_title(
            anchor="start", frame="bounds", fontSize=12, fontWeight="normal", color=MUTED, offset=6
        )
    )
    described = spec.to_dict(validate=False)
    described["background"] = None
    described["padding"] = {"left": 2, "right": 8, "top": 2, "bottom": 2}
    described["config"] |= {"font": "sans-serif", "aria": False}
    svg = vl_convert.vegalite_to_svg(json.dumps(described, sort_keys=True))
    return Panel(title, description, rows, _tidy(svg, title, description), legend)


def _tidy(svg: str, title: str, description: str) -> str:
    """Scalable size, accessible name and description, no ids that change from call to call."""
    clips = list(dict.fromkeys(re.findall(r'id="([^"]+)"', svg)))
    key = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    for number, name in enumerate(clips):
        svg = svg.replace(f'id="{name}"', f'id="{key}-{number}"').replace(
            f"url(#{name})", f"url(#{key}-{number})"
        )
    svg = re.sub(r"(-?\d+\.\d{2})\d+", r"\1", svg)
    opening = re.match(r"<svg[^>]*>", svg)
    if opening is None:
        raise ValueError("vl-convert gave no SVG.")
    box = re.search(r'viewBox="([^"]+)"', opening.group(0))
    width, height = (box.group(1) if box else f"0 0 {WIDTH} {HEIGHT}").split()[2:]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(title + ". " + description)}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    )
    return head + svg[opening.end() :]


def swatch(colour: int, kind: Kind) -> str:
    """The key's picture of a series, 22 by 10 pixels, without the svg element."""
    place = colour % len(SERIES)
    dash = " ".join(map(str, DASHES[place])) if kind == "line" else "none"
    line = (
        f'<path d="M0,5H22" stroke="{SERIES[place]}" stroke-width="2" stroke-dasharray="{dash}" fill="none"/>'
    )
    mark = f'<path d="{MARKS[place]}" fill="{SERIES[place]}"/>'
    return {"line": line, "points": mark, "both": line + mark}[kind]
