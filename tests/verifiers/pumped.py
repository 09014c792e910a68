"""Judge texts of the form prefix + piece × n + suffix, for n and 4n: a JSON line with both times for each.

A pattern that is not linear shows at a suffix that it does not match: it then tries each way to divide the pieces.
Run by `test_linear_time.py` as a process of its own, which the kernel ends: `python pumped.py TARGET [EVERY]`.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator

from verifiers import choice, countdown, instructions, math, ordering, text, true_false
from verifiers.code import extract_code
from verifiers.code.compare import same_output
from verifiers.extract import extract

CHARACTERS = 4_000
"""Length of the shorter text; the longer one repeats its piece four times as often."""
CPU_SECONDS = 240
"""Processor time after which the kernel ends the process."""

PREFIXES = (
    "",
    "The answer is B",
    "答案",
    "\\boxed{B",
    "Answer: ",
    "5 or 0.",
    "It is (",
    "```python\n",
    "yes",
)
SUFFIXES = ("", " w", "x.", ".0", "\n", "!", "}", "\x00", "。错", "\"'", " is not quite the best answer")
PIECES = (
    "?", "!", ".", ",", ";", ":", "：", "。", "，", "-", "—", "*", "**", "_", "#", "####", "`", "```", "~~~\n", "'",
    '"', "''", "“", "(", ")", "()", "[", "]", "{", "}", "{}", "<", ">", "</", "|", "/", "\\", "\\\\", "$", "$$", "%",
    "&", "=", "+", "^", " ", "  ", "\t", "\n", "\n\n", "\r\n", "\u3000", "0", "7", "0,", "000,", "1,234", "0.", ".5",
    "1e", "1/", "½", "²", "a", "A", "B", "a ", "A ", "B ", "I ", "A.", "B.", "A\n", "B, ", "A, B, ", "A and ", "B or ",
    "(A)", "(A) ", "(A), ", "b) ", "A->", "A=", "not A ", "and ", "or ", "is ", "the ", "the best ", "most ", "answer ",
    "Answer: ", "answer is ", "the answer ", "option ", "Option A ", "choose ", "correct ", "is correct ",
    "A is correct. ", "could be ", "wait ", "no, ", "actually ", "yes ", "not ", "true ", "twenty ", "twenty-", "选",
    "选A", "答案", "答案是", "正确", "【答案】", "【", "或", "是", "对", "不", "A、", "\\boxed{", "\\boxed{A} ",
    "\\text{", "\\text{A}", "\\frac", "\\left(", "\\(", "\\[", "\\,", "<answer>", "</answer>", "<think>", "</think>",
    "<|", "<|im_end|>", "public ", "class A ", "/* ", "// ", "def f(", "if x:\n ", "import a\n", "Question: ", "Q: ",
    "a-", "a'", "a.b", "A.B.", "U.S.", "é", "\u0301", "\ufdfa",
)  # fmt: skip

OPTIONS = {"A": "Rome", "B": r"$\frac{1}{2}$", "C": "I and II", "D": "None of the above"}
FORMS = ("{}", "<answer>{}</answer>", "\\boxed{{{}}}")


def _whole(judge: Callable[[str], object]) -> Callable[[str], None]:
    """Judge a text as a response, in an answer tag and in a box."""

    def all_forms(pumped: str) -> None:
        for form in FORMS:
            judge(form.format(pumped))

    return all_forms


def _choice(response: str) -> None:
    choice.verify(response, "B")
    choice.verify(response, "B", options=OPTIONS, fallback="last_letter")
    choice.verify(response, "B", options=OPTIONS, fallback="last_mention")
    choice.verify(response, "B", options=OPTIONS, take="first")


def _math(response: str) -> None:
    for fallback in ("none", "last_formula", "last_number", "last_line"):
        math.verify(response, "7", fallback=fallback, symbolic=False)


def _instructions(response: str) -> None:
    instructions.verify(response, {"instruction_id_list": [*_GIVEN], "kwargs": [*_GIVEN.values()]})


def _code(response: str) -> None:
    for language in ("python", "cpp", "java", "javascript", "typescript", "php", "bash", "csharp"):
        extract_code(response, language)


def _output(printed: str) -> None:
    said = printed.encode("utf-8", "replace")
    for how in ("exact", "lines", "tokens", "numbers", "unordered_lines"):
        same_output(said, b"0.25 7", how)
        same_output(b"0.25 7", said, how)


def _extract(response: str) -> None:
    for fallback in ("none", "last_formula", "last_number", "last_line"):
        extract(response, fallback=fallback)


_GIVEN: dict[str, dict[str, object]] = {
    "punctuation:no_comma": {},
    "detectable_format:title": {},
    "detectable_format:json_format": {},
    "detectable_format:number_highlighted_sections": {"num_highlights": 2},
    "detectable_format:number_bullet_lists": {"num_bullets": 2},
    "detectable_format:multiple_sections": {"section_spliter": "Section", "num_sections": 2},
    "detectable_content:number_placeholders": {"num_placeholders": 2},
    "detectable_content:postscript": {"postscript_marker": "P.S."},
    "length_constraints:number_paragraphs": {"num_paragraphs": 2},
    "startend:quotation": {},
}

TARGETS: dict[str, Callable[[str], object]] = {
    "extract": _whole(_extract),
    "choice": _whole(_choice),
    "text": _whole(lambda response: text.verify(response, ["Paris", "1,000.5"])),
    "true_false": _whole(lambda response: true_false.verify(response, True)),
    "math": _whole(_math),
    "math answers": lambda answer: math.equivalent(answer, "7", symbolic=False),
    "countdown": _whole(lambda response: countdown.verify(response, {"numbers": [3, 4, 5], "target": 17})),
    "ordering": _whole(
        lambda response: ordering.verify(response, {"items": ["P", "Q"], "constraints": [["Q", "P"]]})
    ),
    "instructions": _instructions,
    "code": _code,
    "output": _output,
}


def texts(every: int = 1) -> Iterator[tuple[str, str, str]]:
    """Prefix, piece and suffix: all of them, or one of `every`, so that each piece is among them."""
    place = 0
    for number, piece in enumerate(PIECES):
        for prefix in PREFIXES:
            for suffix in SUFFIXES:
                place += 1
                if (place + number) % every == 0:
                    yield prefix, piece, suffix


def seconds(judge: Callable[[str], object], pumped: str) -> float:
    """Processor time of one call."""
    started = time.process_time()
    judge(pumped)
    return time.process_time() - started


def main(target: str, every: int) -> None:
    """Judge, and say first what is judged, so that the last line names what hung."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    judge = TARGETS[target]
    judge("7")
    for prefix, piece, suffix in texts(every):
        times = max(1, CHARACTERS // len(piece))
        print(json.dumps([prefix, piece, suffix]), end=" ", flush=True)
        short, long = (seconds(judge, prefix + piece * n + suffix) for n in (times, 4 * times))
        print(json.dumps([short, long]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
