"""What reads a program's text before it runs is stopped where it takes too long, and holds nobody up."""

import sys
import threading
import time

import endless_reader
import pytest
from sandbox_runs import run, say

from verifiers.process import Limits
from verifiers.sandbox import languages, reader
from verifiers.sandbox.languages import toolchain


@pytest.fixture
def endless(monkeypatch):
    if not toolchain("java").is_here:
        pytest.skip("no Java here")
    monkeypatch.setattr(languages, "java_names", endless_reader.read_for_ever)
    monkeypatch.setattr(reader, "_LIMITS", Limits(processor=2.0, wall=60.0))


def test_a_text_that_keeps_its_reader_busy_does_not_compile_and_holds_nobody_up(sandbox, endless):
    results = []
    thread = threading.Thread(target=lambda: results.append(run(sandbox, "class A {}", language="java")))
    thread.start()
    time.sleep(0.1)
    assert say(sandbox, "print('meanwhile')") == "meanwhile"
    assert results == []  # the reader is at it still, in a process of its own
    thread.join()
    [execution] = results
    assert execution.outcome == "not_compiled"
    assert "cannot be read" in execution.reason
    assert say(sandbox, "print('afterwards')") == "afterwards"


def test_digits_are_bounded_in_this_process_as_python_bounds_them():
    assert sys.get_int_max_str_digits() == sys.int_info.default_max_str_digits
