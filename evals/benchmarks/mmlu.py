"""MMLU: four-way multiple choice in 57 subjects (Hendrycks et al. 2020, arXiv:2009.03300)."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from evals.benchmarks.lettered import choose, letters, listed
from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import Hub
from evals.measures import macro_average
from evals.types import Message, Problem, Sampling

SUBJECTS = 57


class Row(BaseModel):
    """One question; `answer` is the index of the right choice."""

    question: str
    subject: str
    choices: list[str] = Field(min_length=4, max_length=4)
    answer: int = Field(ge=0, le=3)


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row."""
    return [
        Problem(
            id=f"mmlu/{number}",
            prompt=(Message("user", f"{row.question}\n\n{listed(row.choices)}\n\n{choose(row.choices)}"),),
            reference=letters(row.choices)[row.answer],
            verifier="choice",
            tags={"subject": row.subject},
            options={"options": list(row.choices)},
        )
        for number, row in enumerate(rows["test"])
    ]


def _subjects(rows: Rows, protocol: Protocol, asked: Sequence[Problem]) -> tuple[str, ...]:
    """How many subjects the questions are of, where that is not all."""
    there = len({problem.tags["subject"] for problem in asked})
    return () if there == SUBJECTS else (f"{there} of {SUBJECTS} subjects",)


SPEC = Spec(
    name="mmlu",
    title="MMLU",
    version="1",
    description="Multiple choice in 57 subjects.",
    licence="MIT",
    sources={"test": Hub("cais/mmlu", "test", "all")},
    size=14_042,
    row=Row,
    verifier="choice",
    problems=problems,
    protocols=(
        Protocol(
            name="zero-shot-cot",
            description="Zero-shot, reasoning before a last line with the letter; the mean over questions (micro).",
            source="as in simple-evals; the wording is ours",
            sampling=Sampling(temperature=0.0, max_tokens=2048),
            caveats=("The mean over questions; `macro` is the mean over the subjects, 57 as published.",),
        ),
        Protocol(
            name="zero-shot-cot-macro",
            description="As zero-shot-cot, published as the mean over subjects (macro).",
            source="arXiv:2009.03300 averages over subjects",
            sampling=Sampling(temperature=0.0, max_tokens=2048),
            metric="macro",
        ),
    ),
    caveats=("An answer that cannot be read counts as wrong; none is guessed.",),
    measures={"macro": macro_average("subject")},
    notes=_subjects,
)
