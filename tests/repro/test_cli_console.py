"""Progress: plain lines without a terminal, bars on one."""

import io
import json
import os
import pty
import re
import subprocess
import sys

import pytest
from cli_support import ENVIRONMENT
from rich.console import Console

import repro.console
from repro.console import RunMonitor

WORK = """
import time
from rich.console import Console
from repro.console import RunMonitor
console = Console(stderr=True)
rl, eval = RunMonitor(console, "rl", None), RunMonitor(console, "sft", None)
with rl.task("iterations", 4, "iteration") as advance:
    advance(1)
    for _ in range(3):
        with rl.timed("rollout") as count:
            time.sleep(0.15)
            count(1500)
        with eval.timed("score") as count, eval.task("score rl/0010", 10, "sample") as inner:
            inner(0)
            for _ in range(10):
                time.sleep(0.02)
                count(30)
                inner(1)
            inner(0)
        rl.log("a line " + "that is long " * 10)
        advance(1)
"""


@pytest.fixture
def plain(monkeypatch):
    """A console that is no terminal, and a clock that tests move."""
    clock = [100.0]
    monkeypatch.setattr(repro.console.time, "monotonic", lambda: clock[0])
    console = Console(file=io.StringIO(), width=40)
    return console, clock


def test_plain_lines_have_rates_and_time_left(plain):
    console, clock = plain
    monitor = RunMonitor(console, "rl", None)
    with monitor.timed("score") as count, monitor.task("score rl/0010", 100, "sample") as advance:
        advance(40)  # done before
        for _ in range(6):
            clock[0] += 5
            count(1000)
            advance(5)
    lines = console.file.getvalue().splitlines()
    assert lines == [
        "[rl] score rl/0010: 50/100 samples, 1.5 s/sample, 200 tokens/s, about 75 s left",
        "[rl] score rl/0010: 65/100 samples, 1.2 s/sample, 200 tokens/s, about 42 s left",
    ]


def test_plain_lines_come_before_the_first_unit_is_done(plain):
    console, clock = plain
    monitor = RunMonitor(console, "rl", None)
    with monitor.timed("score") as count, monitor.task("score", 100, "sample") as advance:
        advance(0)
        clock[0] += 20
        count(500)
    assert console.file.getvalue() == "[rl] score: 0/100 samples, 25 tokens/s\n"


def test_short_work_and_what_is_done_make_no_line(plain):
    console, clock = plain
    monitor = RunMonitor(console, "rl", None)
    with monitor.task("steps", 2, "step") as advance:
        clock[0] += 1
        advance(1)
        clock[0] += 100
        advance(1)
        advance(0)
    with monitor.task("nothing", 0, "step") as advance:
        advance(0)
    assert console.file.getvalue() == ""


def test_a_log_line_is_never_broken_and_its_brackets_stay(plain):
    console, _ = plain
    RunMonitor(console, "rl", None).log("[bold] 0.1 [0.0, 0.2] " + "word " * 20)
    assert console.file.getvalue().count("\n") == 1
    assert console.file.getvalue().startswith("[rl] [bold] 0.1 [0.0, 0.2]")


def test_wall_times_and_tokens_are_recorded_even_when_the_work_fails(tmp_path):
    monitor = RunMonitor(Console(file=io.StringIO()), "rl", tmp_path / "timings.jsonl")
    with monitor.timed("train") as count:
        count(5)
        count(6)
    with pytest.raises(OSError, match="disk"), monitor.timed("save"):
        raise OSError("disk")
    rows = [json.loads(line) for line in (tmp_path / "timings.jsonl").read_text().splitlines()]
    assert [(row["stage"], row["what"], row["tokens"]) for row in rows] == [
        ("rl", "train", 11),
        ("rl", "save", None),
    ]


def test_a_row_behind_a_cut_line_is_on_a_line_of_its_own(tmp_path):
    path = tmp_path / "timings.jsonl"
    path.write_text('{"stage": "rl", "wha')
    monitor = RunMonitor(Console(file=io.StringIO()), "rl", path)
    for what in ("train", "save"):
        with monitor.timed(what):
            pass
    cut, *rows = path.read_text().splitlines()
    assert cut == '{"stage": "rl", "wha'
    assert [json.loads(row)["what"] for row in rows] == ["train", "save"]


def test_bars_on_a_terminal_with_one_monitor_inside_another():
    """The score of a checkpoint has its own monitor and runs within the bar of the stage."""
    reader, writer = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", WORK],
        env=ENVIRONMENT | {"TERM": "xterm", "COLUMNS": "100"},
        stdin=writer,
        stdout=subprocess.PIPE,
        stderr=writer,
    )
    os.close(writer)
    shown = b""
    while True:
        try:
            block = os.read(reader, 65536)
        except OSError:  # how a pseudo-terminal ends
            break
        if not block:
            break
        shown += block
    os.close(reader)
    out, _ = process.communicate(timeout=30)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert process.returncode == 0, text
    assert out == b""
    assert re.search(r"rl: iterations .*━.* 2/4 .*iterations/s, [\d,]+ tokens/s 0:00:\d\d", text), text
    assert re.search(r"sft: score rl/0010 .* \d+/10 ", text)
    assert text.count("[rl] a line") == 3
    assert shown.endswith(b"\x1b[?25h") or b"\x1b[?25h" in shown[-200:]  # the cursor is back
