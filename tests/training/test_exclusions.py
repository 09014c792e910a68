"""Prompts whose answer can be guessed or not verified, on labelled prompts of our own."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from evals.types import Message, Problem
from training.exclusions import asks_to_choose, asks_to_prove, asks_true_or_false, exclusion

PROMPTS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "exclusion_prompts.jsonl").read_text().splitlines()
]
MISSED = {
    "The following is a list: A. apples 3, B. bananas 5, C. cherries 9. How many fruits are there?",
}
"""Prompts that the patterns are known to get wrong."""


def rule_of(text, verifier="math"):
    return exclusion(Problem("p", (Message("user", text),), "1", verifier)) or "none"


@pytest.mark.parametrize("row", PROMPTS, ids=lambda row: row["prompt"][:40])
def test_a_labelled_prompt_gets_its_label(row):
    assert (rule_of(row["prompt"]) == row["label"]) is (row["prompt"] not in MISSED)


def test_the_set_is_large_and_balanced_enough_to_measure_on():
    counts = Counter(row["label"] for row in PROMPTS)
    assert len(PROMPTS) >= 150
    assert min(counts[label] for label in ("multiple choice", "true/false", "proof")) >= 40
    assert counts["none"] >= 90
    assert len({row["prompt"] for row in PROMPTS}) == len(PROMPTS)


def test_the_verifiers_of_such_answers_exclude_whatever_the_text():
    assert rule_of("Use 1 2 to make 3 .", "choice") == "multiple choice"
    assert rule_of("Use 1 2 to make 3 .", "true_false") == "true/false"


@pytest.mark.parametrize(
    "piece", ["A. ", "(A) (B) ", "is ", "prove ", "show a ", "show that, ", "which of ", "a, "]
)
@pytest.mark.parametrize("suffix", ["", "?", "!x"])
def test_the_time_grows_no_faster_than_the_prompt(piece, suffix):
    def seconds(length):
        text = piece * (length // len(piece)) + suffix
        start = time.process_time()
        asks_to_choose(text)
        asks_true_or_false(text)
        asks_to_prove(text)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(80_000) < 40 * max(seconds(8_000), 0.005)
