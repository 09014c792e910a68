"""Judging in batches: in order, the same as one by one, and each program once."""

from collections import Counter
from dataclasses import replace
from itertools import islice

import pytest

from evals.benchmarks import SPECS, countdown, programs
from evals.judge import judge, judged_by
from evals.run import data_digest
from evals.types import Problem
from verifiers import batch, verify
from verifiers.batch import Workers

ADDITIONS = list(islice(programs.generate("train", 1, 0), 4))
SUMS = list(islice(countdown.generate("train", 3, 0), 4))


def right(problem) -> str:
    return f"<think> so </think> <answer> f = lambda x : {problem.id.split(':')[1]} </answer>"


ANSWERS = [
    answer
    for program, numbers in zip(ADDITIONS, SUMS, strict=True)
    for answer in (
        (program, right(program), "stop"),
        (numbers, "<answer> 1 + 1 </answer>", "stop"),
        (program, "<think> it goes on", "length"),
        (program, "<answer> f = lambda x : 0 </answer>", "stop"),
        (program, right(program).replace("so", "otherwise"), "stop"),
    )
]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_batch_is_judged_as_its_answers_are_one_by_one(workers):
    together = judge(ANSWERS, workers)
    for (problem, response, reason), verdict in zip(ANSWERS, together, strict=True):
        alone = verify(problem.verifier, response, problem.reference, finish_reason=reason)
        assert (verdict.status, verdict.answer, verdict.reason) == (alone.status, alone.answer, alone.reason)
        assert verdict.seconds == 0.0
    assert [v.status for v in together[:5]] == ["correct", "wrong", "truncated", "wrong", "correct"]
    assert judge([]) == []


def test_equal_programs_are_run_once(monkeypatch):
    runs: Counter[tuple[str, str]] = Counter()

    def counting(self, items, workers, **options):
        items = list(items)
        runs.update(
            (item.response.rpartition("</think>")[2], str(item.reference))
            for item in items
            if item.kind == "code"
        )
        return real(self, items, workers, **options)

    real = Workers.verify_batch
    monkeypatch.setattr(Workers, "verify_batch", counting)
    judge(ANSWERS * 3)
    programs_asked_for = {str(problem.reference) for problem in ADDITIONS}
    assert len(runs) == 3 * len(programs_asked_for)  # the right one, the wrong one, the one that was cut
    assert set(runs.values()) == {1}


def test_programs_behind_thinking_marks_of_ones_own_are_told_apart():
    marked = replace(ADDITIONS[0], options={"thinking_marks": [["<think>", "<end>"]]})
    answers = [f"<think>hm<end>\n{program}" for program in (right(marked), "```python\nprint(-1)\n```")]
    assert [verdict.correct for verdict in judge([(marked, answer, "stop") for answer in answers])] == [
        True,
        False,
    ]


def test_a_reference_that_cannot_be_used_is_an_error_of_its_own_answer():
    broken = programs.problem(programs.grammar(1)[0][0], [1, 2])
    broken.reference["calls"] = 3
    first, second = judge([(broken, right(broken), "stop"), (ADDITIONS[0], right(ADDITIONS[0]), "stop")])
    assert (first.status, second.status) == ("error", "correct")


class Endless:
    """Keeps the process that unpickles it busy for ever."""

    def __reduce__(self):
        return exec, ("while True: pass",)


def test_an_answer_that_is_judged_without_end_is_an_error_of_its_own(monkeypatch):
    monkeypatch.setattr(batch, "ITEM_PROCESSOR_SECONDS", 0.3)
    monkeypatch.setattr(batch, "CODE_PROCESSOR_SECONDS", 0.3)
    (number, *_), (program, *_) = SUMS, ADDITIONS
    for problem, answer in ((number, "<answer> 1 + 1 </answer>"), (program, right(program))):
        endless = replace(problem, options={"score": Endless()})
        first, second = judge([(endless, answer, "stop"), (problem, answer, "stop")])
        assert first.status == "error"
        assert "took over 0.3 s of processor time" in first.reason
        assert second.status in ("correct", "wrong")


@pytest.mark.parametrize(
    ("stop", "response", "reason", "status"),
    [
        ((), "The answer is (B).\n\nQuestion: Next?\nThe answer is (A).", "length", "wrong"),
        (("Question:",), "The answer is (B).\n\nQuestion: Next?\nThe answer is (A).", "length", "correct"),
        (("###", "\n\n"), "The answer is (B).\n\nQuestion: Next?\nThe answer is (A).", "length", "correct"),
        (("Question:",), "Let me see: it is", "length", "truncated"),
        (
            ("Question:",),
            "Let me see: it is Question: cut",
            "length",
            "no_answer",
        ),  # it ended before the limit
    ],
)
def test_a_response_ends_before_the_first_stop_text(stop, response, reason, status):
    problem = Problem("p", (), "B", "choice", options={"options": ["north", "south"]}, stop=stop)
    (verdict,) = judge([(problem, response, reason)])
    assert verdict.status == status


def test_a_protocol_says_where_responses_end_and_gives_options_to_the_verifiers_that_have_them():
    spec = SPECS["mmmu"]
    protocol = replace(spec.protocols[0], stop=("Question:",), options={"take": "first"})
    spec = replace(spec, protocols=(protocol,))
    row = {
        "id": "validation_Art_1",
        "question_type": "multiple-choice",
        "answer": "B",
        "index2ans": {"A": "x", "B": "y"},
    }
    choice = spec.problem(row)
    assert choice is not None
    assert (choice.stop, choice.options) == (("Question:",), {"options": ["x", "y"], "take": "first"})
    judged = judge(
        [(choice, "The answer is (B).\nThe answer is (A).\nQuestion: What?\nThe answer is (A).", "stop")]
    )
    assert judged[0].correct
    number = spec.problem({"id": "validation_Art_2", "question_type": "open", "answer": "7"})
    assert number is not None
    assert (number.verifier, number.options) == ("math", {"rounding": 2})


def test_an_option_may_be_of_one_verifier_alone():
    problems = [Problem("p", (), "B", "choice"), Problem("q", (), "7", "math")]
    given = judged_by(problems, (), {"math.fallback": "last_number", "choice.fallback": "last_letter"})
    assert [problem.options for problem in given] == [
        {"fallback": "last_letter"},
        {"fallback": "last_number"},
    ]
    for name, says in (
        ("text.fallback", "No problem is judged by 'text'"),
        ("math.fallbak", "no option 'fallbak'"),
    ):
        with pytest.raises(ValueError, match=says):
            judged_by(problems, (), {name: "none"})


def test_stop_texts_are_part_of_what_a_score_is_of():
    problem = Problem("p", (), "B", "choice")
    assert data_digest([problem]) == data_digest([replace(problem, stop=())])
    assert data_digest([problem]) != data_digest([replace(problem, stop=("Question:",))])
