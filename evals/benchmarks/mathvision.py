"""MATH-Vision: 3,040 problems of mathematics competitions, each with a picture (Wang et al. 2024, arXiv:2402.14804).

A row has one picture, which holds all that the markers `<image1>`, `<image2>`, ... in the question stand for; they
stay in the text.
"""

from typing import Any

from pydantic import BaseModel, Field, model_validator

from evals.benchmarks.lettered import MOST, choose, letters, listed
from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import Hub, Reference
from evals.pictures import Picture
from evals.types import Message, Problem, Sampling

ASK = "{question}\n\nPlease reason step by step, and put your final answer within \\boxed{{}}."


class Row(BaseModel, coerce_numbers_to_str=True):
    """One problem; `answer` is a letter where there are options, else a value."""

    id: str
    question: str
    options: list[str] = Field(max_length=MOST)
    picture: Picture
    answer: Reference
    level: int
    subject: str

    @model_validator(mode="before")
    @classmethod
    def _fields(cls, row: Any) -> Any:
        """The hub has the picture as `decoded_image`; the authors' files have its path as `image`."""
        if not isinstance(row, dict):
            return row
        return {
            **row,
            "picture": row.get("decoded_image") or row.get("image"),
            "options": row.get("options") or [],
        }

    @model_validator(mode="after")
    def _answer_is_an_option(self) -> "Row":
        if self.options and (len(self.answer) != 1 or self.answer not in letters(self.options)):
            raise ValueError(f"the answer {self.answer!r} is none of the {len(self.options)} options")
        return self


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row."""
    return [
        Problem(
            id=f"mathvision/{row.id}",
            prompt=(Message("user", _text(row), () if row.picture is None else (row.picture,)),),
            reference=row.answer,
            verifier="choice" if row.options else "math",
            tags={"subject": row.subject, "level": str(row.level)},
            options={"options": list(row.options)} if row.options else {},
        )
        for row in rows["test"]
    ]


def _text(row: Row) -> str:
    if not row.options:
        return ASK.format(question=row.question)
    if "".join(row.options) == letters(row.options):  # the options are in the picture, under their letters
        return f"{row.question}\n\n{choose(row.options)}"
    return f"{row.question}\n\n{listed(row.options)}\n\n{choose(row.options)}"


SPEC = Spec(
    name="mathvision",
    title="MATH-Vision",
    version="1",
    description="Competition mathematics with pictures, 16 subjects at 5 levels.",
    licence="MIT",
    sources={"test": Hub("MathLLMs/MathVision", "test")},
    size=3040,
    row=Row,
    verifier="math",
    problems=problems,
    judged_by_reference=False,
    protocols=(
        Protocol(
            name="full",
            description="Zero-shot on all 3,040 problems, one greedy response; the mean over problems.",
            source="arXiv:2501.12599, tables 2 and 3 (MathVision-Full); the wording is ours",
            sampling=Sampling(temperature=0.0, max_tokens=8192),
            one_message=False,
            caveats=("The paper gives neither prompt nor decoding settings; both are ours here.",),
        ),
    ),
    caveats=(
        "An answer that cannot be read counts as wrong; none is guessed.",
        "A row has one picture, before the text; it holds all pictures that the question's markers name.",
    ),
)
