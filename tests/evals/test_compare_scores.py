from dataclasses import replace

import pytest
from evals_support import make_samples, make_score

from evals import metrics
from evals.compare import beside_all_published, beside_published, compare, same_benchmark, side_by_side
from evals.published import Published
from evals.store import identity
from evals.types import Interval, Sampling, Score

WEAK = make_samples([[0, 0]] * 12 + [[1, 0]] * 4, tokens=20)
STRONG = make_samples([[1, 0]] * 12 + [[1, 1]] * 4, tokens=41)
SFT, RL = make_score(WEAK, checkpoint="sft"), make_score(STRONG, checkpoint="rl/0010")


def test_same_problems_are_compared_in_pairs() -> None:
    found = compare(SFT, RL, WEAK, STRONG)
    assert found.result == "higher"
    assert found.paired == metrics.paired_test([0.0] * 12 + [0.5] * 4, [0.5] * 12 + [1.0] * 4)
    assert found.difference == found.paired.difference
    assert found.token_ratio == pytest.approx(41.5 / 20.5)
    assert compare(RL, SFT, STRONG, WEAK).result == "lower"
    assert compare(SFT, SFT, WEAK, WEAK).result == "no difference seen"


def test_samples_are_matched_by_problem_not_by_place() -> None:
    assert compare(SFT, RL, WEAK, STRONG[::-1]).paired == compare(SFT, RL, WEAK, STRONG).paired


def test_without_samples_the_intervals_decide() -> None:
    found = compare(SFT, RL)
    assert found.paired is None
    assert found.difference == metrics.unpaired_difference(SFT.accuracy, RL.accuracy)
    assert found.result == "higher"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"benchmark": "aime2024"}, "the benchmark differs (digits and aime2024)"),
        ({"benchmark_version": "2"}, "the benchmark version differs (1 and 2)"),
        ({"data_digest": "sha256:e"}, "the data digest differs (sha256:d and sha256:e)"),
        ({"split": "validation"}, "the split differs (test and validation)"),
        ({"sampling": Sampling(max_tokens=9)}, "the token limit differs (3 and 9)"),
        ({"sampling": Sampling(0.6, max_tokens=3)}, "the temperature differs (1.0 and 0.6)"),
    ],
)
def test_different_protocols_are_not_comparable(change: dict[str, object], reason: str) -> None:
    found = compare(SFT, replace(RL, **change), WEAK, STRONG)  # type: ignore[arg-type]
    assert (found.result, found.because) == ("not comparable", reason)
    assert found.difference is None


def test_seeds_and_sample_counts_are_no_difference() -> None:
    more = make_score(make_samples([[1, 0, 0, 0]] * 16), checkpoint="b", seed=9)
    assert compare(SFT, more).result != "not comparable"


def test_samples_of_other_problems_are_refused() -> None:
    with pytest.raises(ValueError, match="same problems"):
        compare(SFT, RL, WEAK, STRONG[2:])


def test_side_by_side_uses_samples_where_there_are_some() -> None:
    third = replace(RL, checkpoint="rl/0020")
    lone = replace(RL, checkpoint="rl/0020", benchmark="other")
    samples = {identity(SFT): WEAK, identity(RL): STRONG}
    found = side_by_side([SFT, RL, third, lone], baseline="sft", samples=samples)
    assert [c.second for c in found] == ["rl/0010", "rl/0020", "rl/0020"]
    assert [c.paired is not None for c in found] == [True, False, False]
    assert found[2].because == "sft has no score on other (test)"


def test_side_by_side_prefers_a_comparable_baseline_of_the_same_seed() -> None:
    old = replace(SFT, data_digest="sha256:old")
    twin = replace(SFT, seed=5, response_tokens_mean=1.0)
    [found] = side_by_side([old, SFT, twin, replace(RL, seed=5)], baseline="sft")
    assert found.token_ratio == RL.response_tokens_mean


def math_score(low: float, high: float, **change: object) -> Score:
    score = replace(RL, benchmark="math500", problems=500, accuracy=Interval((low + high) / 2, low, high))
    return replace(score, **change)  # type: ignore[arg-type]


NUMBER = Published("m", "MATH-500", "EM", 94.6, "short-CoT", "arXiv:2501.12599, table 3", problems=500)


@pytest.mark.parametrize(
    ("low", "high", "result"), [(0.9, 0.96, "within"), (0.95, 0.99, "above"), (0.5, 0.6, "below")]
)
def test_beside_a_published_number(low: float, high: float, result: str) -> None:
    found = beside_published(math_score(low, high), NUMBER)
    assert found.result == found.text == result


@pytest.mark.parametrize(
    ("change", "number", "reason"),
    [
        ({"benchmark": "aime2024"}, NUMBER, "the number is for MATH-500, the score for aime2024"),
        ({"problems": 100}, NUMBER, "the number is on 500 problems, the score on 100"),
        ({"split": "validation"}, NUMBER, "the score is on the validation split"),
        ({}, replace(NUMBER, metric="percentile"), "the number is a percentile, the score an accuracy"),
        ({}, replace(NUMBER, percent=None), "the report gives no number"),
        ({}, replace(NUMBER, data_digest="sha256:x"), "the data digest differs"),
        ({}, replace(NUMBER, max_tokens=9), "the token limit differs (9 and 3)"),
        (
            {"finish_shares": {"length": 0.25}},
            NUMBER,
            "25.0% of the responses were cut at 3 tokens and the report states no limit",
        ),
    ],
)
def test_not_comparable_with_a_published_number(
    change: dict[str, object], number: Published, reason: str
) -> None:
    found = beside_published(math_score(0.9, 0.96, **change), number)
    assert found.text == f"not comparable, because {reason}"


def test_all_published_numbers_on_a_benchmark() -> None:
    found = beside_all_published(math_score(0.90, 0.95), "Kimi k1.5")
    assert [(b.published.column, b.result) for b in found] == [("long-CoT", "below"), ("short-CoT", "within")]
    assert len(beside_all_published(math_score(0.90, 0.95))) == 12
    assert beside_all_published(RL) == []


def test_names_of_benchmarks() -> None:
    assert same_benchmark("math_500", "MATH-500")
    assert not same_benchmark("LiveCodeBench v4", "LiveCodeBench v5")
