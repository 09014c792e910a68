"""The figures of a report: this run's numbers beside the paper's (figures 5, 6 and 7 of arXiv:2501.12599)."""

from collections.abc import Callable, Sequence
from typing import Any

from evals import published
from evals.metrics import fit_line
from evals.types import Interval, Score
from reports.charts import Axis, Figure, Panel, Row, Series, bars, xy
from reports.claims import penalty_free
from reports.names import PLAIN_AVERAGE, key_scores, label, method_of, rl_trajectory, short_methods
from reports.run import Run
from reports.text import count, percent, plural, signed

ACCURACY = Axis("accuracy, %", ".0f")
TOKENS = Axis("mean response tokens", ",.0f")
ITERATION = Axis("RL iteration", ",.0f")
PAPER_CURVES = (
    ("MATH500", "MATH-500", 1),
    ("AIME2024", "AIME 2024", 2),
    ("total@temp_1.0", "all benchmarks", 3),
)
PAPER_METHODS = {
    "k1.5-long": "k1.5-long",
    "k1.5-short w/ rl": "RL",
    "k1.5-short w/ dpo": "DPO",
    "k1.5-short w/ merge + rs": "merge + rs",
    "k1.5-short w/ merge": "merge",
    "k1.5-shortest": "shortest",
}


def all_figures(run: Run, benchmark: str, split: str) -> tuple[Figure, ...]:
    """Every figure for which the run has numbers, in the order of the report."""
    made = (
        growth(run, benchmark, split),
        accuracy_by_length(run, benchmark, split),
        token_efficiency(run, benchmark, split),
        levels(run, benchmark, split),
        families(run, benchmark, split),
        curation(run),
        training(run),
        losses(run),
    )
    return tuple(figure for figure in made if figure is not None)


def growth(run: Run, benchmark: str, split: str) -> Figure | None:
    """Accuracy and mean response tokens over RL iterations beside the curves of figure 5."""
    rows = rl_trajectory(run, benchmark, split)
    if len(rows) < 2:
        return None
    first, last = rows[0][1], rows[-1][1]
    accuracy = [_point(i, s.accuracy, 100) for i, s in rows]
    tokens = [_point(i, run.tokens_interval(s) or s.response_tokens_mean) for i, s in rows]
    paper = {name: _curve(5, key) for key, name, _ in PAPER_CURVES}
    paper_accuracy = [
        Series(name, [{"x": x, "y": 100 * y} for x, _, y in paper[name]], colour, points=False)
        for _, name, colour in PAPER_CURVES
    ]
    paper_tokens = [
        Series(name, [{"x": x, "y": t} for x, t, _ in paper[name]], colour, points=False)
        for _, name, colour in PAPER_CURVES
    ]
    panels = (
        xy(
            "This run: accuracy over RL",
            f"From {percent(first.accuracy.value)} to {percent(last.accuracy.value)} percent "
            f"over {plural(rows[-1][0], 'iteration')}.",
            ITERATION,
            ACCURACY,
            [Series("this run", accuracy)],
        ),
        xy(
            "Paper, figure 5: accuracy",
            "MATH-500, AIME 2024 and all benchmarks over 156 iterations, all rising.",
            ITERATION,
            ACCURACY,
            paper_accuracy,
        ),
        xy(
            "This run: response length over RL",
            f"From {count(first.response_tokens_mean)} to {count(last.response_tokens_mean)} mean tokens.",
            ITERATION,
            TOKENS,
            [Series("this run", tokens)],
        ),
        xy(
            "Paper, figure 5: response length",
            "MATH-500, AIME 2024 and all benchmarks over 156 iterations, all rising.",
            ITERATION,
            TOKENS,
            paper_tokens,
        ),
    )
    return Figure(
        "growth",
        "Accuracy and response length over RL",
        f"{_protocol(last)} Iteration 0 is {rows[0][1].checkpoint}. Bands are 95 % intervals clustered by "
        f"problem. {_penalty(run, rows)} The paper's curves are read from its vector drawings and are of "
        "another model on other benchmarks: compare the shapes, not the heights.",
        panels,
    )


def accuracy_by_length(run: Run, benchmark: str, split: str) -> Figure | None:
    """Accuracy against mean response tokens over checkpoints with the fitted slope (figure 6)."""
    rows = rl_trajectory(run, benchmark, split)
    if len(rows) < 2:
        return None
    points = [
        {
            **_point(s.response_tokens_mean, s.accuracy, 100),
            "iteration": i,
            "label": str(i) if i in (rows[0][0], rows[-1][0]) else "",
        }
        for i, s in rows
    ]
    paper = [{"x": t, "y": 100 * a} for _, t, a in _curve(5, "total@temp_1.0")]
    slope = next(s for s in published.slopes() if s.figure == 6 and s.benchmark == "total@temp_1.0")
    fitted, words = _fitted([(p["x"], p["y"]) for p in points])
    paper_fit, _ = _fitted([(p["x"], p["y"]) for p in paper])
    ratio = max(p["x"] for p in paper) / max(p["x"] for p in points)
    others = sorted(s.per_token for s in published.slopes() if s.figure == 6)
    panels = (
        xy(
            "This run: accuracy against length",
            f"One point per RL checkpoint. {words}",
            TOKENS,
            ACCURACY,
            [Series("fit", fitted, 5, points=False), Series("RL checkpoints", points, line=False)],
        ),
        xy(
            "Paper, figure 6: all benchmarks",
            f"Printed slope {signed(1e4 * slope.per_token, 2)} accuracy points per 100 tokens.",
            TOKENS,
            ACCURACY,
            [Series("fit", paper_fit, 5, points=False), Series("iterations", paper, 3, line=False)],
        ),
    )
    return Figure(
        "length",
        "Accuracy against response length",
        f"{words} The paper prints {signed(1e4 * slope.per_token, 2)} for all benchmarks together and "
        f"{signed(1e4 * others[0], 2)} to {signed(1e4 * others[-1], 2)} for each; its responses are up to "
        f"{ratio:.0f} times as long, so compare the sign only.",
        panels,
    )


def token_efficiency(run: Run, benchmark: str, split: str) -> Figure | None:
    """Accuracy against tokens of every long2short model beside figure 7."""
    scored = run.of(benchmark, split, "long2short")
    if not scored:
        return None
    keys = key_scores(run, benchmark, split)
    shown = [s for s in (keys.sft, keys.long_cot, keys.rl) if s is not None]
    standing = [*shown, *short_methods(run, benchmark, split).values(), *([keys.short] if keys.short else [])]
    named = {PLAIN_AVERAGE, *(s.checkpoint for s in standing)}

    def row(score: Score) -> dict[str, Any]:
        tokens = run.tokens_interval(score)
        return {
            **_point(score.response_tokens_mean, score.accuracy, 100),
            "x_low": tokens.low if tokens else None,
            "x_high": tokens.high if tokens else None,
            "label": label(score.checkpoint) if score.checkpoint in named else "",
            "checkpoint": score.checkpoint,
        }

    ours = xy(
        "This run: token efficiency",
        "Accuracy against mean response tokens of every long2short model and of the models they come from.",
        Axis("mean response tokens", ",.0f", zero=True),
        ACCURACY,
        [
            Series("stages before long2short", [row(s) for s in shown], 5, line=False),
            Series("long2short", [row(s) for s in scored if method_of(s.checkpoint)], 0, line=False),
            Series("controls", [row(s) for s in scored if not method_of(s.checkpoint)], 1, line=False),
        ],
        height=500,
    )
    return Figure(
        "efficiency",
        "Token efficiency",
        f"{_protocol(scored[-1])} Up and to the left is better. Bars are 95 % intervals clustered by "
        "problem. The paper's points (figure 7) are read from its vector drawing.",
        (ours, *(_paper_efficiency(name) for name in ("MATH-500", "AIME 2024"))),
    )


def levels(run: Run, benchmark: str, split: str) -> Figure | None:
    """Accuracy and length of each level over RL, a pair of panels per family."""
    rows = rl_trajectory(run, benchmark, split)
    if len(rows) < 2:
        return None
    tags = [t for t in rows[0][1].by_tag if t.startswith("level=") and all(t in s.by_tag for _, s in rows)]
    groups: dict[str, list[str]] = {}
    for tag in sorted(tags):
        groups.setdefault(tag.removeprefix("level=").rsplit("-", 1)[0], []).append(tag)
    panels: list[Panel] = []
    for family, names in groups.items():
        for what, axis, value in (
            ("accuracy", ACCURACY, lambda s: s.accuracy),
            ("response length", TOKENS, lambda s: s.response_tokens_mean),
        ):
            panels.append(_tag_panel(f"{family}: {what} by level", axis, rows, names, value))
    if not panels:
        return None
    return Figure(
        "levels",
        "By level",
        f"{_protocol(rows[-1][1])} Bands are 95 % intervals clustered by problem. Iteration 0 is "
        f"{rows[0][1].checkpoint}.",
        tuple(panels),
    )


def families(run: Run, benchmark: str, split: str) -> Figure | None:
    """Accuracy and length of each family over RL."""
    rows = rl_trajectory(run, benchmark, split)
    if len(rows) < 2:
        return None
    tags = sorted(
        t for t in rows[0][1].by_tag if t.startswith("family=") and all(t in s.by_tag for _, s in rows)
    )
    if len(tags) < 2:
        return None
    panels = (
        _tag_panel("Accuracy by family", ACCURACY, rows, tags, lambda s: s.accuracy),
        _tag_panel("Response length by family", TOKENS, rows, tags, lambda s: s.response_tokens_mean),
    )
    return Figure("families", "By family", _protocol(rows[-1][1]), panels)


def curation(run: Run) -> Figure | None:
    """The histogram of pass rates of section 2.1 over all candidate prompts."""
    histogram = (run.curation or {}).get("pass_rate_histogram")
    if not isinstance(histogram, list) or not histogram:
        return None
    top = len(histogram) - 1
    rows = [{"x": f"{i}/{top}" if top else "0", "y": n} for i, n in enumerate(histogram)]
    panel = bars(
        "Pass rate of candidate prompts",
        f"{count(histogram[0])} of {count(sum(histogram))} candidates were never answered right, "
        f"{count(histogram[-1])} always.",
        f"right answers of {top}",
        "prompts",
        rows,
    )
    caption = f"The SFT model answers each candidate {top} times; difficulty is 1 − pass rate (section 2.1)."
    return Figure("pass-rates", "Pass rates before curation", caption, (panel,))


def training(run: Run) -> Figure | None:
    """What RL training itself saw, iteration by iteration."""
    rows = run.rl_metrics
    if not rows:
        return None

    def series(name: str, key: str, colour: int = 0, scale: float = 1.0) -> Series:
        return Series(name, _metric(rows, key, scale), colour, points=False)

    equal = [
        {"x": r.get("iteration", 0), "y": 100 * r["zero_variance_groups"] / r["groups"]}
        for r in rows
        if r.get("groups") and r.get("zero_variance_groups") is not None
    ]
    panels = [
        xy(
            "Training accuracy",
            "Share of right responses among those sampled for training.",
            ITERATION,
            ACCURACY,
            [series("accuracy", "accuracy", 0, 100)],
        ),
        xy(
            "Training response length",
            "Mean and 90th percentile of response tokens.",
            ITERATION,
            Axis("response tokens", ",.0f"),
            [series("mean", "response_tokens_mean"), series("90th percentile", "response_tokens_p90", 1)],
        ),
        xy(
            "Log-ratio to the iteration's start",
            "Mean log-ratio and mean |log-ratio| of the policy to the one that sampled, per response, at the "
            "last minibatch, before its step.",
            ITERATION,
            Axis("nats per response", ".2~f"),
            [series("mean", "log_ratio_mean"), series("mean |log-ratio|", "log_ratio_abs_mean", 1)],
        ),
        xy(
            "Groups without reward variance",
            "Share of groups whose shaped rewards are all equal.",
            ITERATION,
            Axis("groups, %", ".0f", zero=True),
            [Series("without variance", equal, 0, points=False)],
        ),
    ]
    gaps = [
        Series(name, [r for r in _metric(rows, key) if r["y"] > 0], colour, points=False)
        for name, key, colour in (
            ("mean", "sampler_gap_mean", 0),
            ("largest", "sampler_gap_max", 1),
            ("canary", "canary_gap", 2),
        )
    ]
    if any(s.rows for s in gaps):
        panels.append(
            xy(
                "Gap between sampler and trainer",
                "Absolute difference of token log-probs: mean, largest, and on the canary sequences.",
                ITERATION,
                Axis("nats per token", ".0e", log=True),
                gaps,
            )
        )
    weights = _metric(rows, "length_penalty_weight")
    if any(r["y"] for r in weights):
        panels.append(
            xy(
                "Length penalty weight",
                "Weight of the length reward (section 2.3.3).",
                ITERATION,
                Axis("weight", ".2~f", zero=True),
                [Series("weight", weights, 0, points=False)],
            )
        )
    return Figure(
        "training",
        "RL training",
        f"{plural(len(rows), 'iteration')}; training problems, temperature as in the recipe."
        f"{_partial_rollouts(run)}",
        tuple(panels),
    )


def _partial_rollouts(run: Run) -> str:
    """What a reader must know of the first iterations where a rollout is drawn in segments."""
    segment = (run.recipe.get("rl") or {}).get("segment_tokens")
    if not segment:
        return ""
    return (
        f" Partial rollouts: a rollout draws at most {count(segment)} tokens in an iteration, and a group is "
        "judged once all its responses have ended. So the accuracy and the length of the first iterations are "
        "of the problems with short responses, the easy ones, and are not comparable with later ones."
    )


def losses(run: Run) -> Figure | None:
    """The loss of every supervised stage and of DPO."""
    panels = []
    for stage, rows in sorted(run.metrics.items()):
        points = _metric(rows, "loss", x="step")
        if stage.split("/")[0] != "rl" and len(points) > 1:
            panels.append(
                xy(
                    f"Loss: {stage.replace('_', ' ')}",
                    f"From {points[0]['y']:.3g} to {points[-1]['y']:.3g} in {plural(len(points), 'row')}.",
                    Axis("step", ",.0f"),
                    Axis("loss", ".2~f"),
                    [Series("loss", points, 0, points=False)],
                    height=200,
                )
            )
    return Figure("losses", "Losses of the other stages", "As logged.", tuple(panels)) if panels else None


def _tag_panel(
    title: str,
    axis: Axis,
    rows: Sequence[tuple[int, Score]],
    tags: Sequence[str],
    value: Callable[[Any], Interval | float],
) -> Panel:
    scale = 100 if axis is ACCURACY else 1
    series = [
        Series(tag.partition("=")[2], [_point(i, value(s.by_tag[tag]), scale) for i, s in rows], n)
        for n, tag in enumerate(tags)
    ]
    ends = "; ".join(f"{s.name} {s.rows[0]['y']:.0f} to {s.rows[-1]['y']:.0f}" for s in series)
    return xy(title, f"{axis.title.capitalize()}: {ends}.", ITERATION, axis, series)


def _paper_efficiency(benchmark: str) -> Panel:
    groups: dict[str, list[Row]] = {"long2short": [], "long": [], "others": []}
    for curve in published.curves():
        if curve.figure != 7 or curve.benchmark != benchmark:
            continue
        mine = curve.series in PAPER_METHODS
        group = "long" if curve.series == "k1.5-long" else "long2short" if mine else "others"
        name = PAPER_METHODS.get(curve.series, "")
        groups[group].append(
            {"x": curve.tokens[0], "y": 100 * curve.accuracy[0], "label": name, "model": curve.series}
        )
    return xy(
        f"Paper, figure 7: {benchmark}",
        f"Accuracy against mean response tokens of Kimi k1.5's long2short models and others, {benchmark}.",
        Axis("mean response tokens", ",.0f", zero=True),
        ACCURACY,
        [
            Series("other models", groups["others"], 3, line=False),
            Series("k1.5-long", groups["long"], 5, line=False),
            Series("long2short", groups["long2short"], 0, line=False),
        ],
        height=290,
    )


def _curve(figure: int, benchmark: str) -> list[tuple[float, float, float]]:
    """(step, tokens, accuracy) of a published curve."""
    curve = next(c for c in published.curves() if c.figure == figure and c.benchmark == benchmark)
    return list(zip(curve.step, curve.tokens, curve.accuracy, strict=True))


def _point(x: float, y: Interval | float, scale: float = 1.0) -> dict[str, Any]:
    if isinstance(y, Interval):
        return {"x": x, "y": scale * y.value, "low": scale * y.low, "high": scale * y.high}
    return {"x": x, "y": scale * y}


def _metric(
    rows: Sequence[Row], key: str, scale: float = 1.0, x: str = "iteration"
) -> list[dict[str, float]]:
    found = [(row.get(x), row.get(key)) for row in rows]
    return [
        {"x": a, "y": scale * b}
        for a, b in found
        if isinstance(a, int | float) and isinstance(b, int | float)
    ]


def _fitted(points: Sequence[tuple[float, float]]) -> tuple[list[Row], str]:
    """Both ends of the least-squares line, and the slope in words."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if len(points) < 3 or min(xs) == max(xs):
        return [], "Too few checkpoints for a slope."
    line = fit_line(xs, ys)
    ends = [{"x": x, "y": line.intercept + line.slope.value * x} for x in (min(xs), max(xs))]
    low, high = signed(100 * line.slope.low, 2), signed(100 * line.slope.high, 2)
    words = (
        f"Slope {signed(100 * line.slope.value, 2)} [{low}, {high}] accuracy points per 100 tokens "
        f"over {plural(line.points, 'checkpoint')}, r = {line.correlation:.2f}."
    )
    return list(ends), words


def _penalty(run: Run, rows: Sequence[tuple[int, Score]]) -> str:
    on = [i for i, _ in rows if not penalty_free(run, i)]
    return f"The length penalty was on from iteration {on[0]}." if on else "The length penalty was off."


def _protocol(score: Score) -> str:
    return (
        f"{score.benchmark}, {score.split} split: {count(score.problems)} problems × "
        f"{plural(score.samples_per_problem, 'sample')}, temperature {score.sampling.temperature:g}, at most "
        f"{count(score.sampling.max_tokens)} tokens."
    )
