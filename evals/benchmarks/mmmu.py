"""MMMU: college questions in 30 subjects with up to seven pictures (Yue et al. 2023, arXiv:2311.16502).

A question shows the pictures that its text or options refer to. They stand before the text, in the order of their
numbers, and are numbered anew where one is left out: the n-th picture is `<image n>` in the text.
"""

import ast
import re
from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator, model_validator

from evals.benchmarks.lettered import MOST, choose, letters, listed
from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import Hub, Reference, Subsets, coverage
from evals.measures import macro_average
from evals.pictures import Picture, judged_only
from evals.types import Message, Problem, Sampling

DISCIPLINES: Mapping[str, tuple[str, ...]] = {
    "Art and Design": ("Art", "Art_Theory", "Design", "Music"),
    "Business": ("Accounting", "Economics", "Finance", "Manage", "Marketing"),
    "Science": ("Biology", "Chemistry", "Geography", "Math", "Physics"),
    "Health and Medicine": (
        "Basic_Medical_Science",
        "Clinical_Medicine",
        "Diagnostics_and_Laboratory_Medicine",
        "Pharmacy",
        "Public_Health",
    ),
    "Humanities and Social Science": ("History", "Literature", "Psychology", "Sociology"),
    "Tech and Engineering": (
        "Agriculture",
        "Architecture_and_Engineering",
        "Computer_Science",
        "Electronics",
        "Energy_and_Power",
        "Materials",
        "Mechanical_Engineering",
    ),
}
"""The subjects of each discipline, by the names of their configurations on the hub."""
DISCIPLINE_OF = {subject: discipline for discipline, subjects in DISCIPLINES.items() for subject in subjects}
MOST_PICTURES = 7
ASK_OPEN = "{question}\n\nReason step by step, and put your final answer within \\boxed{{}}."
DIRECT = "{question}\n\n{options}\n\nReply with the letter of the right option and nothing else."
DIRECT_OPEN = "{question}\n\nReply with a single word, number or phrase and nothing else."
_MARKER = re.compile(r"<image (\d)>")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:/\d+)?")


class Row(BaseModel, coerce_numbers_to_str=True):
    """One question. `answers` is the letter of the right option, or the texts that an open question accepts.

    To judge responses by, a row of the authors' files does as well: `answer_dict_val.json`, which has neither question
    nor options, and the outputs that their scorer reads, which have no question.
    """

    id: str
    subject: str
    question: str = ""
    options: list[str] = Field(max_length=MOST)
    pictures: dict[int, Picture]
    answers: list[Reference] = Field(min_length=1)
    question_type: Literal["multiple-choice", "open"]

    @model_validator(mode="before")
    @classmethod
    def _fields(cls, row: Any, info: ValidationInfo) -> Any:
        """The hub has `image_1` to `image_7`, and lists of options and answers as the text of a Python list.

        The authors' files call an open question `short-answer`, and have `ground_truth` for the answer and `index2ans`,
        texts by letter, for the options.
        """
        if not isinstance(row, dict):
            return row
        numbers = () if judged_only(info) else range(1, MOST_PICTURES + 1)
        pictures = {n: row.get(f"image_{n}") for n in numbers}
        answer = _list(row.get("answer", row.get("ground_truth")))
        kind = row.get("question_type")
        return {
            **row,
            "subject": row.get("subject") or _subject(str(row.get("id"))),
            "options": _options(row),
            "answers": answer if isinstance(answer, list) else [answer],
            "pictures": {n: given for n, given in pictures.items() if given is not None},
            "question_type": "open" if kind == "short-answer" else kind,
        }

    @field_validator("subject")
    @classmethod
    def _is_a_subject(cls, name: str) -> str:
        if name not in DISCIPLINE_OF:
            raise ValueError(
                f"{name!r} is no subject of MMMU; an id names one, as validation_Accounting_1 does"
            )
        return name

    @model_validator(mode="after")
    def _is_whole(self, info: ValidationInfo) -> "Row":
        to_ask = not judged_only(info)
        if to_ask and not self.question.strip():
            raise ValueError("the row has no question to ask; take the hub's data")
        if to_ask and (missing := sorted(_marked(self) - self.pictures.keys())):
            raise ValueError(f"the text refers to <image {missing[0]}>, and there is no image_{missing[0]}")
        if self.answers[0] == "?":
            raise ValueError("the answer is hidden, as in the test split; take the validation split")
        first = self.answers[0]
        known = letters(self.options) if self.options or to_ask else ascii_uppercase
        if self.question_type == "multiple-choice" and (len(first) != 1 or first not in known):
            raise ValueError(f"the answer {first!r} is none of the {len(self.options)} options")
        return self


def _options(row: Mapping[str, Any]) -> Any:
    """The texts of the options: a list or its text, or by letter; empty where the row has none."""
    by_letter = row.get("index2ans")
    if "options" not in row and isinstance(by_letter, Mapping):
        return [by_letter[letter] for letter in sorted(by_letter)]
    return _list(row["options"]) if row.get("options") is not None else []


def _list(value: Any) -> Any:
    """The list that a text such as `"['a', 'b']"` writes; any other value as it is."""
    if not (isinstance(value, str) and value.strip().startswith("[")):
        return value
    try:
        return ast.literal_eval(value.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return value


def _subject(name: str) -> str:
    """`Art_Theory` of `validation_Art_Theory_7`."""
    return name.partition("_")[2].rpartition("_")[0]


def _marked(row: Row) -> set[int]:
    """The numbers of the pictures that the question or an option refers to."""
    return {int(number) for number in _MARKER.findall("\n".join([row.question, *row.options]))}


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row."""
    return [_problem(row, protocol) for row in rows["validation"]]


def _problem(row: Row, protocol: Protocol) -> Problem:
    direct = protocol.name != "validation-cot"
    shown = sorted(_marked(row)) or sorted(row.pictures)
    pictures = (row.pictures.get(number) for number in shown)
    place = {number: str(position) for position, number in enumerate(shown, 1)}

    def renumbered(text: str) -> str:
        return _MARKER.sub(lambda marker: f"<image {place[int(marker[1])]}>", text)

    options = [renumbered(option) for option in row.options]
    reference, verifier, how = _judged(row, options)
    if verifier == "choice" and protocol.name == "direct-mention":
        how["fallback"] = "last_mention"
    return Problem(
        id=f"mmmu/{row.id}",
        prompt=(
            Message(
                "user",
                _text(renumbered(row.question), options if verifier == "choice" else [], direct),
                tuple(picture for picture in pictures if picture is not None),
            ),
        ),
        reference=reference,
        verifier=verifier,
        tags={
            "subject": row.subject,
            "discipline": DISCIPLINE_OF[row.subject],
            "type": row.question_type,
        },
        options=how,
    )


def _judged(row: Row, options: list[str]) -> tuple[Any, str, dict[str, Any]]:
    """Reference, verifier and its options."""
    if row.question_type == "multiple-choice":
        return row.answers[0], "choice", {"options": options} if options else {}
    if _is_one_number(row.answers):
        return row.answers[0], "math", {"rounding": 2}  # the authors compare two decimal places
    return row.answers, "text", {}


def _is_one_number(answers: list[str]) -> bool:
    """Whether the accepted answers write one number, such as 24/7 and 3.429."""
    from verifiers.math import equivalent

    return all(_NUMBER.fullmatch(answer.strip()) for answer in answers) and all(
        equivalent(other, answers[0], rounding=2).correct for other in answers[1:]
    )


def _text(question: str, options: list[str], direct: bool) -> str:
    if direct:
        return (DIRECT if options else DIRECT_OPEN).format(question=question, options=listed(options))
    if not options:
        return ASK_OPEN.format(question=question)
    return f"{question}\n\n{listed(options)}\n\n{choose(options)}"


_UNSAID = "The paper (arXiv:2501.12599) gives neither prompt nor decoding settings; both are ours here."

VALIDATION = Subsets(
    "subject", {subject: Hub("MMMU/MMMU", "validation", subject) for subject in sorted(DISCIPLINE_OF)}
)
SPEC = Spec(
    name="mmmu",
    title="MMMU",
    version="1",
    description="College questions with pictures in 30 subjects.",
    licence="Apache-2.0",
    sources={"validation": VALIDATION},
    notes=lambda rows, protocol, asked: coverage(VALIDATION, asked),
    size=900,
    row=Row,
    verifier="choice",
    problems=problems,
    judged_by_reference=False,
    protocols=(
        Protocol(
            name="validation-cot",
            description="Zero-shot on the 900 validation questions, reasoning before the answer; greedy.",
            source="arXiv:2501.12599, tables 2 and 3 (MMMU-Val); the wording is ours",
            sampling=Sampling(temperature=0.0, max_tokens=4096),
            caveats=(_UNSAID,),
            one_message=False,
        ),
        Protocol(
            name="direct",
            description="Zero-shot on the 900 validation questions, the answer alone; greedy.",
            source="arXiv:2311.16502 asks for the letter or a short answer directly; the wording is ours",
            sampling=Sampling(temperature=0.0, max_tokens=64),
            caveats=(_UNSAID,),
            one_message=False,
        ),
        Protocol(
            name="direct-mention",
            description="As direct; where nothing states an answer, the option that is mentioned last counts.",
            source="the authors' scorer (MMMU-Benchmark/MMMU, mmmu/utils/eval_utils.py) reads options so; the wording "
            "is ours",
            sampling=Sampling(temperature=0.0, max_tokens=64),
            caveats=(_UNSAID,),
            one_message=False,
        ),
    ),
    caveats=(
        "The answers of the 10,500 test questions are hidden; this is the validation split.",
        "An answer that cannot be read counts as wrong; none is guessed. The authors' scorer draws an option at "
        "random there, which is worth up to 1.7 points.",
        "An open answer must be an accepted one; the authors' scorer takes any that contains it.",
        "Pictures stand before the text, the n-th being its `<image n>`; they are not interleaved with it.",
    ),
    measures={"macro": macro_average("subject")},
)
