import json
from dataclasses import replace
from pathlib import Path

import pytest
from evals_support import make_samples, make_score

from evals import metrics
from evals.benchmarks import SPECS
from evals.compare import compare, limits, protocol_differences, repeats, side_by_side
from evals.store import identity
from evals.types import Figure, Sampling

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
        ({"data_digest": "sha256:e"}, "the data digest differs (d and e)"),
        ({"split": "validation"}, "the split differs (test and validation)"),
        ({"protocol": "greedy"}, "the protocol differs (none and greedy)"),
        ({"metric": "macro"}, "the metric differs (avg@k and macro)"),
        (
            {"caveats": ("Beware.", "the first 10 of 500 problems")},
            "the choice of problems differs (all and the first 10 of 500 problems)",
        ),
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


def test_repeats_are_named_by_what_tells_them_from_the_first_of_their_kind() -> None:
    again = replace(SFT, seed=1)
    newer = replace(SFT, seed=2, data_digest="sha256:abcdefabcdefabcdef")
    served = replace(SFT, engine="vllm 0.6, bfloat16")
    greedy = replace(SFT, sampling=Sampling(0.0, max_tokens=3))  # another way, which tables keep apart
    rows = [SFT, again, RL, newer, served, greedy, replace(SFT, benchmark="other", seed=1)]
    assert repeats(rows) == {
        identity(again): "sft (seed 1)",
        identity(newer): "sft (seed 2, data abcdefabcdef)",
        identity(served): "sft (engine vllm 0.6, bfloat16)",
    }


def test_repeats_are_set_against_the_first_and_others_against_those_of_their_seed() -> None:
    again, newer = replace(SFT, seed=1), replace(SFT, data_digest="sha256:other")
    rows = [SFT, again, newer, RL, replace(RL, seed=1)]
    found = side_by_side(rows, baseline="sft", names=repeats(rows))
    assert [(one.first, one.second, one.result) for one in found] == [
        ("sft", "sft (seed 1)", "no difference seen"),
        ("sft", "sft (data other)", "not comparable"),
        ("sft", "rl/0010", "higher"),
        ("sft (seed 1)", "rl/0010 (seed 1)", "higher"),
    ]
    assert found[1].because == "the data digest differs (d and other)"
    found = side_by_side(rows, baseline="sft (seed 1)", names=repeats(rows))
    assert {one.first for one in found} == {"sft (seed 1)"}
    assert [one.second for one in found] == ["sft", "sft (data other)", "rl/0010", "rl/0010 (seed 1)"]


def test_a_difference_of_a_caveat_that_is_no_limit_is_none() -> None:
    assert protocol_differences(SFT, replace(RL, caveats=("30 problems are few.",))) == []


def test_limits_are_told_by_what_a_benchmark_says(tmp_path: Path) -> None:
    rows = [{"question": f"{n} + 1?", "answer": f"It is {n + 1}.\n#### {n + 1}"} for n in range(3)]
    data = tmp_path / "gsm8k.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    made = SPECS["gsm8k"].benchmark(data=data, limit=2)
    found = limits(replace(SFT, caveats=made.caveats))
    assert found == ["the first 2 of 3 problems", "3 problems in this data, 1,319 as published"]


def test_effect_size_and_the_problems_it_takes_to_see_it() -> None:
    one = make_samples([[1]] * 10 + [[0]] * 10)
    other = make_samples([[0]] * 2 + [[1]] * 11 + [[0]] * 7)
    first, second = make_score(one, checkpoint="a"), make_score(other, checkpoint="b")
    for samples in ((one, other), (None, None)):
        found = compare(first, second, *samples)
        assert found.result == "no difference seen"
        assert found.effect_size == pytest.approx(metrics.cohens_h(0.5, 0.55))
        deviation = found.paired.deviation if found.paired else None
        expected = metrics.problems_needed(0.05, accuracy=0.5, deviation=deviation)
        assert found.problems_needed == pytest.approx(
            expected, abs=1
        )  # 0.55 − 0.5 is not 0.05 to the last bit
    assert compare(first, replace(first, checkpoint="c"), one, one).problems_needed is None
    assert compare(SFT, RL, WEAK, STRONG).problems_needed is None


def test_the_figure_that_is_published_is_compared() -> None:
    first = replace(SFT, metric="macro", measures={"macro": Figure(0.5, 0.48, 0.52)})
    second = replace(RL, metric="macro", measures={"macro": Figure(0.51, 0.49, 0.53)})
    found = compare(first, second, WEAK, STRONG)
    assert found.result == "no difference seen"
    assert found.paired is None
    assert found.difference == metrics.unpaired_difference(*(s.measures["macro"] for s in (first, second)))
    assert found.others["avg@k"] == metrics.unpaired_difference(SFT.accuracy, RL.accuracy)


def test_ratings_are_compared_on_their_own_scale() -> None:
    first = replace(SFT, metric="rating", measures={"rating": Figure(1200, 1150, 1250, "rating")})
    second = replace(RL, metric="rating", measures={"rating": Figure(1400, 1350, 1450, "rating")})
    found = compare(first, second)
    assert found.result == "higher"
    half = 50 * 2**0.5
    assert found.difference is not None
    assert [found.difference.value, found.difference.low, found.difference.high] == pytest.approx(
        [200, 200 - half, 200 + half]
    )
    assert (found.effect_size, found.problems_needed) == (None, None)


def test_figures_beside_the_accuracy_are_compared_where_both_have_them() -> None:
    first = replace(SFT, maj_at_k={"2": 0.5}, measures={"loose": Figure(0.5, 0.4, 0.6)})
    second = replace(RL, maj_at_k={"2": 0.75})
    found = compare(first, second).others
    assert list(found) == ["maj@2"]
    assert found["maj@2"].value == 0.25
