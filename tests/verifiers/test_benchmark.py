"""The pairs of `benchmarks/verifiers.py` and what the command prints."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from verifiers import math

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "benchmarks" / "verifiers.py"


def load(name):
    """A module of the benchmarks, whose folder must not come into the import path: it has a `verifiers.py`."""
    spec = importlib.util.spec_from_file_location(name, SCRIPT.with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


pairs = load("verifier_pairs")
graders = load("verifier_graders")


@pytest.mark.parametrize("template", [*pairs.EASY, *pairs.HARD], ids=lambda template: template.__name__)
def test_both_forms_are_right_and_the_wrong_one_is_wrong(template):
    chance = pairs.Random(template.__name__)
    for _ in range(25):
        answer, reference, wrong = template(chance)
        assert math.equivalent(answer, reference).correct, (answer, reference)
        assert math.equivalent(wrong, reference).status == "wrong", (wrong, reference)


def test_a_seed_gives_the_same_pairs_and_another_gives_others():
    assert pairs.mix("hard", 300, 1) == pairs.mix("hard", 300, 1) != pairs.mix("hard", 300, 2)
    labels = [pair.label for pair in pairs.mix("easy", 1_000, 0)]
    assert 0.5 < sum(labels) / len(labels) < 0.7


@pytest.mark.parametrize(
    ("answer", "reference", "same"),
    [
        (r"\dfrac{1}{2}", r"\frac{1}{2}", True),
        ("1,234", "1234", True),
        (r"\left(1, 2\right)", "(1,2)", True),
        ("1/2", r"\frac12", True),
        ("5", "6", False),
        ("x+1", "1+x", False),  # it is a floor: no algebra
    ],
)
def test_the_string_grader(answer, reference, same):
    assert graders.strings()(answer, reference) == ("correct" if same else "wrong")


def run(*arguments):
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        capture_output=True,
        text=True,
        timeout=1_200,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.slow
def test_the_command_compares_all_on_the_same_pairs(tmp_path):
    own = tmp_path / "own.jsonl"
    own.write_text('{"answer": "0.5", "reference": "1/2", "label": true}\n')
    done = run("--easy", "60", "--hard", "20", "--file", str(own), "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert {"ours", "strings"} <= set(figures["start"])
    for row in figures["results"]:
        assert row["pairs"] == {"easy": 60, "hard": 20, "own.jsonl": 1}[row["mix"]]
        assert row["per_second"] > 0
        if row["verifier"] == "ours":
            assert row["accuracy"] == 1.0
    assert len(figures["results"]) == 3 * len(figures["start"])


def test_a_line_that_is_no_labelled_pair_is_named(tmp_path):
    own = tmp_path / "own.jsonl"
    own.write_text('{"answer": "0.5", "reference": "1/2", "label": true}\n{"answer": "2"}\n')
    done = run("--easy", "0", "--hard", "0", "--file", str(own))
    assert done.returncode == 1
    assert done.stderr.startswith("benchmarks/verifiers.py: line 2 of ")
