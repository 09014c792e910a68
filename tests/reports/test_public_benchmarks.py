"""Public benchmarks and the self-check in a report."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evals.store import append_score, read_scores
from evals.types import Figure, Interval, Score
from reports import html, markdown
from reports.build import Report, build

CHECK = {
    "name": "Toy outputs",
    "source": "a paper",
    "result": "as expected",
    "responses": 1200,
    "expected": 0.5,
    "obtained": 0.5,
    "agreement": 1.0,
    "differing": [],
    "why": "",
}


@pytest.fixture
def report_with(new_run: Callable[..., Path]) -> Callable[..., Report]:
    """A report of a run with scores like its first one but for some fields, and with these files."""

    def made(*scores: dict[str, object], **files: object) -> Report:
        root = new_run("public", upto=4)
        like: Score = read_scores(root / "scores.jsonl")[0]
        for fields in scores:
            append_score(root / "scores.jsonl", replace(like, **fields))
        for name, content in files.items():
            (root / f"{name}.json").write_text(json.dumps(content))
        return build(root)

    return made


MATH = {
    "benchmark": "math500",
    "protocol": "zero-shot",
    "split": "test",
    "checkpoint": "rl/9",
    "problems": 500,
    "accuracy": Interval(0.962, 0.94, 0.98),
    "caveats": ("beware of this", "beware of that"),
}


def test_a_score_with_its_caveats_and_what_is_published(report_with: Callable[..., Report]) -> None:
    report = report_with(MATH)
    scores, beside = report.public
    (row,) = scores.rows
    assert row[:2] == ("rl/9", "math500, zero-shot")
    assert "96.2\u00a0% [94.0, 98.0]" in row[3]
    assert report.public_caveats == tuple(
        f"math500 (zero-shot): {caveat}" for caveat in ("beware of this", "beware of that")
    )
    models = {cells[0]: cells for cells in beside.rows if cells[1] == "MATH-500, EM"}
    assert models["Kimi k1.5, long-CoT"][2:] == ("96.2 %", "within")
    assert models["Kimi k1.5, short-CoT"][2:] == ("94.6 %", "within")
    assert models["QwQ-32B-Preview, long-CoT"][2:] == ("90.6 %", "above")
    assert beside.columns[-1].title == "rl/9, zero-shot: 96.2\u00a0% [94.0, 98.0]"
    assert "arXiv:2501.12599, table 2" in beside.caption
    for text in (html.render(report), markdown.render(report)):
        assert "math500 beside published numbers" in text
        assert "beware of that" in text


def test_what_cannot_be_compared_has_its_reason(report_with: Callable[..., Report]) -> None:
    part = MATH | {"problems": 50, "checkpoint": "part"}
    _, beside = report_with(MATH, part).public
    cells = next(cells for cells in beside.rows if cells[0] == "Kimi k1.5, long-CoT")
    assert cells[3] == "within"
    mark = cells[4].removeprefix("not comparable ")
    assert f"{mark} Because the number is on 500 problems, the score on 50." in beside.caption


def test_measures_and_majorities_stand_beside_the_score(report_with: Callable[..., Report]) -> None:
    rating = Figure(1650.4, 1500.0, 1800.0, "rating")
    report = report_with(
        MATH | {"benchmark": "codeforces", "measures": {"rating": rating}, "maj_at_k": {"2": 0.25, "4": 0.5}}
    )
    cells = report.public[0].rows[0]
    assert "rating 1,650 [1,500, 1,800]" in cells[4]
    assert "maj@4 50.0\u00a0%" in cells[4]


def test_they_are_not_mixed_with_the_run_s_own_benchmark(report_with: Callable[..., Report]) -> None:
    many = [MATH | {"checkpoint": f"other/{n}", "split": "test"} for n in range(30)]
    report, plain = report_with(*many), report_with()
    assert report.scores == plain.scores
    assert report.headlines == plain.headlines
    assert [table.id for table in plain.public] == []


def test_what_could_not_be_scored_is_said(report_with: Callable[..., Report]) -> None:
    missing = {"benchmark": "aime2024", "checkpoint": "rl", "why": "There is no network."}
    report = report_with(public={"not_scored": [missing]})
    assert report.public_caveats == ("Not scored: rl on aime2024, because there is no network.",)
    for text in (html.render(report), markdown.render(report)):
        assert "because there is no network" in text


def test_the_self_check_stands_before_the_claims(report_with: Callable[..., Report]) -> None:
    report = report_with(self_check={"checks": [CHECK]})
    assert report.self_check is not None
    assert report.self_check.rows == (
        ("Toy outputs", "a paper", "1,200", "50.0", "50.0", "100.0", "as expected"),
    )
    page, text = html.render(report), markdown.render(report)
    assert page.index('id="self-check"') < page.index('id="claims"')
    assert text.index("## Harness self-check") < text.index("## Claims of the paper")
    assert not any("self-check failed" in warning for warning in report.warnings)


def test_a_failed_self_check_is_the_first_warning(report_with: Callable[..., Report]) -> None:
    report = report_with(self_check={"checks": [CHECK | {"obtained": 0.25, "result": "differs"}]})
    assert "expected 50.0 % right and obtained 25.0 %" in report.warnings[0]
    assert "expected 50.0 % right and obtained 25.0 %" in markdown.render(report)


def test_a_run_without_a_self_check_has_no_such_section(run_dir: Path) -> None:
    report = build(run_dir)
    assert report.self_check is None
    assert "self-check" not in html.render(report)
