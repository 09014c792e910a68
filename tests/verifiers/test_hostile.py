"""Strings made to hang, crash, bloat or fool a verifier: each ends in a verdict, soon, and none is accepted."""

import contextlib
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import hostile
import hostile_run
import pytest

from verifiers import KINDS, math
from verifiers.math import symbolic, worker

OWN_SECONDS = 1.0 - hostile_run.SYMBOLIC_SECONDS
"""Processor time for one verdict here; that of the symbolic worker is bounded by the kernel."""
MEMORY_BYTES = 150_000_000
"""What judging may add to the memory of a process; the longest texts have a megabyte."""
PATIENCE = 1_500
"""Seconds by the clock after which a run is taken to hang; a run needs seconds of processor time."""

ANSWERS = hostile.answers()


def test_there_are_enough_of_them():
    assert len(ANSWERS) >= 300
    assert len(hostile.responses()) >= 300
    assert set(hostile_run.REFERENCES) <= set(KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("kind", hostile_run.REFERENCES)
def test_each_ends_in_a_verdict_soon_in_little_memory(kind):
    command = [sys.executable, str(Path(hostile_run.__file__)), kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            output, errors = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
    *lines, memory = output.splitlines()
    assert process.returncode == 0, (memory[:200], errors[-2_000:])
    verdicts = [read(line) for line in lines]
    assert len(verdicts) == len(list(hostile_run.calls(kind)))
    assert [verdict for verdict in verdicts if verdict[1] in ("correct", "error")] == []
    assert [verdict for verdict in verdicts if verdict[-1] > OWN_SECONDS] == []
    assert max(length for *_, length, _ in verdicts) <= 2_000
    assert int(memory) < MEMORY_BYTES


def read(line):
    """A line of the run: name, status, reason, length of the answer, seconds."""
    name, end = json.JSONDecoder().raw_decode(line)
    return name, *json.loads(line[end:])


@pytest.mark.parametrize("name", ANSWERS)
def test_is_a_reference_or_the_callers_mistake(name):
    with contextlib.suppress(ValueError):
        assert not math.equivalent("7", ANSWERS[name], symbolic=False).correct


def test_a_time_out_is_a_status_and_the_next_question_is_answered():
    verdict = math.equivalent(r"\sum_{k=1}^{10^{12}} \sin(k^k)", "5", timeout=0.3)
    assert verdict.status == "timeout"
    assert verdict.score == 0.0
    assert math.equivalent(r"\int_0^1 x dx", "1/2").correct


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux")
def test_the_kernel_caps_the_memory_of_the_symbolic_worker():
    symbolic.warm_up()
    child = symbolic._pool(os.getpid())._free[-1]
    assert resource.prlimit(child.pid, resource.RLIMIT_AS) == (worker.MEMORY_BYTES,) * 2


@pytest.mark.parametrize("formula", [r"\int_0^1 9^{9^{9}} dx", r"\sum_{k=1}^{2} 9^{9^{9^{k}}}", "(9^{9^9})!"])
def test_what_needs_too_much_memory_ends_in_a_verdict(formula):
    assert math.equivalent(formula, "5", timeout=0.5).status in ("timeout", "error", "wrong")
