"""LiveCodeBench: contest problems by date (Jain et al. 2024, arXiv:2403.07974), judged on all their test cases.

The prompt is the one that its authors give to chat models in general: a system message and a question, word for word
(github.com/LiveCodeBench/LiveCodeBench, MIT, lcb_runner/prompts/code_generation.py). Which files of the hub's data set
make a release is in that data set's own script, which `datasets` no longer runs.
"""

from collections.abc import Mapping

from pydantic import BaseModel, model_validator

from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import HubFiles, Reference
from evals.types import Message, Problem, Sampling
from verifiers.code.formats import from_livecodebench

SYSTEM = (
    "You are an expert Python programmer. You will be given a question (problem specification) and will generate a "
    "correct Python program that matches the specification and passes all tests."
)
STDIN = (
    "### Question:\n{question}\n\n### Format: Read the inputs from stdin solve the problem and write the answer to "
    "stdout (do not directly test on the sample inputs). Enclose your code within delimiters as follows. Ensure that "
    "when the python program runs, it reads the inputs, runs the algorithm and writes output to STDOUT.\n"
    "```python\n# YOUR CODE HERE\n```\n\n### Answer: (use the provided format with backticks)\n\n"
)
FUNCTION = (
    "### Question:\n{question}\n\n### Format: You will use the following starter code to write the solution to the "
    "problem and enclose your code within delimiters.\n"
    "```python\n{starter}\n```\n\n### Answer: (use the provided format with backticks)\n\n"
)
RELEASE_V5 = ("test.jsonl", "test2.jsonl", "test3.jsonl", "test4.jsonl", "test5.jsonl")
"""The files of release v5: each adds the problems of a release to those before."""
WINDOWS: Mapping[str, tuple[str, str]] = {
    "paper-v4": ("2024-08-01", "2024-11-30"),
    "paper-v5": ("2024-12-01", "2025-02-28"),
    "r1": ("2024-08-01", "2025-01-31"),
    "all": ("0000", "9999"),
}
"""The first and last contest date of each protocol."""


class Row(BaseModel):
    """One problem; test cases and metadata are JSON text, private ones may be packed."""

    question_id: str
    question_content: str
    contest_date: str
    difficulty: str
    platform: str = ""
    starter_code: str = ""
    public_test_cases: Reference
    private_test_cases: str = "[]"
    metadata: str = "{}"

    @model_validator(mode="after")
    def _has_test_cases(self) -> "Row":
        if self.public_test_cases.strip() == "[]" and self.private_test_cases.strip() in ("", "[]"):
            raise ValueError("the row has no test cases, so no program can be judged by it")
        return self


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row whose contest lies in the protocol's window."""
    first, last = WINDOWS[protocol.name]
    return [_problem(row) for row in rows["test"] if first <= row.contest_date[:10] <= last]


def _problem(row: Row) -> Problem:
    ask = FUNCTION if row.starter_code else STDIN
    question = ask.format(question=row.question_content, starter=row.starter_code)
    return Problem(
        id=f"livecodebench/{row.question_id}",
        prompt=(Message("system", SYSTEM), Message("user", question)),
        reference=from_livecodebench(row.model_dump()),
        verifier="code",
        tags={"difficulty": row.difficulty, "platform": row.platform},
    )


SAMPLING = Sampling(temperature=0.2, top_p=0.95, max_tokens=32_768)
_SOURCE = "arXiv:2501.12599; it gives no decoding settings: temperature and top-p are LiveCodeBench's own"
_WINDOW = (
    "{n} of the 880 problems of release v5 fall in this window; that is not how release {release} is defined."
)

SPEC = Spec(
    name="livecodebench",
    title="LiveCodeBench",
    version="2",
    description="Contest problems in Python, by date.",
    licence="as LiveCodeBench (CC); problems © their sites; not redistributed here",
    sources={"test": HubFiles("livecodebench/code_generation_lite", RELEASE_V5)},
    size=880,
    row=Row,
    verifier="code",
    problems=problems,
    protocols=(
        Protocol(
            name="paper-v5",
            description="Contests of December 2024 to February 2025, pass@1: the paper's long-CoT figure.",
            source=_SOURCE,
            sampling=SAMPLING,
            caveats=(_WINDOW.format(n=56, release="v5"),),
            size=56,
        ),
        Protocol(
            name="paper-v4",
            description="Contests of August to November 2024, pass@1: the paper's short-CoT figure.",
            source=_SOURCE,
            sampling=SAMPLING,
            caveats=(_WINDOW.format(n=223, release="v4"),),
            size=223,
        ),
        Protocol(
            name="r1",
            description="Contests of August 2024 to January 2025, pass@1: as published of DeepSeek-R1.",
            source="arXiv:2501.12948; temperature, top-p and token limit are theirs, which draw 4 to 64 responses",
            sampling=Sampling(temperature=0.6, top_p=0.95, max_tokens=32_768),
            samples_per_problem=4,
            size=279,
        ),
        Protocol(
            name="all",
            description="Every problem of the release, ten responses each.",
            source="arXiv:2403.07974",
            sampling=Sampling(temperature=0.2, top_p=0.95, max_tokens=2000),
            samples_per_problem=10,
        ),
    ),
    caveats=(
        "Scores of different windows are not comparable: name the window, the release and n with each.",
        "A program runs as a script of its own: `sys.exit(1)` after right output fails, which passes in "
        "LiveCodeBench's runner, and a tuple inside of a list is a list, which fails there.",
    ),
)
