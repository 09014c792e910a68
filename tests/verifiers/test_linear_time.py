"""Whatever a model writes, judging it takes time that grows with its length and no faster."""

import json
import subprocess
import sys
from pathlib import Path

import pumped
import pytest

SLOWEST = 6.0
"""Seconds of processor time for a text of some 16,000 characters, judged up to nine times: five times the slowest."""
GROWTH = 10.0
"""Four times the text takes four times as long, or sixteen times where a pattern is quadratic."""
NOISE = 0.15
"""Seconds below which no growth is measured."""
PATIENCE = 1_500
"""Seconds by the clock after which a run is ended; it needs seconds of processor time."""


def check(target: str, every: int) -> None:
    command = [sys.executable, str(Path(pumped.__file__)), target, str(every)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            output, errors = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
    lines = output.splitlines()
    assert process.returncode == 0, (lines[-1:], errors[-2_000:])
    assert len(lines) == len(list(pumped.texts(every)))
    decoder = json.JSONDecoder()
    for line in lines:
        what, end = decoder.raw_decode(line)
        short, long = json.loads(line[end:])
        assert long < SLOWEST, (target, what, short, long)
        assert long < NOISE or long < GROWTH * short, (target, what, short, long)


@pytest.mark.parametrize("target", pumped.TARGETS)
def test_some_pumped_texts_take_linear_time(target):
    check(target, every=100)


@pytest.mark.slow
@pytest.mark.parametrize("target", pumped.TARGETS)
def test_pumped_texts_take_linear_time(target):
    check(target, every=25)
