"""Verdicts on hand-made scores: each rule's every outcome."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from evals.types import Interval, Sampling, Score, Slice
from reports.claims import ClaimResult, check_rules, measure_all
from reports.run import ReportError, Run

RULES = {name: {"rule": {}, "text": f"rule of {name}"} for name in ("C1", "C2", "C3")}


def score(
    checkpoint: str,
    accuracy: float,
    tokens: float,
    *,
    stage: str = "rl",
    iteration: int | None = None,
    parents: tuple[str, ...] = (),
    half: float = 0.01,
    levels: Mapping[str, tuple[float, float]] | None = None,
) -> Score:
    interval = Interval(accuracy, accuracy - half, accuracy + half)
    return Score(
        checkpoint=checkpoint,
        stage=stage,
        iteration=iteration,
        parents=parents,
        weights_digest="sha256:0",
        benchmark="b",
        benchmark_version="1",
        data_digest="sha256:1",
        split="test",
        sampling=Sampling(),
        seed=0,
        problems=500,
        samples_per_problem=4,
        accuracy=interval,
        pass_at_k={"1": accuracy},
        response_tokens_mean=tokens,
        response_tokens_percentiles={"p50": tokens},
        status_shares={"correct": accuracy, "wrong": 1 - accuracy},
        finish_shares={"stop": 1.0},
        by_tag={
            f"level={name}": Slice(Interval(a, a, a), 10, 40, t, 0.0)
            for name, (a, t) in (levels or {}).items()
        },
    )


def run_of(scores: list[Score], *, penalty_from: int | None = None, claims: Mapping[str, Any] = RULES) -> Run:
    rows = tuple(
        {"iteration": i, "length_penalty_weight": float(penalty_from is not None and i >= penalty_from)}
        for i in range(1, 101)
    )
    return Run(
        recipe={"name": "hand-made", "seed": 3, "claims": claims},
        environment={},
        scores=tuple(scores),
        metrics={"rl": rows},
        finished=(),
        started=(),
        curation=None,
        timings=(),
        missing=(),
    )


def trend(accuracy: list[float], tokens: list[float], gap: list[float] | None = None) -> list[Score]:
    """RL checkpoints every ten iterations; `gap` is how much longer the hard level is."""
    gap = gap or [10.0 * i for i in range(len(accuracy))]
    return [
        score(
            f"rl/{10 * i:04d}",
            a,
            t,
            iteration=10 * i,
            levels={"easy": (0.9, t), "hard": (0.1, t + g)},
        )
        for i, (a, t, g) in enumerate(zip(accuracy, tokens, gap, strict=True))
    ]


def verdict(run: Run, name: str) -> ClaimResult:
    return next(c for c in measure_all(run) if c.id == name)


RISING = [0.30, 0.36, 0.41, 0.47, 0.52]
LONGER = [100.0, 118.0, 141.0, 160.0, 181.0]


def test_c1_is_reproduced_when_everything_rises() -> None:
    result = verdict(run_of(trend(RISING, LONGER)), "C1")
    assert result.verdict == "reproduced"
    assert result.effect is not None
    assert result.effect.value == pytest.approx(5.5)
    assert result.seeds == (3,)
    assert "30.0 → 52.0\u00a0%" in result.measured


@pytest.mark.parametrize(
    ("accuracy", "tokens", "gap", "expected"),
    [
        (RISING[::-1], LONGER, None, "not reproduced"),
        (RISING, LONGER[::-1], None, "not reproduced"),
        (RISING, LONGER, [40.0, 30.0, 20.0, 10.0, 0.0], "not reproduced"),
        ([0.30, 0.36, 0.29, 0.35, 0.31], LONGER, None, "inconclusive"),
        (RISING, LONGER, [5.0, -5.0, 6.0, -4.0, 5.0], "inconclusive"),
    ],
)
def test_c1_otherwise(
    accuracy: list[float], tokens: list[float], gap: list[float] | None, expected: str
) -> None:
    assert verdict(run_of(trend(accuracy, tokens, gap)), "C1").verdict == expected


def test_c1_can_leave_the_levels_out() -> None:
    scores = trend(RISING, LONGER, [5.0, -5.0, 6.0, -4.0, 5.0])
    rules = {"C1": {"rule": {"harder_faster": False}, "text": ""}}
    assert verdict(run_of(scores, claims=rules), "C1").verdict == "reproduced"


def test_checkpoints_under_the_length_penalty_do_not_count() -> None:
    result = verdict(run_of(trend(RISING, LONGER), penalty_from=25), "C1")
    assert result.verdict == "not measured"
    assert "3 RL checkpoints with the length penalty off" in result.why


def test_the_start_of_rl_is_iteration_0() -> None:
    scores = [
        score("long_cot_sft", 0.30, 100, stage="long_cot_sft", levels={"a": (0.9, 100), "b": (0.1, 110)}),
        score(
            "rl/0010",
            0.36,
            118,
            iteration=10,
            parents=("long_cot_sft",),
            levels={"a": (0.9, 100), "b": (0.1, 131)},
        ),
        score(
            "rl/0020",
            0.41,
            140,
            iteration=20,
            parents=("rl/0010",),
            levels={"a": (0.9, 100), "b": (0.1, 150)},
        ),
        score(
            "rl/0030",
            0.47,
            161,
            iteration=30,
            parents=("rl/0020",),
            levels={"a": (0.9, 100), "b": (0.1, 171)},
        ),
    ]
    assert verdict(run_of(scores), "C1").verdict == "reproduced"
    without = {"C1": {"rule": {"include_start": False}, "text": ""}}
    assert verdict(run_of(scores, claims=without), "C1").verdict == "not measured"


def test_c2() -> None:
    assert verdict(run_of(trend(RISING, LONGER)), "C2").verdict == "reproduced"
    assert verdict(run_of(trend(RISING, LONGER[::-1])), "C2").verdict == "not reproduced"
    assert verdict(run_of(trend([0.3, 0.36, 0.29, 0.35, 0.31], LONGER)), "C2").verdict == "inconclusive"
    assert verdict(run_of(trend(RISING, [100.0] * 5)), "C2").verdict == "inconclusive"
    assert verdict(run_of(trend(RISING[:3], LONGER[:3])), "C2").verdict == "not measured"


def shorts(rl: tuple[float, float], merge: tuple[float, float], half: float = 0.005) -> list[Score]:
    def made(name: str, accuracy: float, tokens: float, *parents: str, **more: Any) -> Score:
        return score(
            f"long2short/{name}", accuracy, tokens, stage="long2short", parents=parents, half=half, **more
        )

    return [
        score("rl/0050", 0.60, 200, iteration=50, half=half),
        made("merge-0.50", *merge, "rl/0050", "sft"),
        made("dpo", 0.40, 120, "rl/0050"),
        made("rl/0010", 0.61, 150, "rl/0050", iteration=10),
        made("rl/0020", *rl, "long2short/rl/0010", iteration=20),
        made("control-merge", 0.99, 1, "rl/0050"),
    ]


@pytest.mark.parametrize(
    ("rl", "merge", "half", "expected"),
    [
        ((0.61, 110), (0.45, 100), 0.005, "reproduced"),
        ((0.50, 110), (0.45, 100), 0.005, "not reproduced"),  # loses ten points
        ((0.61, 110), (0.65, 100), 0.005, "not reproduced"),  # merge is better and shorter
        ((0.61, 210), (0.45, 100), 0.005, "not reproduced"),  # not short
        ((0.61, 110), (0.60, 100), 0.02, "inconclusive"),  # merge may be as good
        ((0.59, 110), (0.45, 100), 0.02, "inconclusive"),  # may lose more than the margin
    ],
)
def test_c3(rl: tuple[float, float], merge: tuple[float, float], half: float, expected: str) -> None:
    result = verdict(run_of(shorts(rl, merge, half)), "C3")
    assert result.verdict == expected, result
    assert "rl/0050" in result.details[0]


def merges(*validated: tuple[float, float]) -> list[Score]:
    """`shorts` with merge-0.50 collapsed and merge-0.90 better than long2short RL, and validation scores."""
    scores = shorts((0.61, 110), (0.05, 30))
    best = replace(scores[1], checkpoint="long2short/merge-0.90", response_tokens_mean=90.0)
    best = replace(best, accuracy=Interval(0.66, 0.655, 0.665))
    pairs = zip((scores[1], best), validated, strict=False)
    judged = [
        replace(s, split="validation", accuracy=Interval(a, a, a), response_tokens_mean=t)
        for s, (a, t) in pairs
    ]
    return [*scores, best, *judged]


def test_c3_takes_the_merge_that_is_best_on_validation() -> None:
    result = verdict(run_of(merges((0.04, 30), (0.64, 90))), "C3")
    assert result.verdict == "not reproduced", result
    assert "merge" in result.why
    details = " ".join(result.details)
    assert "long2short/merge-0.90 stands for merging: the most accurate of 2 on the validation" in details
    assert "long2short/merge-0.50, the paper's plain average, against long2short RL" in details


def test_c3_takes_the_shorter_of_equal_merges() -> None:
    assert verdict(run_of(merges((0.5, 95), (0.5, 90))), "C3").verdict == "not reproduced"
    assert verdict(run_of(merges((0.5, 85), (0.5, 90))), "C3").verdict == "reproduced"


def test_c3_takes_the_plain_average_where_not_all_merges_are_validated_and_the_rule_first() -> None:
    scores = merges((0.04, 30))
    result = verdict(run_of(scores), "C3")
    assert "merge-0.50 stands for merging: not chosen" in " ".join(result.details)
    named = {"C3": {"rule": {"methods": {"merge": "long2short/merge-0.90"}}, "text": ""}}
    assert verdict(run_of(scores, claims=named), "C3").verdict == "not reproduced"
    plain = {"C3": {"rule": {"methods": {"merge": "long2short/merge-0.50"}}, "text": ""}}
    assert verdict(run_of(merges((0.04, 30), (0.64, 90)), claims=plain), "C3").verdict == "reproduced"


def test_c3_needs_its_rivals() -> None:
    scores = [s for s in shorts((0.61, 110), (0.45, 100)) if "merge" not in s.checkpoint]
    assert verdict(run_of(scores), "C3").verdict == "not measured"


def test_claims_without_a_rule_are_not_measured_and_say_why() -> None:
    results = measure_all(run_of(trend(RISING, LONGER), claims={}))
    assert [r.id for r in results] == [f"C{i}" for i in range(1, 10)]
    assert {r.verdict for r in results} == {"not measured"}
    assert all(r.why.endswith(".") and r.paper and r.source for r in results)


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ([], "map claim ids"),
        ({"C12": {}}, "'C12'"),
        ({"C1": {"rules": {}}}, "`claims.C1`"),
        ({"C1": {"rule": {"min_checkpoint": 4}}}, "`claims.C1.rule.min_checkpoint`"),
        ({"C3": {"rule": {"margin": 3}}}, "`claims.C3.rule.margin`"),
    ],
)
def test_bad_rules_give_one_sentence(claims: Any, words: str) -> None:
    with pytest.raises(ReportError, match=r"^The recipe's .*\.$") as error:
        check_rules(claims)
    assert words in str(error.value)
