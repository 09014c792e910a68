"""Generators that a model writes."""

import pytest
from testcases_support import SMALL, make_problem

from evals.engine import Response
from evals.testcases.curate import curate_problem
from evals.testcases.written import prompt, with_written_generators
from evals.types import Sampling

GOOD = (
    "Small first.\n```python\nimport sys\nfrom cyaron import randint\nprint(sys.argv[1], randint(1, 9))\n```"
)
SAMPLING = Sampling(max_tokens=2000)


class Writer:
    """Answers every prompt with one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.prompts: list[str] = []

    def encode(self, prompt, prefill=""):
        return tuple(prompt[-1].content.encode())

    def decode(self, tokens):
        return bytes(tokens).decode()

    def generate(self, requests, sampling, on_tokens=None):
        self.prompts += [bytes(request.prompt).decode() for request in requests]
        tokens = tuple(self.text.encode())
        return [Response(tokens, tuple(0.0 for _ in tokens), "stop") for _ in requests]


def written(engine, folder, problems=None, model="weights"):
    return with_written_generators(problems or [make_problem()], engine, model, SAMPLING, SMALL, folder)


def test_the_prompt_shows_statement_samples_and_usage_and_no_submission():
    (message,) = prompt(make_problem(statement="Add {two} numbers."), SMALL)
    for words in ("Add {two} numbers.", "1 1", "Graph.graph", "String.random", f"from 1 to {SMALL.inputs}"):
        assert words in message.content
    assert "a.py" not in message.content


def test_what_the_model_writes_is_run_in_the_sandbox(sandbox, tmp_path):
    adds = "print(sum(map(int, input().split())))"
    submissions = tuple(one.__class__(one.name, "python", adds) for one in make_problem().submissions)
    (problem,) = written(Writer(GOOD), tmp_path, [make_problem(submissions=submissions, generator=None)])
    found = curate_problem(problem, sandbox, SMALL)
    assert (found.end, len(found.cases)) == ("kept", SMALL.inputs)


@pytest.mark.parametrize("response", ["I cannot.", "", "```python\nprint(1)", "<think>\nprint(1)"])
def test_a_response_without_a_program_gives_no_generator(tmp_path, response):
    (problem,) = written(Writer(response), tmp_path)
    assert problem.generator is None


def test_a_response_is_drawn_once_for_the_same_weights(tmp_path):
    first, second, third = Writer(GOOD), Writer("other"), Writer("```python\nprint(1)\n```")
    problems = [make_problem("a"), make_problem("b"), make_problem("s", special_judge="Any.")]
    found = written(first, tmp_path, problems)
    assert len(first.prompts) == 2
    assert written(second, tmp_path, problems) == found
    assert second.prompts == []
    assert written(third, tmp_path, problems, model="other weights") != found
    assert len(third.prompts) == 2
