import itertools
import os
import signal
import subprocess
import sys
import time

import pytest

from verifiers import Item, batch, verify, verify_batch
from verifiers.process import Child, ChildDied, ChildTimeout, Pool


def item(place):
    return Item(
        "countdown",
        f"<answer> {place} + 1 </answer>",
        {"numbers": [place, 1], "target": place + 1 + place % 2},
    )


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_verdicts_come_in_order(workers):
    verdicts = list(verify_batch((item(place) for place in range(100)), workers))
    assert [verdict.correct for verdict in verdicts] == [place % 2 == 0 for place in range(100)]
    assert [verdict.answer for verdict in verdicts] == [f"{place} + 1" for place in range(100)]


def test_processes_and_this_process_agree():
    items = [
        Item("math", r"\boxed{\frac12}", "0.5"),
        Item("math", r"\boxed{\int_0^1 x dx}", "1/2"),
        Item("text", "<answer>yes</answer>", "no"),
        Item("choice", "(B)", "B"),
        Item("ordering", "<answer>A B</answer>", {"items": ["A", "B"], "constraints": []}),
        Item("countdown", "<think>", {"numbers": [1, 2], "target": 3}, {"finish_reason": "length"}),
    ]
    here, there = (
        [(verdict.status, verdict.layer, verdict.reason) for verdict in verify_batch(items, workers)]
        for workers in (0, 2)
    )
    assert here == there
    assert [status for status, _, _ in here] == [
        "correct",
        "correct",
        "wrong",
        "correct",
        "correct",
        "truncated",
    ]


@pytest.mark.parametrize("workers", [0, 2])
def test_the_input_may_be_endless(workers):
    read = []

    def endless():
        for place in itertools.count():
            read.append(place)
            yield item(place)

    verdicts = verify_batch(endless(), workers)
    assert [verdict.answer for verdict in itertools.islice(verdicts, 40)] == [
        f"{place} + 1" for place in range(40)
    ]
    assert len(read) <= 40 + max(1, workers) * (batch.LOOK_AHEAD + 1) * batch.CHUNK


@pytest.mark.parametrize("workers", [0, 2])
def test_an_item_that_fails_is_an_error_and_no_other_suffers(workers):
    items = [item(0), Item("countdown", "<answer>1</answer>", "no reference"), Item("poetry", "x", "y"),
             Item("text", "x", "y", {"colour": "red"}), item(2)]  # fmt: skip
    verdicts = list(verify_batch(items, workers))
    assert [verdict.status for verdict in verdicts] == ["correct", "error", "error", "error", "correct"]
    assert "countdown reference is" in verdicts[1].reason
    assert "no verifier 'poetry'" in verdicts[2].reason
    assert "colour" in verdicts[3].reason


class Deadly:
    """Ends the process that unpickles it."""

    def __reduce__(self):
        return os._exit, (3,)


def test_a_killed_worker_loses_and_repeats_nothing():
    items = [item(place) for place in range(60)]
    items[25] = Item("text", "x", Deadly())
    verdicts = list(verify_batch(items, 2))
    assert len(verdicts) == 60
    assert verdicts[25].status == "error"
    assert "ended with code 3" in verdicts[25].reason
    for place, verdict in enumerate(verdicts):
        assert place == 25 or verdict.answer == f"{place} + 1"


def test_workers_killed_from_outside_are_replaced(monkeypatch):
    children = []
    original = Child.__init__

    def remember(self, module):
        original(self, module)
        children.append(self)

    monkeypatch.setattr(Child, "__init__", remember)
    seen = []
    for place, verdict in enumerate(verify_batch((item(place) for place in range(400)), 2)):
        seen.append(verdict.answer)
        if place in (10, 150):
            for child in children:
                child._process.send_signal(signal.SIGKILL)  # nothing, if it has ended
    assert seen == [f"{place} + 1" for place in range(400)]
    assert len(children) > 2


def test_an_item_that_cannot_be_sent_is_an_error():
    verdicts = list(verify_batch([item(0), Item("text", "x", lambda: 1), item(2)], 2))
    assert [verdict.status for verdict in verdicts] == ["correct", "error", "correct"]


def test_the_number_of_workers_is_checked():
    with pytest.raises(ValueError, match="workers"):
        verify_batch([], -1)
    assert list(verify_batch([], 2)) == []


def test_closing_early_ends_the_workers():
    verdicts = verify_batch((item(place) for place in itertools.count()), 2)
    next(verdicts)
    verdicts.close()


def test_a_script_without_a_main_guard_works():
    script = (
        "from verifiers import Item, verify_batch\n"
        "items = [Item('text', 'yes', 'yes')] * 40\n"
        "print(sum(v.correct for v in verify_batch(items, 2)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.strip() == "40"


# The child process itself


@pytest.fixture
def pool():
    pool = Pool("verifiers_children", 1)
    yield pool
    pool.close()


def test_a_child_that_is_too_slow_is_killed(pool):
    started = time.monotonic()
    with pytest.raises(ChildTimeout):
        pool.ask("sleep", 0.3)
    assert time.monotonic() - started < 50  # it would sleep for 60 s
    assert pool.ask("echo", 60.0) == "echo"


def test_a_child_that_does_not_read_is_killed():
    child = Child("verifiers_children")
    assert child.ask("echo", 60.0) == "echo"
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(ChildTimeout):
        child.ask("x" * 10_000_000, 0.3)


def test_large_questions_and_answers_pass(pool):
    assert pool.ask("x" * 5_000_000, 60.0) == "x" * 5_000_000


def test_a_child_that_dies_says_how(pool):
    with pytest.raises(ChildDied, match="signal 9"):
        pool.ask("die", 60.0)
    assert pool.ask("print", 60.0) == "print"


def test_verify_by_kind():
    assert verify("text", "yes", "yes").correct
    with pytest.raises(ValueError, match="kinds are math, countdown"):
        verify("poetry", "a", "b")
