"""One verifier in a process of its own, for `benchmarks/verifiers.py`: `python -P verifier_graders.py NAME`.

Reads lines of JSON, each a list of pairs `[answer, reference]`, and answers each with the list of
`[verdict, seconds]`, where the verdict is "correct", "wrong", "timeout" or "error". The first line out tells
how long the import took, and the import with the first verdict (seconds of processor time).
"""

import json
import re
import sys
import time
from collections.abc import Callable

Grade = Callable[[str, str], str]


def ours() -> Grade:
    from verifiers.math import equivalent

    return lambda answer, reference: equivalent(answer, reference).status


def math_verify() -> Grade:
    """Math-Verify with its own defaults, both answers between dollar signs, as its documentation advises."""
    import math_verify as library
    from math_verify.errors import TimeoutException

    def grade(answer: str, reference: str) -> str:
        try:
            gold = library.parse(f"${reference}$", raise_on_error=True)
            equal = library.verify(
                gold, library.parse(f"${answer}$", raise_on_error=True), raise_on_error=True
            )
        except TimeoutException:
            return "timeout"
        except Exception:
            return "error"
        return "correct" if equal else "wrong"

    return grade


def strings() -> Grade:
    """The floor: one spelling for what is often spelt in several ways, then equality as text."""
    return lambda answer, reference: "correct" if plain(answer) == plain(reference) else "wrong"


def plain(text: str) -> str:
    for pattern, replacement in SPELLINGS:
        text = re.sub(pattern, replacement, text)
    return text.lower()


SPELLINGS = (
    (r"\\(?:left|right|[,!;: ]|displaystyle)|\{,\}|\$|\\%|%|\^\{?\\circ\}?|\s", ""),
    (r"\\[dt]frac", r"\\frac"),
    (r"(?<=\d),(?=\d{3}(?!\d))", ""),
    (r"^([a-z])=", ""),
    (r"(?<=\d)\\text\{[^{}]*\}$", ""),
    (r"\\text\{([^{}]*)\}", r"\1"),
    (r"\\frac(\d)(\d)", r"\\frac{\1}{\2}"),
    (r"\\sqrt(\d)", r"\\sqrt{\1}"),
    (r"^(-?\d+)/(\d+)$", r"\\frac{\1}{\2}"),
    (r"^\.(?=\d)", "0."),
    (r"\.0*$", ""),
)

GRADERS: dict[str, Callable[[], Grade]] = {"ours": ours, "math-verify": math_verify, "strings": strings}


def main(name: str) -> None:
    started = time.process_time()
    try:
        grade = GRADERS[name]()
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), flush=True)
        return
    imported = time.process_time() - started
    grade(r"\frac{1}{2}", "0.5")
    print(json.dumps({"import": imported, "first": time.process_time() - started}), flush=True)
    for line in sys.stdin:
        print(json.dumps([timed(grade, *pair) for pair in json.loads(line)]), flush=True)


def timed(grade: Grade, answer: str, reference: str) -> tuple[str, float]:
    started = time.perf_counter()
    verdict = grade(answer, reference)
    return verdict, time.perf_counter() - started


if __name__ == "__main__":
    main(sys.argv[1])
