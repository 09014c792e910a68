"""The reward used in training is the benchmark's verdict on the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.benchmarks.puzzles import level_problems
from evals.judge import judge
from training.demonstrations.build import solve
from training.rewards import judge_groups
from training.rollout import Group, Rollout

PROBLEMS = [p for level in ("countdown-3", "ordering-5") for p in level_problems(level, "train", 3, 0)]
SOLVED = [solve(p, style, 1) for p in PROBLEMS for style in ("short", "direct", "long")]
texts = st.one_of(
    st.sampled_from(SOLVED),
    st.sampled_from(SOLVED).map(lambda text: text[: len(text) // 2]),
    st.text("0123456789+-*() <answer>think/ABCDJK", max_size=60),
)
reasons = st.sampled_from(["stop", "length", "repeat"])


@given(st.sampled_from(PROBLEMS), st.lists(st.tuples(texts, reasons), min_size=1, max_size=6))
def test_reward_is_the_benchmarks_verdict(problem, drawn):
    rollouts = tuple(Rollout((), 0, (i,), (0.0,), (), reason) for i, (_, reason) in enumerate(drawn))
    (judged,) = judge_groups([Group(problem, rollouts, 0)], lambda tokens: drawn[tokens[0]][0], 0.0, 0.0)
    verdicts = judge([(problem, text, reason) for text, reason in drawn])
    assert [v.status for v in judged.verdicts] == [v.status for v in verdicts]
    assert list(judged.rewards) == [float(v.correct) for v in verdicts]


def test_a_cut_thought_that_the_prompt_opened_is_not_rewarded():
    problem = PROBLEMS[0]
    answer = solve(problem, "direct", 1).partition("</think>")[2]
    texts = [f"so {answer}", f"so </think> {answer}"]
    rollouts = tuple(Rollout((), 0, (i,), (0.0,), (), "length", "<think>\n") for i in range(2))
    (judged,) = judge_groups([Group(problem, rollouts, 0)], lambda tokens: texts[tokens[0]], 0.0, 0.0)
    assert [verdict.status for verdict in judged.verdicts] == ["truncated", "correct"]
    assert judged.responses == tuple(f"<think>\n{text}" for text in texts)
    assert judged.rewards == (0.0, 1.0)


def test_length_and_repetition_shape_the_reward_of_the_group():
    problem = PROBLEMS[0]
    right = solve(problem, "short", 1)
    texts = [right, right, "junk"]
    rollouts = (
        Rollout((), 0, (0,) * 10, (), (), "stop"),
        Rollout((), 0, (1,) * 20, (), (), "stop"),
        Rollout((), 0, (2,) * 30, (), (), "repeat"),
    )
    (judged,) = judge_groups([Group(problem, rollouts, 0)], lambda tokens: texts[tokens[0]], 0.2, 0.1)
    assert judged.rewards == pytest.approx((1 + 0.2 * 0.5, 1.0, 0.2 * -0.5 - 0.1))
    assert judged.accuracy == pytest.approx(2 / 3)
    assert judged.has_signal
