"""A score beside published numbers."""

import pkgutil
from dataclasses import replace
from importlib import import_module

import pytest
from evals_support import make_samples, make_score

import evals.benchmarks
from evals.benchmarks.spec import Spec
from evals.beside import beside_all_published, beside_published, prompting, same_benchmark, window_text
from evals.published import Published, published
from evals.types import Figure, Interval, Sampling, Score

BASE = make_score(make_samples([[1, 0]] * 12 + [[1, 1]] * 4), checkpoint="rl")


def math_score(low: float, high: float, **change: object) -> Score:
    score = replace(BASE, benchmark="math500", problems=500, accuracy=Interval((low + high) / 2, low, high))
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
        (
            {},
            replace(NUMBER, benchmark="MATH", problems=5000),
            "the number is on 5,000 problems, the score on 500",
        ),
        (
            {"caveats": ("Beware.", "the first 500 of 600 problems")},
            replace(NUMBER, problems=None),
            "the score is of the first 500 of 600 problems",
        ),
        ({"split": "validation"}, NUMBER, "the score is on the validation split"),
        (
            {},
            replace(NUMBER, metric="percentile"),
            "the number's metric is percentile, which the score does not have",
        ),
        (
            {},
            replace(NUMBER, metric="cons@64"),
            "the number's metric is cons@64, which the score does not have",
        ),
        ({}, replace(NUMBER, percent=None), "the source gives no number"),
        (
            {"protocol": "greedy"},
            replace(NUMBER, protocol="majority"),
            "the number is by the protocol majority, the score by greedy",
        ),
        ({}, replace(NUMBER, data_digest="sha256:x"), "the data digest differs"),
        ({}, replace(NUMBER, max_tokens=9), "the token limit differs (9 and 3)"),
        ({}, replace(NUMBER, temperature=0.6), "the temperature differs (0.6 and 1)"),
        ({}, replace(NUMBER, top_p=0.95), "the top_p differs (0.95 and 1)"),
        ({}, replace(NUMBER, top_k=40), "the top_k differs (40 and 0)"),
        ({}, replace(NUMBER, prompting="4-shot"), "the number is 4-shot, the score zero-shot"),
        (
            {"finish_shares": {"length": 0.25}},
            NUMBER,
            "25.0% of the responses were cut at 3 tokens and the source states no limit",
        ),
    ],
)
def test_not_comparable_with_a_published_number(
    change: dict[str, object], number: Published, reason: str
) -> None:
    found = beside_published(math_score(0.9, 0.96, **change), number)
    assert found.text == f"not comparable, because {reason}"


def test_greedy_is_greedy_whatever_is_cut_off() -> None:
    score = math_score(0.9, 0.96, sampling=Sampling(temperature=0.0, top_p=0.95, max_tokens=3))
    assert beside_published(score, replace(NUMBER, temperature=0.0, top_p=1.0)).result == "within"


def test_the_measure_of_the_published_metric_is_compared() -> None:
    measures = {"rating": Figure(1200, 1100, 1300, "rating"), "percentile": Figure(0.5, 0.4, 0.6)}
    score = replace(BASE, benchmark="codeforces", metric="percentile", measures=measures)
    rated = Published("m", "Codeforces", "rating", None, "c", "arXiv:0", rating=954)
    ranked = Published("m", "Codeforces", "percentile", 55.0, "c", "arXiv:0")
    for number in (rated, ranked):
        found = beside_published(score, number)
        assert (found.result, found.measured) == ("not comparable", measures[number.metric])
        assert (
            f"m's {number.metric} is of other rounds, or of users that its source does not name"
            in found.because
        )
    voted = math_score(0.2, 0.3, maj_at_k={"64": 0.95})
    found = beside_published(voted, replace(NUMBER, metric="cons@64"))
    assert (found.result, found.figure, found.measured.value) == ("within", "maj@64", 0.95)


@pytest.mark.parametrize(
    ("protocol", "results"),
    [
        ("paper-v4", {"v4": "within", "v5": "not comparable"}),
        ("paper-v5", {"v4": "not comparable", "v5": "below"}),
        ("all", {"v4": "not comparable", "v5": "not comparable"}),
        ("", {"v4": "not comparable", "v5": "not comparable"}),
    ],
)
def test_livecodebench_is_matched_by_its_window(protocol: str, results: dict[str, str]) -> None:
    score = replace(BASE, benchmark="livecodebench", protocol=protocol, accuracy=Interval(0.47, 0.4, 0.5))
    found = {one.published.benchmark[-2:]: one for one in beside_all_published(score, "Kimi k1.5")}
    assert {name: one.result for name, one in found.items()} == results
    if protocol == "paper-v5":
        assert found["v4"].because == (
            "the number is of contests of 2024-08…2024-11, the score of contests of 2024-12…2025-02"
        )


def test_windows_in_words() -> None:
    assert window_text(("2024-08-01", "2025-02-01")) == "contests of 2024-08-01…2025-02-01"
    assert window_text(("0000", "9999")) == "contests of all dates"
    assert window_text(None) == "contests of dates not stated"


def test_prompting_is_what_a_protocol_says() -> None:
    assert prompting(replace(BASE, protocol="gsm8k-5-shot")) == "5-shot"
    assert prompting(replace(BASE, protocol="five-shot")) == "5-shot"
    assert prompting(replace(BASE, protocol="zero-shot-cot-macro")) == "zero-shot"
    assert prompting(replace(BASE, protocol="0-shot")) == prompting(BASE) == "zero-shot"


def test_all_published_numbers_on_a_benchmark() -> None:
    score = math_score(0.90, 0.95, sampling=Sampling(0.6, 0.95, 0, 32768))
    found = beside_all_published(score, "Kimi k1.5")
    assert [(b.published.column, b.result) for b in found] == [("long-CoT", "below"), ("short-CoT", "within")]
    every = beside_all_published(score)
    assert all(one.published.value is not None for one in every)
    by_model = {(one.published.model, one.published.source[:5]): one.result for one in every}
    assert by_model["DeepSeek-R1-Distill-Qwen-7B", "arXiv"] == "within"
    assert by_model["DeepScaleR-1.5B-Preview", "githu"] == "above"
    assert by_model["Qwen-2.5-7B-SimpleRL-Zoo", "githu"] == "not comparable"
    assert beside_all_published(BASE) == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("math_500", "MATH-500"),
        ("math500", "MATH"),
        ("aime2024", "AIME 2024"),
        ("ifeval", "IF-Eval"),
        ("humaneval_mul", "HumanEval-Mul"),
        ("humaneval-mul", "HumanEval-Mul"),
        ("livecodebench", "LiveCodeBench v4"),
        ("mathvista", "MathVista-Test"),
        ("mmmu", "MMMU-Val"),
        ("mathvision", "MathVision-Full"),
        ("ceval", "C-Eval"),
        ("cluewsc", "CLUEWSC"),
        ("codeforces", "Codeforces"),
        ("mmlu", "MMLU"),
    ],
)
def test_names_of_benchmarks(ours: str, theirs: str) -> None:
    assert same_benchmark(ours, theirs)


def test_other_benchmarks_are_others() -> None:
    assert not same_benchmark("humaneval", "HumanEval-Mul")
    assert not same_benchmark("mathvista", "MathVision-Full")


SPECS = [
    spec
    for module in pkgutil.iter_modules(evals.benchmarks.__path__)
    if isinstance(spec := getattr(import_module(f"evals.benchmarks.{module.name}"), "SPEC", None), Spec)
]


@pytest.mark.parametrize("name", sorted({number.benchmark for number in published()}))
def test_each_published_benchmark_can_stand_beside_a_score(name: str) -> None:
    """By the protocols here, a whole benchmark's score meets the report's number, or is told why it cannot."""
    spec = next(spec for spec in SPECS if same_benchmark(spec.name, name))
    texts = set()
    for protocol in spec.protocols:
        low = {measure: Figure(0.1, 0.05, 0.15) for measure in spec.measures}
        score = replace(
            BASE,
            benchmark=spec.name,
            protocol=protocol.name,
            metric=protocol.metric,
            problems=protocol.size or spec.size,
            accuracy=Interval(0.1, 0.05, 0.15),
            measures=low,
        )
        texts |= {
            one.text for one in beside_all_published(score, "Kimi k1.5") if one.published.benchmark == name
        }
    alone = {
        "C-Eval": "not comparable, because the number is on 13,948 problems, the score on 1,346",
        "Codeforces": "not comparable, because Kimi k1.5's percentile is of other rounds, or of users that its source "
        "does not name",
    }
    assert alone.get(name, "below") in texts
