"""From one execution to the result of one test case."""

import json
import sys
from dataclasses import dataclass
from typing import Literal, cast

from verifiers.code.compare import Comparison, ValueComparison, same_output, same_value
from verifiers.code.harness import ran_to_the_end
from verifiers.code.outside import first_difference
from verifiers.code.reference import Case, Task
from verifiers.identity import quote
from verifiers.sandbox.types import Execution, Limit, Limits

Passed = Literal["passed", "failed", "error"]
_LONGEST_LINE = 120
_MOST_DIGITS = sys.int_info.default_max_str_digits
_NO_VALUE = "returned nothing that JSON can hold."


@dataclass(frozen=True, slots=True)
class TestResult:
    """What came of one test case.

    `outcome`: `passed`; `failed`, which is the program's doing; or `error`: the sandbox's or the checker's, which
    says nothing about the program. `layer` is the step that decided, `reason` the end of a sentence.
    `execution` is the program's run; None where there was none.
    """

    outcome: Passed
    layer: str
    reason: str
    execution: Execution | None = None

    @property
    def passed(self) -> bool:
        """True when the outcome is `passed`."""
        return self.outcome == "passed"


def failure(execution: Execution, task: Task) -> TestResult | None:
    """The result where the program did not end by itself with exit code 0; None where it did."""
    if execution.ok:
        return None
    if execution.outcome in ("failed", "no_toolchain"):
        return TestResult("error", "sandbox", _ended(execution.reason), execution)
    if execution.outcome == "not_compiled":
        return TestResult("failed", "compile", _ended(execution.reason), execution)
    if execution.limit is not None:
        return TestResult("failed", execution.limit, over(execution.limit, task.limits), execution)
    if execution.outcome == "signalled":
        return TestResult("failed", "run", _ended(execution.reason), execution)
    said = _last_line(execution.stderr)
    reason = f"ended with exit code {execution.exit_code}{': ' if said else ''}{said}"
    return TestResult("failed", _layer(said, task), _ended(reason), execution)


def _layer(said: str, task: Task) -> str:
    """Which step an exit code other than 0 belongs to, by the last words; only a hint, as they are the program's."""
    if task.language == "python" and said.startswith(("SyntaxError", "IndentationError", "TabError")):
        return "compile"
    if task.sort in ("check", "assertions") and said.startswith("AssertionError"):
        return "compare"
    return "run"


def compared(execution: Execution, case: Case, task: Task) -> TestResult:
    """The result of a program that ended by itself with exit code 0, by what it printed or returned."""
    if task.sort == "tests":
        return _output(execution, case, task)
    if task.sort == "calls":
        return _value(execution, case, task)
    return TestResult("passed", "compare", "its tests ran to their end.", execution)


def without_value(execution: Execution, task: Task) -> TestResult | None:
    """The result where a value is wanted and there is none: a program that leaves early returns no None either."""
    if task.sort != "calls" or execution.value is not None:
        return None
    return TestResult("failed", "run", _NO_VALUE, execution)


def of_harness(execution: Execution, case: Case, task: Task, secret: str) -> TestResult:
    """The result of a program with tests in its own language, which ended by itself with exit code 0."""
    if case.expected is not None:
        if difference := first_difference(execution.stdout, case.expected, task.language, secret):
            return TestResult("failed", *difference, execution)
        return TestResult("passed", "compare", "returns what is expected from every call.", execution)
    if ran_to_the_end(execution.stdout, secret):
        return TestResult("passed", "compare", "its tests ran to their end.", execution)
    return TestResult("failed", "run", "ended before its tests did.", execution)


def checked(checker: Execution, program: Execution) -> TestResult:
    """The result that a special checker gives: 0 accepts, 1 or 2 reject; all else is a failure of its own."""
    if checker.ok:
        return TestResult("passed", "checker", "the checker accepts.", program)
    if checker.outcome == "exited" and checker.exit_code in (1, 2):
        said = _last_line(checker.stderr)
        return TestResult(
            "failed", "checker", _ended(f"the checker rejects{': ' if said else ''}{said}"), program
        )
    return TestResult("error", "checker", _ended(f"the checker failed. {checker.reason}"), program)


def over(limit: Limit, limits: Limits) -> str:
    """Which limit struck, for a reader."""
    sizes = {
        "cpu": f"{limits.cpu_seconds:g} s of processor time",
        "wall": f"{limits.wall_seconds:g} s by the clock",
        "memory": f"{_bytes(limits.memory_bytes)} of memory",
        "processes": f"{limits.processes} processes",
        "open_files": f"{limits.open_files} open files",
        "output": f"{_bytes(limits.output_bytes)} of output",
        "scratch": f"{_bytes(limits.scratch_bytes)} of files",
    }
    return f"over its limit of {sizes[limit]}."


def _output(execution: Execution, case: Case, task: Task) -> TestResult:
    wanted = case.expected.encode("utf-8", "surrogatepass")
    if same_output(execution.stdout, wanted, cast(Comparison, task.compare), task.tolerance):
        return TestResult("passed", "compare", "prints what is expected.", execution)
    said, other = execution.stdout.decode("utf-8", "replace"), case.expected
    return TestResult("failed", "compare", f"prints {_differing(said, other)}.", execution)


def _value(execution: Execution, case: Case, task: Task) -> TestResult:
    if execution.value is None:
        return TestResult("failed", "run", _NO_VALUE, execution)
    try:
        value = json.loads(execution.value, parse_int=_integer)
        same = same_value(value, case.expected, cast(ValueComparison, task.compare), task.tolerance)
    except (ValueError, RecursionError):  # thousands of digits; nested too deeply
        return TestResult("failed", "compare", "returned something too large to be compared.", execution)
    if same:
        return TestResult("passed", "compare", "returns what is expected.", execution)
    return TestResult(
        "failed", "compare", f"returns {_differing(execution.value, json.dumps(case.expected))}.", execution
    )


def _integer(digits: str) -> int:
    """A whole number of as many digits as a reference can have. To read more takes long, whatever Python allows."""
    if len(digits) > _MOST_DIGITS:
        raise ValueError("The number has too many digits.")
    return int(digits)


def _differing(said: str, wanted: str) -> str:
    """Both texts from where they start to differ, where they are long."""
    said, wanted = said.rstrip() or said, wanted.rstrip() or wanted
    if max(len(said), len(wanted)) <= _LONGEST_LINE // 2:
        return f"{quote(said)}, not {quote(wanted)}"
    same = next(
        (i for i, (a, b) in enumerate(zip(said, wanted, strict=False)) if a != b), min(len(said), len(wanted))
    )
    start = max(0, same - 20)
    return f"{quote(said[start:])}, not {quote(wanted[start:])}, from character {start + 1} on"


def _last_line(stderr: bytes) -> str:
    lines = stderr[-4096:].decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return " ".join("".join(c if c.isprintable() else " " for c in last).split())[:_LONGEST_LINE]


def _ended(sentence: str) -> str:
    """With a small letter first, as the end of a sentence, and one full stop."""
    start = sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() else sentence
    return start.rstrip().rstrip(".") + "."


def _bytes(count: int) -> str:
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= size:
            return f"{count / size:g} {unit}"
    return f"{count} bytes"
