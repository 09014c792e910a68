import itertools
import os
import signal
import subprocess
import sys

import pytest
import verifiers_children

from verifiers import Item, batch, countdown, verify, verify_batch
from verifiers.process import Child


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
    assert (verdicts[1].layer, verdicts[1].version) == ("reference", countdown.VERSION)
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


class Endless:
    """Keeps the process that unpickles it busy for ever, or waiting for ever."""

    def __init__(self, how):
        self.how = how

    def __reduce__(self):
        return verifiers_children.answer, (self.how,)


@pytest.mark.parametrize(
    ("how", "limit"), [("spin", "ITEM_PROCESSOR_SECONDS"), ("sleep", "ITEM_WALL_SECONDS")]
)
def test_an_item_without_end_costs_its_own_limit_and_no_other_item(monkeypatch, how, limit):
    seconds = {"ITEM_PROCESSOR_SECONDS": 0.3, "ITEM_WALL_SECONDS": 5.0}[limit]
    monkeypatch.setattr(batch, limit, seconds)
    items = [item(place) for place in range(50)]
    items[20] = Item("text", "x", Endless(how))
    verdicts = list(verify_batch(items, 2))
    assert verdicts[20].status == "error"
    assert "took over" in verdicts[20].reason
    assert [verdict.answer for place, verdict in enumerate(verdicts) if place != 20] == [
        f"{place} + 1" for place in range(50) if place != 20
    ]


def test_verdicts_come_before_their_chunk_is_done():
    """A worker that is kept waiting by its third item has given its first two away."""
    items = [item(0), item(1), Item("text", "x", Endless("sleep")), item(3)]
    verdicts = verify_batch(items, 2)
    assert [next(verdicts).answer, next(verdicts).answer] == ["0 + 1", "1 + 1"]
    verdicts.close()  # ends the worker, which would wait for an hour


@pytest.mark.parametrize("workers", [0, 2])
def test_an_exception_of_the_input_comes_after_the_verdicts_before_it(workers):
    def broken():
        yield from map(item, range(37))
        raise LookupError("line 38")

    verdicts = verify_batch(broken(), workers)
    assert [next(verdicts).answer for _ in range(37)] == [f"{place} + 1" for place in range(37)]
    with pytest.raises(LookupError, match="line 38"):
        next(verdicts)


@pytest.fixture
def remembered(monkeypatch):
    """The children that were started, in order."""
    children = []
    original = Child.__init__

    def remember(self, module):
        original(self, module)
        children.append(self)

    monkeypatch.setattr(Child, "__init__", remember)
    return children


def test_workers_killed_from_outside_are_replaced(remembered):
    seen = []
    for place, verdict in enumerate(verify_batch((item(place) for place in range(400)), 2)):
        seen.append(verdict.answer)
        if place in (10, 150):
            for child in remembered:
                if child.is_alive:
                    os.kill(child.pid, signal.SIGKILL)
    assert seen == [f"{place} + 1" for place in range(400)]
    assert len(remembered) > 2


def test_an_item_that_cannot_be_sent_is_an_error():
    verdicts = list(verify_batch([item(0), Item("text", "x", lambda: 1), item(2)], 2))
    assert [verdict.status for verdict in verdicts] == ["correct", "error", "correct"]


def test_the_number_of_workers_is_checked():
    with pytest.raises(ValueError, match="workers"):
        verify_batch([], -1)
    assert list(verify_batch([], 2)) == []


def test_closing_early_ends_the_workers(remembered):
    verdicts = verify_batch((item(place) for place in itertools.count()), 2)
    next(verdicts)
    started = {child.pid for child in remembered}
    verdicts.close()
    assert started
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.killpg(pid, 0)


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


def test_verify_by_kind():
    assert verify("text", "yes", "yes").correct
    with pytest.raises(ValueError, match="kinds are math, countdown"):
        verify("poetry", "a", "b")
