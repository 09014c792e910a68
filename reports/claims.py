"""The paper's claims, each measured from a run by a rule that the recipe fixed beforehand.

Claims C1–C9 are those of sections 3.3–3.5 (and 2.3.3, 2.3.5, 2.6) of arXiv:2501.12599. A rule is data: its
parameters stand in the recipe under `claims.<id>.rule`, the rule in words under `claims.<id>.text`. A claim
that the recipe does not name, or that has no measurement here, reads `not measured`, with the reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals import published
from evals.metrics import fit_line
from evals.types import Interval, Score
from reports.compare import difference
from reports.names import (
    METHOD_LABELS,
    PLAIN_AVERAGE,
    main_benchmark,
    method_of,
    on_validation,
    rl_start,
    short_methods,
)
from reports.run import ReportError, Run
from reports.text import count, listed, percent, plural, signed, signed_interval, with_sign

Outcome = Literal["reproduced", "not reproduced", "inconclusive", "not measured"]


class Rule(BaseModel):
    """What every rule may set: which scores it reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    benchmark: str | None = Field(None, description="default: the benchmark with the most scored checkpoints")
    split: Literal["validation", "test"] = "test"


class TrendRule(Rule):
    """Rule of C1 and C2: trends over RL checkpoints made while the length penalty was off."""

    min_checkpoints: int = Field(4, ge=3)
    include_start: bool = Field(True, description="take the checkpoint that RL started from as iteration 0")


class GrowthRule(TrendRule):
    """Rule of C1."""

    harder_faster: bool = Field(
        True, description="require that the hardest level lengthens faster than the easiest"
    )


class ShortRule(Rule):
    """Rule of C3."""

    margin: float = Field(
        0.03, ge=0, le=1, description="accuracy that long2short RL may lose on the long model"
    )
    min_methods: int = Field(2, ge=1, description="other methods that must have been scored")
    long: str | None = Field(None, description="default: the last RL checkpoint")
    methods: Mapping[str, str] = Field(default_factory=dict, description="method: checkpoint id")


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """One row of the claims table."""

    id: str
    claim: str
    paper: str
    source: str
    measured: str
    effect: Interval | None
    effect_unit: str
    seeds: tuple[int, ...]
    verdict: Outcome
    why: str
    rule: str
    parameters: Mapping[str, Any]
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a measurement gives; `ClaimResult` adds the claim's own text."""

    verdict: Outcome
    why: str
    measured: str = "–"
    effect: Interval | None = None
    effect_unit: str = ""
    details: tuple[str, ...] = ()


def measure_all(run: Run) -> tuple[ClaimResult, ...]:
    """Every claim, in order, with this run's verdict."""
    entries = run.recipe.get("claims") or {}
    check_rules(entries)
    return tuple(_result(claim, run, entries.get(claim.id)) for claim in published.claims())


def check_rules(entries: Any) -> None:
    """Raise `ReportError` with one sentence when a recipe's `claims` cannot be used."""
    if not isinstance(entries, Mapping):
        raise ReportError("The recipe's `claims` should map claim ids to rules.")
    known = [claim.id for claim in published.claims()]
    for name, entry in entries.items():
        if name not in known:
            raise ReportError(f"The recipe's `claims` has {name!r}; it may have {', '.join(known)}.")
        if not isinstance(entry, Mapping) or not set(entry) <= {"rule", "text"}:
            raise ReportError(f"The recipe's `claims.{name}` should have `rule` and `text` and nothing else.")
        if name in MEASURES:
            _parse(name, MEASURES[name][0], entry)


def _parse(name: str, rule: type[Rule], entry: Mapping[str, Any]) -> Rule:
    try:
        return rule.model_validate(entry.get("rule") or {})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(["claims", name, "rule", *map(str, first["loc"])])
        raise ReportError(f"The recipe's `{where}` is not usable: {first['msg']}.") from error


def _result(claim: published.PublishedClaim, run: Run, entry: Mapping[str, Any] | None) -> ClaimResult:
    parameters: dict[str, Any] = {}
    if claim.id not in MEASURES:
        finding = Finding("not measured", WHY_NOT[claim.id])
    elif entry is None:
        finding = Finding("not measured", "The recipe fixes no rule for this claim.")
    else:
        model, measure = MEASURES[claim.id]
        rule = _parse(claim.id, model, entry)
        parameters = {k: v for k, v in rule.model_dump(exclude_none=True).items() if v != {}}
        finding = measure(run, rule)
    return ClaimResult(
        id=claim.id,
        claim=claim.claim[0].upper() + claim.claim[1:],
        paper=(claim.paper or "stated in the text, without a number").replace(" %", "\u00a0%"),
        source=claim.source,
        measured=finding.measured,
        effect=finding.effect,
        effect_unit=finding.effect_unit,
        seeds=() if finding.verdict == "not measured" else run.seeds,
        verdict=finding.verdict,
        why=finding.why,
        rule=str((entry or {}).get("text") or ""),
        parameters=parameters,
        details=finding.details,
    )


def penalty_free(run: Run, iteration: int) -> bool:
    """Whether no RL iteration up to `iteration` had a length penalty (section 2.3.3: warm-up without it)."""
    weights = [
        r.get("length_penalty_weight", 0.0) for r in run.rl_metrics if r.get("iteration", 0) <= iteration
    ]
    return not any(weights)


def trend_scores(run: Run, rule: TrendRule) -> tuple[tuple[int, Score], ...]:
    """(iteration, score) of RL checkpoints with the penalty off, the start as iteration 0 if asked for."""
    benchmark = rule.benchmark or main_benchmark(run, rule.split)
    if benchmark is None:
        return ()
    rows = {
        s.iteration: s
        for s in run.of(benchmark, rule.split, "rl")
        if s.iteration is not None and penalty_free(run, s.iteration)
    }
    start = rl_start(run, benchmark, rule.split)
    if rule.include_start and start is not None and 0 not in rows:
        rows[0] = start
    return tuple(sorted(rows.items()))


def _scaled(interval: Interval, scale: float) -> Interval:
    return Interval(interval.value * scale, interval.low * scale, interval.high * scale)


def _sign(interval: Interval) -> int:
    """1 when the interval lies above 0, −1 when below, 0 when it holds 0 (or is unknown)."""
    if interval.low > 0:
        return 1
    return -1 if interval.high < 0 else 0


def _few(found: int, rule: TrendRule) -> Finding:
    return Finding(
        "not measured",
        f"{plural(found, 'RL checkpoint')} with the length penalty off scored on the {rule.split} split; "
        f"the rule asks for {rule.min_checkpoints}.",
    )


def growth(run: Run, rule: GrowthRule) -> Finding:
    """C1 (figure 5): slopes over RL iterations of accuracy and of mean response tokens are both above 0."""
    rows = trend_scores(run, rule)
    if len(rows) < rule.min_checkpoints:
        return _few(len(rows), rule)
    steps = [float(i) for i, _ in rows]
    accuracy = _scaled(fit_line(steps, [s.accuracy.value for _, s in rows]).slope, 1000)
    tokens = _scaled(fit_line(steps, [s.response_tokens_mean for _, s in rows]).slope, 10)
    first, last = rows[0][1], rows[-1][1]
    parts = [("accuracy", _sign(accuracy)), ("response length", _sign(tokens))]
    details = [
        f"Accuracy: {signed_interval(accuracy, 2)} points per 10 iterations.",
        f"Mean response tokens: {signed_interval(tokens)} per 10 iterations.",
    ]
    harder = harder_levels(rows)
    if harder is None:
        details.append("Harder levels: fewer than two levels were scored.")
    else:
        easy, hard, gap = harder
        details.append(
            f"The hardest level ({hard}) lengthens by {signed_interval(gap, 1, 10)} tokens per 10 iterations "
            f"more than the easiest ({easy})."
        )
    if rule.harder_faster:
        parts.append(("harder levels lengthening faster", 0 if harder is None else _sign(harder[2])))
    verdict, why = _verdict(parts)
    measured = (
        f"accuracy {percent(first.accuracy.value)} → {with_sign(last.accuracy.value)} and "
        f"{count(first.response_tokens_mean)} → {count(last.response_tokens_mean)} tokens in "
        f"{plural(rows[-1][0] - rows[0][0], 'iteration')} ({plural(len(rows), 'checkpoint')})"
    )
    return Finding(verdict, why, measured, accuracy, "accuracy points per 10 iterations", tuple(details))


def _verdict(parts: list[tuple[str, int]]) -> tuple[Outcome, str]:
    """All above 0: reproduced; any below: not reproduced; otherwise inconclusive."""
    below = [name for name, sign in parts if sign < 0]
    open_ = [name for name, sign in parts if sign == 0]
    if below:
        return "not reproduced", f"The interval of {listed(below)} lies below 0."
    if open_:
        return "inconclusive", f"The interval of {listed(open_)} does not exclude 0."
    return "reproduced", f"The intervals of {listed([name for name, _ in parts])} all lie above 0."


def harder_levels(rows: tuple[tuple[int, Score], ...]) -> tuple[str, str, Interval] | None:
    """(easiest level, hardest level, slope of their difference in tokens per iteration).

    Levels are ordered by accuracy at the first checkpoint; the difference is taken checkpoint by checkpoint,
    so that what both levels share drops out.
    """
    levels = [t for t in rows[0][1].by_tag if t.startswith("level=") and all(t in s.by_tag for _, s in rows)]
    if len(levels) < 2:
        return None
    ranked = sorted(levels, key=lambda t: (-rows[0][1].by_tag[t].accuracy.value, t))
    easy, hard = ranked[0], ranked[-1]
    gaps = [s.by_tag[hard].response_tokens_mean - s.by_tag[easy].response_tokens_mean for _, s in rows]
    return (
        easy.removeprefix("level="),
        hard.removeprefix("level="),
        fit_line([float(i) for i, _ in rows], gaps).slope,
    )


def length_trend(run: Run, rule: TrendRule) -> Finding:
    """C2 (figure 6): the slope of accuracy on mean response tokens over the RL checkpoints is above 0."""
    rows = trend_scores(run, rule)
    if len(rows) < rule.min_checkpoints:
        return _few(len(rows), rule)
    tokens = [s.response_tokens_mean for _, s in rows]
    accuracy = [s.accuracy.value for _, s in rows]
    if max(tokens) - min(tokens) < 1e-9:
        return Finding("inconclusive", "Response length does not vary over the checkpoints.")
    line = fit_line(tokens, accuracy)
    fitted, correlation = line.slope, line.correlation
    verdict, why = _verdict([("the slope", _sign(fitted))])
    why = why.replace("The intervals of the slope all lie", "The interval of the slope lies")
    measured = (
        f"r = {correlation:.2f} over {plural(len(rows), 'checkpoint')} of {count(min(tokens))} to "
        f"{count(max(tokens))} mean response tokens"
    )
    paper = sorted(1e4 * s.per_token for s in published.slopes() if s.figure == 6)
    unit = f"accuracy points per 100 tokens (the paper: {signed(paper[0], 2)} to {signed(paper[-1], 2)})"
    return Finding(verdict, why, measured, _scaled(fitted, 1e4), unit)


def _long_model(run: Run, rule: ShortRule, benchmark: str, rl: Score) -> Score | None:
    """The model that long2short shortens: the rule's, else the last of RL, else long2short RL's ancestor."""
    last = max(run.of(benchmark, rule.split, "rl"), key=lambda s: s.iteration or 0, default=None)
    if rule.long is None and last is not None:
        return last
    return run.find(rule.long or long_parent(run, rl), benchmark, rule.split)


def long_parent(run: Run, score: Score) -> str:
    """The first ancestor that long2short did not make; empty where there is none."""
    stages = {s.checkpoint: (s.stage, s.parents) for s in run.scores}
    name = score.checkpoint
    while stages.get(name, ("", ()))[0] == "long2short":
        parents = stages[name][1]
        if not parents or parents[0] == name:
            return ""
        name = parents[0]
    return name


def _gaps(run: Run, first: Score, second: Score) -> tuple[Interval, Interval]:
    """(accuracy, tokens) of second − first; tokens without samples are taken as they are."""
    found = difference(run, first, second)
    value = found.tokens_value
    return found.accuracy, found.tokens or Interval(value, value, value)


def short_rl(run: Run, rule: ShortRule) -> Finding:
    """C3 (figure 7): no other long2short method is both as accurate and as short as long2short RL.

    Reproduced: RL keeps the long model's accuracy within the margin and is shorter than it, and every other
    method is clearly less accurate or longer. Not reproduced: RL clearly loses more than the margin, or
    another method is clearly at least as accurate with clearly fewer tokens. Otherwise inconclusive.
    The best merge on validation stands for merging; the plain average is compared too, but not judged.
    """
    benchmark = rule.benchmark or main_benchmark(run, rule.split)
    if benchmark is None:
        return Finding("not measured", f"Nothing was scored on the {rule.split} split.")
    methods = short_methods(run, benchmark, rule.split, rule.methods)
    rl = methods.pop("rl", None)
    if rl is None:
        return Finding("not measured", "No long2short RL checkpoint has been scored.")
    if len(methods) < rule.min_methods:
        return Finding(
            "not measured",
            f"{len(methods)} other long2short methods were scored; the rule asks for {rule.min_methods}.",
        )
    long = _long_model(run, rule, benchmark, rl)
    if long is None:
        return Finding("not measured", "The long model was not scored.")
    kept, saved = _gaps(run, long, rl)
    details = [
        f"Long2short RL against the long model {long.checkpoint}: {signed_interval(kept, 1, 100)} points, "
        f"{signed_interval(saved, 0)} mean response tokens."
    ]
    better: list[str] = []
    undecided: list[str] = []
    for name, other in methods.items():
        gain, length = _gaps(run, rl, other)
        details.append(
            f"{other.checkpoint} against long2short RL: {signed_interval(gain, 1, 100)} points, "
            f"{signed_interval(length, 0)} tokens."
        )
        if gain.high < 0 or length.low > 0:
            continue
        (better if gain.low >= 0 and length.high < 0 else undecided).append(name)
    details += _merge_details(run, rule, benchmark, rl, methods.get("merge"))
    verdict: Outcome = "inconclusive"
    if kept.high < -rule.margin:
        verdict = "not reproduced"
        why = f"Long2short RL loses more than {100 * rule.margin:.0f} points on the long model."
    elif better:
        verdict = "not reproduced"
        why = f"At least as accurate with fewer tokens: {listed([METHOD_LABELS[n] for n in better])}."
    elif saved.low >= 0:
        verdict, why = "not reproduced", "Long2short RL is not shorter than the long model."
    elif undecided:
        why = (
            f"Undecided: {listed([METHOD_LABELS[n] for n in undecided])} is neither clearly worse nor longer."
        )
    elif kept.low <= -rule.margin:
        why = f"A loss of more than {100 * rule.margin:.0f} points on the long model is not excluded."
    elif saved.high >= 0:
        why = "That long2short RL is shorter than the long model is not certain."
    else:
        verdict = "reproduced"
        why = "RL keeps the long model's accuracy, and every other method is clearly less accurate or longer."
    named = {"RL": rl, **{METHOD_LABELS[n]: s for n, s in methods.items()}, "the long model": long}
    measured = "; ".join(
        f"{name} {with_sign(s.accuracy.value)} at {count(s.response_tokens_mean)}"
        for name, s in named.items()
    )
    unit = "accuracy points against the long model"
    return Finding(verdict, why, f"{measured} tokens", _scaled(kept, 100), unit, tuple(details))


def _merge_details(run: Run, rule: ShortRule, benchmark: str, rl: Score, merge: Score | None) -> list[str]:
    """Why this merge stands for the method, and how the paper's plain average compares."""
    rows = [s for s in run.of(benchmark, rule.split, "long2short") if method_of(s.checkpoint) == "merge"]
    if merge is None or len(rows) < 2:
        return []
    if "merge" in rule.methods:
        why = "as the rule says"
    elif on_validation(run, rows):
        why = f"the most accurate of {len(rows)} on the validation split (fewer tokens on a tie)"
    else:
        why = "not chosen on the validation split, because not all merges were scored on it"
    details = [f"{merge.checkpoint} stands for merging: {why}."]
    plain = next((s for s in rows if s.checkpoint == PLAIN_AVERAGE), None)
    if plain is not None and plain.checkpoint != merge.checkpoint:
        gain, length = _gaps(run, rl, plain)
        details.append(
            f"{plain.checkpoint}, the paper's plain average, against long2short RL: "
            f"{signed_interval(gain, 1, 100)} points, {signed_interval(length, 0)} tokens; not judged."
        )
    return details


_ABLATION = "It needs a second training run beside this one (an ablation), which this recipe does not do."

MEASURES: Mapping[str, tuple[type[Rule], Callable[[Run, Any], Finding]]] = {
    "C1": (GrowthRule, growth),
    "C2": (TrendRule, length_trend),
    "C3": (ShortRule, short_rl),
}
"""Claims that are measured here: the schema of the rule and the function that applies it."""

WHY_NOT: Mapping[str, str] = {
    "C4": "It needs models of two sizes trained alike; this recipe trains one.",
    "C5": _ABLATION,
    "C6": _ABLATION,
    "C7": _ABLATION,
    "C8": "The answers of this recipe are checked by programs; it trains no reward model.",
    "C9": "It needs a second run without partial rollouts, which this recipe does not do.",
}
"""Why the other claims are not."""
