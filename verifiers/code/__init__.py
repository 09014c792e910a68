"""Code: does a program do what is asked, on every test case, when it runs in the sandbox?

A reference is a JSON object with one of

- `tests`: `[{"stdin": "2\\n", "stdout": "4\\n"}, ...]`;
- `function` and `calls`: `[{"arguments": [2], "result": 4}, ...]`;
- `function` and `check`: source that defines `check(candidate)`, as HumanEval has it;
- `function` and `assertions`: source such as `assert f(2) == 4`, or a list of such, each a test case;
- `harness`: source in the program's language that tests it, appended to it (any language but Python);

and, where they apply, `language` (default: `python`), `prompt` (source that stands before the program), `setup`
(source that stands before the tests), `compare` and `tolerance` (`verifiers/code/compare.py`), `checker` (a program
that judges the output), `limits` (fields of `verifiers.sandbox.types.Limits`), `files` (further files in the program's
folder, by relative name) and `tools` (commands that programs may call; see `missing_tools`).

Expected outputs of `tests` and `calls` never enter the sandbox. `check` and `assertions` run in a process of
their own, in which the function is a stand-in that asks the program's process. Those of `harness` that are calls
compared with literals are judged outside (`verifiers/code/outside.py`); others share the program's process
(`verifiers/code/harness.py`). A checker reads three parts from its standard input, the test's input, the program's
output and the expected output (for calls all three are JSON), each as a line with its number of bytes, those bytes,
and a newline; it accepts with exit code 0 and rejects with 1 or 2.

A program that does not end by itself with exit code 0 fails the test case, whatever it printed.
"""

from verifiers.code.compare import same_output, same_value
from verifiers.code.extract import Code, extract_code
from verifiers.code.formats import from_humaneval, from_livecodebench, from_mbpp, from_multipl_e
from verifiers.code.judge import VERSION, Score, check, verify
from verifiers.code.languages import language_called
from verifiers.code.outcome import TestResult
from verifiers.code.tools import missing_tools

__all__ = [
    "VERSION",
    "Code",
    "Score",
    "TestResult",
    "check",
    "extract_code",
    "from_humaneval",
    "from_livecodebench",
    "from_mbpp",
    "from_multipl_e",
    "language_called",
    "missing_tools",
    "same_output",
    "same_value",
    "verify",
]
