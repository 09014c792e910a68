"""lm-eval's results as samples and score, without lm-eval."""

import pytest

from evals.lm_eval_results import Asked, Cost, LmEvalError, TaskResult, to_score
from evals.score import CheckpointFacts
from evals.types import Sampling

FACTS = CheckpointFacts("sft", "sft", None, (), "sha256:w")


def row(document, value, said, kept=None, metric="exact_match", name="none"):
    return {
        "doc_id": document, "doc": {"n": document}, "target": "7", "arguments": [[f"Question {document}", {}]],
        "resps": [said], "filtered_resps": [said[0] if kept is None else kept], "filter": name,
        "metrics": [metric], metric: value,
    }  # fmt: skip


def result(rows, figures, costs=None, judge_one=lambda document, response: {}, higher=None):
    return TaskResult("t", rows, figures, higher or {}, costs or {}, judge_one)


def asked(figures, name="t"):
    sampling = Sampling(0.0, max_tokens=8)
    return Asked(name, "1", "0.4.13", "5-shot", sampling, 0, "test", "sha256:d", figures, ())


def scored(rows, figures, metric=None, **options):
    return to_score([result(rows, figures, **options)], asked(figures), FACTS, metric)


def test_an_unread_answer_is_none_and_one_cut_off_before_it_is_truncated():
    rows = [row(0, 1, ["7"]), row(1, 0, ["8"]), row(2, 0, ["?"], "[invalid]"), row(3, 0, ["?"], "[invalid]")]
    costs = {number: [Cost(8, "length" if number == 3 else "stop")] for number in range(4)}
    score, samples, prompts = scored(rows, {"exact_match,none": 0.25}, costs=costs)
    assert [sample.verdict.status for sample in samples] == ["correct", "wrong", "no_answer", "truncated"]
    assert [sample.verdict.answer for sample in samples] == ["7", "8", None, None]
    assert (score.accuracy.value, score.metric, score.measures, score.maj_at_k) == (0.25, "avg@k", {}, {})
    assert score.response_tokens_mean == 8
    assert prompts["t/2"] == "Question 2"


def test_partial_credit_is_a_measure_beside_the_share_of_full_marks():
    rows = [row(0, 1.0, ["a"], metric="f1"), row(1, 0.5, ["b"], metric="f1")]
    score, samples, _ = scored(rows, {"f1,none": 0.75, "f1_stderr,none": 0.1})
    assert score.accuracy.value == 0.5
    assert score.metric == "f1,none"
    assert (score.measures["f1,none"].value, score.measures["f1,none"].unit) == (0.75, "share")
    assert 0.5 < score.measures["f1,none"].low < 0.6
    assert samples[1].verdict.score == 0.5
    assert "f1,none is lm-eval's figure" in score.caveats[-1]


def test_a_figure_on_another_scale_is_no_share():
    rows = [row(0, 1, ["a"]) | {"metrics": ["exact_match", "bleu"], "bleu": 40.0}]
    score, _, _ = scored(rows, {"exact_match,none": 1.0, "bleu,none": 40.0, "bleu_stderr,none": 2.0})
    assert score.measures["bleu,none"].unit == "rating"
    assert score.measures["bleu,none"].high == pytest.approx(43.92, abs=0.01)


def test_a_vote_over_responses_is_one_sample():
    rows = [row(0, 1, ["8", "7", "7"], ["7"], name="maj@3")]
    score, samples, _ = scored(
        rows, {"exact_match,maj@3": 1.0}, costs={0: [Cost(n, "stop") for n in (1, 2, 3)]}
    )
    assert (score.samples_per_problem, score.accuracy.value, samples[0].verdict.answer) == (1, 1.0, "7")
    assert (
        score.caveats[-1] == "lm-eval made one result of several responses to a document; the first is kept"
    )


def test_responses_are_one_sample_each_only_where_that_gives_the_documents_value():
    def judge_one(document, response):
        return {"acc": float(response == "7")}

    rows = [
        row(0, 0.5, ["8", "7"], ["8", "7"], metric="acc"),
        row(1, 1.0, ["7", "7"], ["7", "7"], metric="acc"),
    ]
    score, samples, _ = scored(rows, {"acc,none": 0.75}, judge_one=judge_one)
    assert (score.samples_per_problem, score.accuracy.value) == (2, 0.75)
    assert [sample.verdict.correct for sample in samples] == [False, True, True, True]
    best_of = [one | {"acc": 1.0} for one in rows]
    score, _, _ = scored(best_of, {"acc,none": 1.0}, judge_one=judge_one)
    assert (score.samples_per_problem, score.accuracy.value) == (1, 1.0)


def test_log_likelihoods_are_listed():
    choice = {
        "doc_id": 0, "doc": {}, "target": "1", "filter": "none", "metrics": ["acc"], "acc": 1.0,
        "arguments": [["Question", " a"], ["Question", " b"]], "resps": [[(-2.5, False)], [(-0.5, True)]],
        "filtered_resps": [(-2.5, False), (-0.5, True)],
    }  # fmt: skip
    score, samples, _ = scored([choice], {"acc,none": 1.0})
    assert samples[0].response == "-2.500000 ' a'\n-0.500000 ' b'"
    assert (samples[0].response_tokens, samples[0].verdict.answer, score.accuracy.value) == (0, None, 1.0)


def test_what_is_better_when_lower_decides_nothing():
    rows = [row(0, 0.3, ["a"], metric="brier_score")]
    with pytest.raises(LmEvalError, match="measures brier_score, which does not say"):
        scored(rows, {"brier_score,none": 0.3}, higher={"brier_score": False})


def test_tasks_without_a_metric_in_common_have_no_score_together():
    first, second = (result([row(0, 1, ["a"], metric=metric)], {}) for metric in ("acc", "f1"))
    with pytest.raises(LmEvalError, match="no metric in common; name them one by one"):
        to_score([first, second], asked({}), FACTS)
