"""MathVista: mathematics in charts, diagrams, plots and photographs (Lu et al. 2023, arXiv:2310.02255).

6,141 questions: `testmini` (1,000) has public answers, `test` (5,141) has none. A question has options, or its answer
is an integer, a decimal with a stated number of places, or a list.
"""

from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from evals.benchmarks.lettered import MOST, choose, letters, listed
from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import Hub
from evals.pictures import Picture
from evals.types import Message, Problem, Sampling

ASK = "{question}\n\nReason step by step, and put the final answer, {form}, within \\boxed{{}}."
FORMS = {
    "integer": "an integer",
    "float": "a decimal number",
    "list": "a list such as [1, 2, 3]",
    "text": "a text",
}


class Metadata(BaseModel):
    """Where a question is from and what it asks for."""

    task: str
    source: str = ""
    context: str = ""
    grade: str = ""


class Row(BaseModel, coerce_numbers_to_str=True):
    """One question; `answer` is the text of the right choice, or the value. `precision` counts decimal places.

    A choice that the data has twice, as three questions of testmini do, is listed once.
    """

    pid: str
    question: str
    picture: Picture
    choices: list[str] = Field(max_length=MOST)
    unit: str = ""
    precision: int = 0
    answer: str
    question_type: Literal["multi_choice", "free_form"]
    answer_type: Literal["text", "integer", "float", "list"]
    metadata: Metadata

    @model_validator(mode="before")
    @classmethod
    def _fields(cls, row: Any) -> Any:
        """The hub has the picture as `decoded_image`, the authors' files its path as `image`; empty fields are null."""
        if not isinstance(row, dict):
            return row
        given = {name: value for name, value in row.items() if value is not None}
        if not str(given.get("answer", "")).strip():
            raise ValueError(
                "the row has no answer; those of the test split are not public, so take testmini"
            )
        choices = given.get("choices", [])
        if isinstance(choices, list) and all(isinstance(choice, str) for choice in choices):
            choices = list(dict.fromkeys(choices))
        return {**given, "choices": choices, "picture": given.get("decoded_image", given.get("image"))}

    @model_validator(mode="after")
    def _answer_is_a_choice(self) -> "Row":
        if self.question_type == "multi_choice" and self.answer not in self.choices:
            raise ValueError(f"the answer {self.answer!r} is none of the {len(self.choices)} choices")
        return self


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row."""
    return [_problem(row) for row in rows["testmini"]]


def _problem(row: Row) -> Problem:
    question = f"{row.question} (Unit: {row.unit})" if row.unit else row.question
    if row.question_type == "multi_choice":
        text = f"{question}\n\n{listed(row.choices)}\n\n{choose(row.choices)}"
        reference, verifier = letters(row.choices)[row.choices.index(row.answer)], "choice"
        options: dict[str, Any] = {"options": list(row.choices)}
    else:
        text = ASK.format(question=question, form=_form(row))
        reference, verifier = row.answer, "text" if row.answer_type == "text" else "math"
        options = {"rounding": row.precision} if row.answer_type == "float" and row.precision else {}
    return Problem(
        id=f"mathvista/{row.pid}",
        prompt=(Message("user", text, () if row.picture is None else (row.picture,)),),
        reference=reference,
        verifier=verifier,
        tags={
            "task": row.metadata.task,
            "source": row.metadata.source,
            "answer": "choice" if verifier == "choice" else row.answer_type,
        },
        options=options,
    )


def _form(row: Row) -> str:
    """What is asked for: the form of the answer, with the places that it is rounded to."""
    if row.answer_type != "float" or not row.precision:
        return FORMS[row.answer_type]
    return f"a decimal number with {row.precision} decimal place{'s' if row.precision > 1 else ''}"


SPEC = Spec(
    name="mathvista",
    title="MathVista",
    version="1",
    description="Mathematics in visual contexts: figures, charts, geometry, word problems, textbooks.",
    licence="CC-BY-SA-4.0; pictures as in their 31 sources; not redistributed here",
    sources={"testmini": Hub("AI4Math/MathVista", "testmini")},
    size=1000,
    row=Row,
    verifier="math",
    problems=problems,
    judged_by_reference=False,
    protocols=(
        Protocol(
            name="testmini",
            description="Zero-shot on testmini, one greedy response; the mean over its 1,000 questions.",
            source="the split of MathVista's public leaderboard; the wording is ours",
            sampling=Sampling(temperature=0.0, max_tokens=4096),
            one_message=False,
            caveats=(
                "testmini: the answers of the 5,141 test questions are not public. The paper (arXiv:2501.12599) "
                "calls its figure MathVista-Test and does not say which questions it is of.",
                "The paper gives neither prompt nor decoding settings; both are ours here.",
            ),
        ),
    ),
    caveats=(
        "An answer that cannot be read counts as wrong; none is guessed. The authors' scorer has GPT-4 extract "
        "answers, and takes the nearest choice, by edit distance, where none is named.",
        "A decimal counts where it rounds to the answer at the question's places, but for whole ones such as 72.0, "
        "which must be exact; the authors' scorer rounds to these too, and cuts 7.5 to the integer 7.",
    ),
)
