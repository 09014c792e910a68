"""inspect: whole evaluations with its mock model."""

import pytest
from adapter_libraries import library

library("inspect_ai")
from inspect_ai import Task, eval  # noqa: E402
from inspect_ai.dataset import Sample  # noqa: E402
from inspect_ai.model import ModelOutput, ModelUsage, get_model  # noqa: E402

from verifiers.adapters.inspect_ai import verifier_scorer  # noqa: E402


def evaluate(tmp_path, samples, outputs, scorer):
    outputs = [
        one if isinstance(one, ModelOutput) else ModelOutput.from_content("mockllm/model", one)
        for one in outputs
    ]
    for output in outputs:
        output.usage = ModelUsage()  # or the mock model downloads a tokenizer to count
    (log,) = eval(
        Task(dataset=samples, scorer=scorer),
        model=get_model("mockllm/model", custom_outputs=outputs),
        log_dir=str(tmp_path), display="none", max_samples=1,
    )  # fmt: skip
    assert log.status == "success", log.error
    return log


def scores(log):
    return [next(iter(sample.scores.values())) for sample in log.samples]


def metrics(log):
    return {name: metric.value for name, metric in log.results.scores[0].metrics.items()}


def test_answers_are_scored_in_its_event_loop(tmp_path):
    samples = [Sample(input="?", target=target) for target in ["0.5", "0.5", ["7", "1/2"], "0.5", "0.5"]]
    cut = ModelOutput.from_content("mockllm/model", "<think> so", stop_reason="max_tokens")
    outputs = [r"\boxed{\frac12}", r"\boxed{2}", r"\boxed{0.5}", "hm, hard to say", cut]
    log = evaluate(tmp_path, samples, outputs, verifier_scorer("math"))
    assert [score.value for score in scores(log)] == ["C", "I", "C", "N", "N"]
    statuses = [score.metadata["status"] for score in scores(log)]
    assert statuses == ["correct", "wrong", "correct", "no_answer", "truncated"]
    assert scores(log)[0].answer == r"\frac12"
    assert metrics(log)["accuracy"] == pytest.approx(0.4)
    assert metrics(log)["stderr"] > 0


def test_a_worker_process_may_decide(tmp_path):
    log = evaluate(tmp_path, [Sample(input="?", target="1/2")], [r"\boxed{\int_0^1 x dx}"], verifier_scorer())
    assert scores(log)[0].value == "C", scores(log)[0].explanation


def test_a_failure_of_the_verifier_is_no_score(tmp_path):
    samples = [Sample(input="?", target="4"), Sample(input="?", target=" ")]
    log = evaluate(tmp_path, samples, [r"\boxed{4}", r"\boxed{4}"], verifier_scorer())
    assert scores(log)[1].reason == "scoring_failed"
    assert scores(log)[1].metadata["status"] == "error"
    assert metrics(log)["accuracy"] == 1.0


@pytest.mark.parametrize("where", ["target", "metadata"])
def test_a_reference_may_be_an_object(tmp_path, where):
    puzzle = {"numbers": [3, 4, 5], "target": 17}
    if where == "target":
        sample = Sample(input="?", target='{"numbers": [3, 4, 5], "target": 17}')
        scorer = verifier_scorer("countdown", operators="+*")
    else:
        sample = Sample(input="?", metadata={"puzzle": puzzle})
        scorer = verifier_scorer("countdown", reference="puzzle", operators="+*")
    log = evaluate(tmp_path, [sample], ["<answer> 3 * 4 + 5 </answer>"], scorer)
    assert scores(log)[0].value == "C"


def test_wrong_settings_are_refused():
    with pytest.raises(ValueError, match="no verifier 'poetry'"):
        verifier_scorer("poetry")
