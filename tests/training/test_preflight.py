import pytest

from evals.benchmarks.puzzles import level_problems
from evals.types import Message, Problem
from training.demonstrations.build import solve
from training.preflight import PreflightError, check_rewards_vary, check_sandbox, check_verifier
from training.rewards import judge_groups
from training.rollout import Group, Rollout


def test_good_puzzles_pass():
    for level in ("countdown-3", "ordering-5", "programs-2"):
        check_verifier(level_problems(level, "train", 5, 0), lambda p: solve(p, "short", 0))


def test_a_wrong_reference_is_found():
    problem = Problem("p", (Message("user", "1 + 1?"),), "3", "math")
    with pytest.raises(PreflightError, match="reference solution of p is judged wrong"):
        check_verifier([problem], lambda p: "<answer>2</answer>")


def test_a_reference_that_junk_satisfies_is_found():
    problem = Problem("p", (Message("user", "What?"),), "0", "math")
    with pytest.raises(PreflightError, match="would reward anything"):
        check_verifier([problem], lambda p: None)


def group(*answers):
    (problem,) = level_problems("ordering-4", "train", 1, 0)
    rollouts = tuple(Rollout((), 0, (i,), (0.0,), (), "stop") for i in range(len(answers)))
    (judged,) = judge_groups([Group(problem, rollouts, 0)], lambda tokens: answers[tokens[0]], 0.0, 0.0)
    return judged


def test_rewards_must_vary():
    (problem,) = level_problems("ordering-4", "train", 1, 0)
    right = solve(problem, "short", 0)
    check_rewards_vary([group("junk", "junk"), group(right, "junk")])
    with pytest.raises(PreflightError, match="every response got the same reward"):
        check_rewards_vary([group("junk", "junk"), group(right, right)])


def test_programs_need_the_tools_of_their_language():
    reference = {"tests": [{"stdout": ""}], "language": "bash", "tools": ["no_such_tool"]}
    problem = Problem("p", (Message("user", "Print nothing."),), reference, "code")
    with pytest.raises(
        PreflightError, match=r"cannot be run here: no_such_tool not found: install no_such_tool\.$"
    ):
        check_sandbox([problem])


@pytest.fixture
def no_sandbox(monkeypatch):
    """A machine where the sandbox does not start."""
    from verifiers.sandbox import SandboxUnavailable

    def shared():
        raise SandboxUnavailable("bubblewrap is not installed.")

    monkeypatch.setattr("verifiers.sandbox.shared", shared)


def test_programs_need_the_sandbox(no_sandbox):
    check_sandbox(level_problems("countdown-3", "train", 3, 0))
    with pytest.raises(PreflightError, match=r"the sandbox runs: bubblewrap is not installed\.$"):
        check_sandbox(
            level_problems("countdown-3", "train", 3, 0) + level_problems("programs-1", "train", 1, 0)
        )


def test_the_sandbox_starts_here():
    check_sandbox(level_problems("programs-1", "train", 1, 0))
