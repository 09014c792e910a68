"""lm-eval: the example task through its Python interface, found by `include_path`."""

import pytest
from adapter_libraries import library

library("lm_eval")
library("datasets")
from lm_eval import simple_evaluate  # noqa: E402
from lm_eval.api.model import LM  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402

from verifiers.adapters.lm_eval import tasks_folder  # noqa: E402

TASK = "k15_math_example"
ANSWERS = {
    "3/4": r"It is \boxed{1.5}.",
    "Expand": r"<think> hm </think> \boxed{x^2 + 2x + 1}",
    "real numbers": r"\boxed{2, -2}",
    "minutes": "The answer is 120.",
}


class Answering(LM):
    """A model that knows what to say to each problem."""

    def generate_until(self, requests):
        return [
            next(said for word, said in ANSWERS.items() if word in request.args[0]) for request in requests
        ]

    def loglikelihood(self, requests):
        raise NotImplementedError

    def loglikelihood_rolling(self, requests):
        raise NotImplementedError


def evaluate(model):
    tasks = TaskManager(include_path=str(tasks_folder()), include_defaults=False)
    return simple_evaluate(model, tasks=[TASK], task_manager=tasks, bootstrap_iters=0)


def test_the_example_task_is_judged_by_our_verifier():
    found = evaluate(Answering())
    assert found["results"][TASK]["acc,none"] == 0.75
    assert found["results"][TASK]["verifier_failed,none"] == 0.0
    assert {sample["doc"]["answer"]: sample["acc"] for sample in found["samples"][TASK]} == {
        r"\frac{3}{2}": 1.0, "x^2+2x+1": 1.0, r"\{-2, 2\}": 1.0, "150": 0.0,
    }  # fmt: skip


def test_its_dummy_model_answers_nothing_right():
    assert evaluate("dummy")["results"][TASK]["acc,none"] == pytest.approx(0.0)
