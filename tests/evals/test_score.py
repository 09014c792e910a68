from dataclasses import replace

import pytest
from evals_support import make_benchmark, make_samples, make_score

from evals import metrics
from evals.score import powers_of_two, slices


def test_score_of_a_hand_made_table() -> None:
    samples = make_samples([[1, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 0]])
    score = make_score(samples)
    assert score.accuracy == metrics.mean_interval([0.25, 1.0, 0.0])
    assert score.pass_at_k == pytest.approx({"1": 1.25 / 3, "2": 1.5 / 3, "4": 2 / 3})
    assert score.pass_at_k["1"] == score.accuracy.value
    assert (score.problems, score.samples_per_problem) == (3, 4)
    assert score.response_tokens_mean == 11.5
    assert score.response_tokens_percentiles["p50"] == 11.5
    assert score.status_shares["correct"] == 5 / 12
    assert sum(score.status_shares.values()) == pytest.approx(1)
    assert score.finish_shares == {"stop": 1.0, "length": 0.0, "repeat": 0.0}


def test_slices_follow_every_tag() -> None:
    samples = make_samples([[1, 0], [1, 1]], level="a", family="x") + make_samples([[0, 0]], level="b")
    found = slices(samples)
    assert list(found) == ["family=x", "level=a", "level=b"]
    assert found["level=a"].accuracy.value == 0.75
    assert (found["level=a"].problems, found["level=a"].samples) == (2, 4)
    assert found["level=b"].response_tokens_mean == 10.5


def test_truncated_share_counts_responses_cut_at_the_limit() -> None:
    samples = make_samples([[1, 0, 0, 0]])
    samples = [
        replace(samples[0], finish_reason="length"),
        replace(samples[1], finish_reason="repeat"),
        *samples[2:],
    ]
    score = make_score(samples)
    assert score.by_tag["family=digits"].truncated_share == 0.25
    assert score.finish_shares == {"stop": 0.5, "length": 0.25, "repeat": 0.25}


def test_uneven_and_missing_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="2 samples of every problem"):
        make_score(make_samples([[1, 0], [1]]))
    with pytest.raises(ValueError, match="at least one problem"):
        make_score([], benchmark=make_benchmark())


def test_powers_of_two() -> None:
    assert [powers_of_two(k) for k in (1, 3, 8)] == [[1], [1, 2], [1, 2, 4, 8]]
