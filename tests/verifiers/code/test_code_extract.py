"""Finding the program in a response."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers.code import Code, extract_code
from verifiers.code.extract import given_code
from verifiers.sandbox.types import LANGUAGES

DATA = Path(__file__).resolve().parent.parent.parent / "data" / "code_extraction.jsonl"
CASES = [json.loads(line) for line in DATA.read_text().splitlines()]


def test_there_are_enough_of_them():
    assert len(CASES) >= 60
    assert {case["language"] for case in CASES} == set(LANGUAGES)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_labelled(case):
    found = extract_code(
        case["response"], case["language"], prompt=case["prompt"], functions=case.get("functions", ())
    )
    assert (found.text, found.how, found.unclosed) == (case["code"], case["how"], case["unclosed"])
    assert found.goes_on == case.get("goes_on", False)
    assert (found.text is None) == bool(found.reason)


LINES = st.lists(
    st.text(st.characters(exclude_characters="\n\r`~<[◁", exclude_categories=["Cs"]), max_size=30)
)


@given(LINES, LINES, LINES)
def test_a_fenced_block_comes_back_as_it_is(before, program, after):
    code = "".join(line + "\n" for line in program)
    prose = ["\n".join(lines) for lines in (before, after)]
    response = f"{prose[0]}\n```python\n{code}```\n{prose[1]}"
    assert extract_code(response).text == code


PIECES = st.sampled_from(
    ["`", "```", "~~~", "\n", " ", "<answer>", "</answer>", "<think>", "</think>", "python", "x = 1", "def f(x):\n",
     "f(1)", '"""', "\\", "/*", "*/", "function f(x) {", "}", "return 1"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from([(), ("f",)]))
def test_a_program_is_made_of_the_response(response, functions):
    for language in LANGUAGES:
        found = extract_code(response, language, functions=functions)
        assert found.text is None or found.how == "joined" or _is_within(found.text, response)
        assert found.text is None or not found.unclosed


def _is_within(code: str, response: str) -> bool:
    return all(line.strip() in response for line in code.split("\n"))


@given(st.lists(st.text("abcdef \n(){};=\"'#/*", max_size=20), max_size=8))
def test_the_last_block_that_defines_the_function_counts(others):
    program = "def wanted(x):\n    return x + 1\n"
    blocks = [*(f"```python\n{code}\n```" for code in others), f"```python\n{program}```"]
    assert extract_code("\n".join(blocks), functions=("wanted",)).text == program
    again = extract_code("\n".join([*blocks, *blocks[: len(others)]]), functions=("wanted",)).text
    assert again is not None
    assert again.endswith(program)


def test_a_text_that_is_the_program_is_taken_as_it_is():
    text = 'def f(x):\n    """\n    ```\n    f(1)\n    ```\n    <think> """\n    return x\n'
    assert given_code(text, functions=("f",)) == Code(text, "given")
    assert given_code("return x", prompt="def f(x):\n", functions=("f",)).text == "    return x"
    assert given_code("return x\n", "cpp", prompt="int f(int x) {\n", functions=("f",)).goes_on


BEGINNINGS = (
    "",
    "```python\n",
    '```\n"""\n',
    "```js\n/*\n",
    'def f(x):\n    """\n',
    "<answer>",
    "```cpp\nint f(",
)
REPEATED = (
    "```\n", "```python\n", "```js\nf(1)\n```\n", "```python\nf(x)\n```\n", "```python\ng = f(x)\n```\n", "`", "~",
    "<answer>", "</answer>", " ", "<answer>```python\n", "(", "((", "-", "1+", "\\", "\n", '\\"""\n```\n', "'''\n```\n",
    '"""', '"', "'", "/*\n```\n", "/* ", "*/", "function f", "f(", "f(x) {", "const f = ", "{", "}", "class ",
    "import a\n", "#", "a = ", "def f(x):\n", "return ", "using ", "public ", "async ", "f'{", "x if ", "lambda: ",
    "[x for ",
)  # fmt: skip
ENDINGS = ("\\", "\n```\n", '"""\n```')


@pytest.mark.parametrize("piece", REPEATED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_is_linear(language, piece):
    """A response four times as long takes about four times as long, whatever stands around what repeats."""

    def cost(letters: int) -> float:
        started = time.process_time()
        for start in BEGINNINGS:
            for end in ENDINGS:
                text = start + piece * (letters // len(piece)) + end
                extract_code(text, language, prompt="f(x) {\n", functions=("f",))
        return time.process_time() - started

    assert cost(8_000) < 10 * cost(2_000) + 1.0
