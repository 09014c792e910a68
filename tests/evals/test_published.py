"""A few values typed by hand from the report, and what must hold of all."""

import json
import re
from importlib.resources import files

import pytest

from evals.metrics import fit_line
from evals.published import Published, claims, curves, published, published_models, published_numbers, slopes
from evals.published.models import read_models


def value(model: str, benchmark: str, column: str) -> float | None:
    [found] = [
        p.percent for p in published() if (p.model, p.benchmark, p.column) == (model, benchmark, column)
    ]
    return found


@pytest.mark.parametrize(
    ("model", "benchmark", "column", "percent"),
    [
        ("Kimi k1.5", "MATH-500", "long-CoT", 96.2),
        ("Kimi k1.5", "AIME 2024", "long-CoT", 77.5),
        ("Kimi k1.5", "Codeforces", "long-CoT", 94),
        ("o1", "MathVista-Test", "long-CoT", 71.0),
        ("QwQ-32B-Preview", "MMMU-Val", "long-CoT", None),
        ("Kimi k1.5", "AIME 2024", "short-CoT", 60.8),
        ("Kimi k1.5", "LiveCodeBench v4", "short-CoT", 47.3),
        ("Claude-3.5-Sonnet-1022", "HumanEval-Mul", "short-CoT", 81.7),
        ("Qwen2.5-72B-Inst.", "CLUEWSC", "short-CoT", 91.4),
        ("LLaMA-3.1-405B-Inst.", "C-Eval", "short-CoT", 61.5),
        ("GPT-4o-0513", "MathVision-Full", "short-CoT", 30.4),
        ("Qwen2-VL", "MMLU", "short-CoT", None),
    ],
)
def test_tables(model: str, benchmark: str, column: str, percent: float | None) -> None:
    assert value(model, benchmark, column) == percent


def test_tables_are_whole() -> None:
    assert len(published()) == 7 * 5 + 11 * 7
    assert all(p.percent is None or 0 < p.percent < 100 for p in published())
    assert {p.source for p in published()} == {"arXiv:2501.12599, table 2", "arXiv:2501.12599, table 3"}
    assert all(value("Kimi k1.5", p.benchmark, p.column) is not None for p in published())


def test_figures_agree_with_the_tables() -> None:
    """Figure 7 plots the short-CoT models of table 3."""
    names = {
        "k1.5-short w/ rl": "Kimi k1.5",
        "deepseek-v3": "DeepSeek-V3",
        "qwen25-72B-inst": "Qwen2.5-72B-Inst.",
        "Claude 3.5": "Claude-3.5-Sonnet-1022",
        "gpt-4-0513": "GPT-4o-0513",
    }
    for curve in curves():
        if curve.figure == 7 and curve.series in names:
            expected = value(names[curve.series], curve.benchmark, "short-CoT")
            assert expected == pytest.approx(100 * curve.accuracy[0])


def test_curves_are_whole() -> None:
    assert {figure: sum(c.figure == figure for c in curves()) for figure in (5, 7, 8, 9, 10)} == {
        5: 12,
        7: 20,
        8: 8,
        9: 2,
        10: 24,
    }
    for curve in curves():
        assert all(0 <= accuracy <= 1 for accuracy in curve.accuracy)
        assert curve.step or curve.tokens
        for axis in (curve.step, curve.tokens):
            assert len(axis) in (0, len(curve.accuracy))


def test_figure_5_has_the_slope_that_figure_6_prints() -> None:
    [total] = [c for c in curves() if c.figure == 5 and c.benchmark == "total@temp_1.0"]
    [printed] = [s for s in slopes() if s.figure == 6 and s.benchmark == "total@temp_1.0"]
    assert printed.per_token == 2.46e-05
    assert fit_line(total.tokens, total.accuracy).slope.value == pytest.approx(printed.per_token, rel=0.005)


def test_larger_model_has_the_steeper_slope_on_three_of_four() -> None:
    small, large = (
        {s.benchmark: s.per_token for s in slopes() if s.series == name} for name in ("small", "large")
    )
    assert sum(large[benchmark] > small[benchmark] for benchmark in small) == 3
    assert len(small) == 4


def test_claims() -> None:
    assert [claim.id for claim in claims()] == [f"C{i}" for i in range(1, 10)]
    by_id = {claim.id: claim for claim in claims()}
    assert by_id["C5"].figure == 9
    assert by_id["C7"].paper is None
    assert "98.5" in str(by_id["C8"].paper)
    assert all(claim.source.startswith("arXiv:2501.12599, section") for claim in claims())


def test_claims_say_what_the_curves_show() -> None:
    ends = {(c.figure, c.benchmark, c.series): c.accuracy[-1] for c in curves()}
    assert round(ends[9, "total", "curriculum"], 3) == 0.607
    assert round(ends[9, "total", "uniform"], 3) == 0.554
    assert ends[10, "MATH500", "Kimi k1.5"] == 0.9
    assert round(ends[10, "Total", "ReST"], 3) == 0.59


def test_every_file_states_its_source() -> None:
    for name in ("tables.json", "figures.json", "claims.json"):
        data = json.loads(files("evals.published").joinpath(name).read_text("utf-8"))
        assert "2501.12599" in data["source"]


# --- Models of others ---------------------------------------------------------------------------------------


def one(model: str, benchmark: str, metric: str, source: str = "") -> Published:
    [found] = [
        number
        for number in published_models()
        if (number.model, number.benchmark, number.metric) == (model, benchmark, metric)
        and source in number.source
    ]
    return found


@pytest.mark.parametrize(
    ("model", "benchmark", "metric", "source", "value"),
    [
        ("DeepSeek-R1-Distill-Qwen-1.5B", "AIME 2024", "pass@1", "2501.12948", 28.9),
        ("DeepSeek-R1-Distill-Qwen-1.5B", "AIME 2024", "pass@1", "rllm", 28.8),
        ("DeepSeek-R1-Distill-Qwen-7B", "AIME 2024", "cons@64", "", 83.3),
        ("DeepSeek-R1-Distill-Llama-70B", "MATH-500", "pass@1", "", 94.5),
        ("DeepSeek-R1", "IF-Eval", "prompt strict", "", 83.3),
        ("QwQ-32B", "AIME 2024", "pass@1", "", 79.5),
        ("DeepScaleR-1.5B-Preview", "AIME 2024", "pass@1", "", 43.1),
        ("Qwen-2.5-7B-SimpleRL-Zoo", "AIME 2024", "avg@32", "", 15.6),
        ("Open-Reasoner-Zero-7B", "MATH-500", "avg@16", "", 81.4),
        ("s1-32B", "AIME 2024", "budget forcing", "", 56.7),
        ("Qwen2.5-Math-7B-Instruct", "GSM8K", "pass@1", "", 95.2),
        ("Qwen2.5-7B-Instruct", "HumanEval", "pass@1", "", 84.8),
        ("SmolLM2-135M-Instruct", "GSM8K", "accuracy", "", 1.4),
    ],
)
def test_numbers_of_others(model: str, benchmark: str, metric: str, source: str, value: float) -> None:
    assert one(model, benchmark, metric, source).percent == value


def test_a_rating_is_no_percentage() -> None:
    number = one("DeepSeek-R1-Distill-Qwen-32B", "Codeforces", "rating")
    assert (number.rating, number.percent, number.value) == (1691, None, 1691)
    assert one("DeepSeek-R1", "Codeforces", "percentile").value == pytest.approx(0.963)
    with pytest.raises(ValueError, match="not both"):
        Published("m", "b", "rating", 50, "c", "s", rating=1000)
    with pytest.raises(ValueError, match="no percentage"):
        Published("m", "b", "EM", 101, "c", "s")


def test_every_number_of_others_cites_its_place() -> None:
    cited = re.compile(
        r"arXiv:\d{4}\.\d{5}(, table \d)?|github\.com/\S+, .+ of \d{4}-\d\d-\d\d \([0-9a-f]{7}\)"
    )
    for number in published_models():
        assert cited.search(number.source), number
    for metric in {number.metric for number in published_models()}:
        rated = [n for n in published_models() if n.metric == metric]
        assert all((n.rating is None) == (metric != "rating") for n in rated)


def test_no_number_is_there_twice() -> None:
    keys = [(n.model, n.benchmark, n.metric, n.column, n.source) for n in published_numbers()]
    assert len(set(keys)) == len(keys)
    assert published_numbers() == published() + published_models()


def test_what_a_source_does_not_state_is_told() -> None:
    assert one("DeepSeek-R1", "AIME 2024", "pass@1").unstated == ()
    kimi = next(
        n for n in published() if n.model == "Kimi k1.5" and n.benchmark == "AIME 2024" and n.runs == 8
    )
    assert kimi.unstated == ("decoding settings", "token limit", "prompt")
    vote = one("DeepSeek-R1-Distill-Qwen-7B", "AIME 2024", "cons@64")
    assert "number of runs" not in vote.unstated


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"models": {"m": [1.0]}}, "m has 1 numbers for 2 columns"),
        ({"temprature": 0.6}, "temprature"),
        ({"top_p": 2}, "top_p"),
        ({"numbers": []}, "numbers"),
        ({"models": {"m": [1.0, 101]}}, "101.0 is no percentage"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(change: dict[str, object], words: str) -> None:
    numbers = [{"benchmark": "a", "metric": "EM"}, {"benchmark": "b", "metric": "EM"}]
    report = {"source": "arXiv:0000.00000", "label": "x", "numbers": numbers, "models": {"m": [1.0, None]}}
    assert len(read_models(json.dumps({"method": "", "reports": [report]}))) == 2
    with pytest.raises(ValueError, match=words):
        read_models(json.dumps({"method": "", "reports": [report | change]}))
