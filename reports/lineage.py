"""Which stage made each checkpoint from which parents, drawn as `git log --graph` draws.

Every checkpoint is a row, oldest first, with lanes at its left. A child lies in its parent's lane when it
goes on from it, and one to the right when it branches off. An edge that would run through another checkpoint
gets a lane of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from evals.types import Score
from reports.charts import LINE, MUTED, SERIES
from reports.run import Run
from reports.text import count, percent

ROW, LANE, LEFT = 30, 18, 12


@dataclass(frozen=True, slots=True)
class Node:
    """A checkpoint: its parents, the stage that made it, and its figures on the main benchmark.

    `drawn_from` is `parents` with the first replaced by the checkpoint of the same training run before it.
    """

    checkpoint: str
    stage: str
    parents: tuple[str, ...]
    drawn_from: tuple[str, ...]
    weights_digest: str
    lane: int
    accuracy: str
    tokens: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """The nodes in order and the drawing of their edges, `width` pixels wide."""

    nodes: tuple[Node, ...]
    svg: str
    width: int


def lineage(run: Run, benchmark: str | None, split: str) -> Lineage:
    """The lineage of every scored checkpoint."""
    first: dict[str, Score] = {}
    for score in run.scores:
        first.setdefault(score.checkpoint, score)
    lanes: dict[str, int] = {}
    nodes = []
    for name, score in first.items():
        before = _before(first, score)
        drawn = (before, *score.parents[1:]) if before else score.parents
        parent = drawn[0] if drawn else None
        if parent not in lanes:
            lanes[name] = int(bool(lanes))  # a root beside the main line, such as a control
        else:
            branches = score.stage == "long2short" and first[parent].stage != "long2short"
            lanes[name] = lanes[parent] + branches
        shown = run.find(name, benchmark, split) if benchmark else None
        nodes.append(
            Node(
                name,
                score.stage,
                score.parents,
                drawn,
                score.weights_digest,
                lanes[name],
                percent(shown.accuracy.value) if shown else "",
                count(shown.response_tokens_mean) if shown else "",
            )
        )
    return _drawn(tuple(nodes), lanes)


def _before(scores: Mapping[str, Score], score: Score) -> str | None:
    """The last earlier checkpoint of the same training run: `rl/0005` for `rl/0010`."""
    folder = score.checkpoint.rpartition("/")[0]
    found = [
        s
        for s in scores.values()
        if score.iteration is not None
        and s.iteration is not None
        and s.iteration < score.iteration
        and s.parents == score.parents
        and s.checkpoint.rpartition("/")[0] == folder
    ]
    return max(found, key=lambda s: s.iteration or 0).checkpoint if found else None


def _drawn(nodes: tuple[Node, ...], lanes: Mapping[str, int]) -> Lineage:
    rows = {node.checkpoint: i for i, node in enumerate(nodes)}
    routed: dict[str, int] = {}
    free = max(lanes.values(), default=0) + 1
    paths: list[str] = []
    for node in nodes:
        for order, parent in enumerate(p for p in node.drawn_from if p in rows):
            dashed = ' stroke-dasharray="3 3"' if order else ""
            if order == 0 and _clear(nodes, lanes[parent], rows[parent], rows[node.checkpoint]):
                colour = SERIES[0] if lanes[parent] == node.lane else MUTED
                straight = _direct(lanes[parent], rows[parent], node.lane, rows[node.checkpoint])
                paths.append(_path(straight, colour, dashed))
                continue
            if parent not in routed:
                routed[parent] = free + len(routed)
            colour = SERIES[1 + (routed[parent] - free) % (len(SERIES) - 1)]
            around = _around(lanes[parent], rows[parent], routed[parent], node.lane, rows[node.checkpoint])
            paths.append(_path(around, colour, dashed))
    dots = [
        f'<circle cx="{_x(n.lane)}" cy="{_y(i)}" r="5" fill="{SERIES[2 * (n.stage == "long2short")]}"/>'
        for i, n in enumerate(nodes)
    ]
    width = LEFT * 2 + LANE * (free + len(routed) - 1)
    height = ROW * len(nodes)
    edges = "; ".join(f"{n.checkpoint} from {' and '.join(n.parents)}" for n in nodes if n.parents)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" '
        f'role="img" aria-label="Lineage of checkpoints"><title>Lineage of checkpoints</title>'
        f"<desc>{escape(edges)}</desc>"
        + "".join(
            f'<line x1="{_x(n.lane)}" y1="{_y(i)}" x2="{width}" y2="{_y(i)}" stroke="{LINE}"/>'
            for i, n in enumerate(nodes)
        )
        + "".join(paths)
        + "".join(dots)
        + "</svg>"
    )
    return Lineage(nodes, svg, width)


def _clear(nodes: tuple[Node, ...], lane: int, start: int, end: int) -> bool:
    """Whether no checkpoint lies in `lane` between two rows."""
    return not any(node.lane == lane for node in nodes[start + 1 : end])


def _direct(lane_a: int, a: int, lane_b: int, b: int) -> str:
    if lane_a == lane_b:
        return f"M{_x(lane_a)},{_y(a)}V{_y(b)}"
    return f"M{_x(lane_a)},{_y(a)}V{_y(b) - 8}q0,8 8,8H{_x(lane_b)}"


def _around(lane_a: int, a: int, lane: int, lane_b: int, b: int) -> str:
    x = _x(lane)
    return f"M{_x(lane_a)},{_y(a)}H{x - 8}q8,0 8,8V{_y(b) - 8}q0,8 -8,8H{_x(lane_b)}"


def _path(d: str, colour: str, extra: str) -> str:
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="1.6"{extra}/>'


def _x(lane: int) -> int:
    return LEFT + LANE * lane


def _y(row: int) -> int:
    return ROW * row + ROW // 2
