"""The figures of a score, by the names that papers give them."""

from dataclasses import replace

import pytest
from evals_support import make_samples, make_score

from evals.figures import figure_named, headline, other_figures, plain
from evals.types import Figure
from verifiers.intervals import Z95, wilson_interval

SCORE = replace(make_score(make_samples([[1, 0]] * 12 + [[1, 1]] * 4)), maj_at_k={})
MACRO = Figure(0.4, 0.3, 0.5)
MEASURED = replace(SCORE, metric="macro", measures={"macro": MACRO, "prompt_loose": Figure(0.9, 0.8, 1.0)})
VOTED = replace(SCORE, maj_at_k={"2": 0.7, "16": 0.8})


def test_the_headline_is_what_the_protocol_publishes() -> None:
    assert headline(SCORE).value == SCORE.accuracy.value
    assert headline(MEASURED) == MACRO


def test_the_other_figures_are_all_the_rest() -> None:
    assert other_figures(SCORE) == {}
    assert list(other_figures(MEASURED)) == ["avg@k", "prompt_loose"]
    assert other_figures(MEASURED)["avg@k"].value == SCORE.accuracy.value
    assert list(other_figures(VOTED)) == ["maj@16"]


@pytest.mark.parametrize("metric", ["pass@1", "EM", "accuracy", "avg@32", "avg@k", "prompt strict"])
def test_one_attempt_is_what_the_protocol_publishes(metric: str) -> None:
    assert figure_named(SCORE, metric) == ("avg@2", headline(SCORE))
    assert figure_named(MEASURED, metric) == ("macro", MACRO)


@pytest.mark.parametrize("metric", ["maj@16", "cons@16"])
def test_a_vote_has_the_interval_of_its_problems(metric: str) -> None:
    found = figure_named(VOTED, metric)
    assert found == ("maj@16", Figure(0.8, *wilson_interval(0.8, 16, Z95)))


@pytest.mark.parametrize("metric", ["Prompt Loose", "prompt_loose", "prompt-loose"])
def test_a_measure_goes_by_its_name(metric: str) -> None:
    assert figure_named(MEASURED, metric) == ("prompt_loose", Figure(0.9, 0.8, 1.0))


def test_a_measure_whose_name_says_more_goes_by_its_beginning() -> None:
    names = ("percentile (all)", "percentile (CodeElo list)", "macro", "macro_category")
    measures = {name: Figure(0.1 * number, 0.0, 1.0) for number, name in enumerate(names)}
    score = replace(SCORE, metric="percentile (CodeElo list)", measures=measures)
    assert figure_named(score, "percentile") == (score.metric, measures[score.metric])
    assert figure_named(score, "macro") == ("macro", measures["macro"])


@pytest.mark.parametrize("metric", ["cons@64", "pass@8", "percentile", "budget forcing", ""])
def test_what_a_score_does_not_have_is_none(metric: str) -> None:
    assert figure_named(VOTED, metric) is None


def test_plain_names() -> None:
    assert plain("MATH-500") == plain("math_500") == "math500"
