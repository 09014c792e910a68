"""Finding the program in a response."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers.code import extract_code
from verifiers.sandbox.types import LANGUAGES

DATA = Path(__file__).resolve().parent.parent.parent / "data" / "code_extraction.jsonl"
CASES = [json.loads(line) for line in DATA.read_text().splitlines()]


def test_there_are_enough_of_them():
    assert len(CASES) >= 60
    assert {case["language"] for case in CASES} == set(LANGUAGES)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_labelled(case):
    found = extract_code(case["response"], case["language"], prompt=case["prompt"])
    assert (found.text, found.how, found.unclosed) == (case["code"], case["how"], case["unclosed"])
    assert (found.text is None) == bool(found.reason)


LINES = st.lists(st.text(st.characters(exclude_characters="\n\r`~", exclude_categories=["Cs"]), max_size=30))


@given(LINES, LINES, LINES)
def test_a_fenced_block_comes_back_as_it_is(before, program, after):
    code = "".join(line + "\n" for line in program)
    prose = ["\n".join(lines).replace("<", "").replace("◁", "") for lines in (before, after)]
    response = f"{prose[0]}\n```python\n{code}```\n{prose[1]}"
    assert extract_code(response).text == code


PIECES = st.sampled_from(
    ["`", "```", "~~~", "\n", " ", "<answer>", "</answer>", "<think>", "</think>", "python", "x = 1"]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_a_program_is_made_of_the_response(response):
    for language in LANGUAGES:
        found = extract_code(response, language)
        assert found.text is None or all(line.strip() in response for line in found.text.split("\n"))
        assert found.text is None or not found.unclosed


@pytest.mark.parametrize(
    "piece",
    [
        "```\n",
        "```python\n",
        "`",
        "~",
        "<answer>",
        "</answer>",
        " ",
        "<answer>```python\n",
        "(",
        "-",
        "1+",
        "\\",
        "\n",
    ],
)
def test_is_linear(piece):
    started = time.process_time()
    extract_code(piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 5.0
