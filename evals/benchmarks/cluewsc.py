"""CLUEWSC: whether a Chinese pronoun means a phrase (the Winograd task of CLUE, Xu et al. 2020, arXiv:2004.05986)."""

from typing import Any, Literal

from pydantic import BaseModel, field_validator

from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import Hub
from evals.types import Message, Problem, Sampling

ASK = "{text}\n\n在上面这段话里,“{span2}”指的是“{span1}”吗?\nA. 是\nB. 不是\n请在最后一行写出“答案:A”或“答案:B”。"


HUB_CLASSES = ("true", "false")
"""The hub's class names by their number: 0 is "true", unlike in most data sets of yes and no."""


class Target(BaseModel):
    """The phrase, and the pronoun that may mean it."""

    span1_text: str
    span2_text: str


class Row(BaseModel):
    """One pair; `label` says whether the pronoun means the phrase.

    CLUE's files write the word, `"true"` or `"false"`; the hub's data the number of the class, see `HUB_CLASSES`.
    """

    idx: int
    text: str
    label: Literal["true", "false"]
    target: Target

    @field_validator("label", mode="before")
    @classmethod
    def _word(cls, label: Any) -> str:
        """The word of a label in either form. Raises `ValueError` for any other label."""
        word = str(label).strip().lower()  # a JSON true or false too, which pydantic would take for 1 or 0
        if word in HUB_CLASSES:
            return word
        if word in ("0", "1"):
            return HUB_CLASSES[int(word)]
        raise ValueError(
            f'{label!r} is neither a word of CLUE\'s files, "true" or "false", nor a class of the hub, 0 or 1; '
            "the test split has no labels, so take the validation split"
        )


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row."""
    return [
        Problem(
            id=f"cluewsc/{row.idx}",
            prompt=(
                Message(
                    "user",
                    ASK.format(text=row.text, span1=row.target.span1_text, span2=row.target.span2_text),
                ),
            ),
            reference="A" if row.label == "true" else "B",
            verifier="choice",
            options={"options": ["是", "不是"]},
        )
        for row in rows["validation"]
    ]


SPEC = Spec(
    name="cluewsc",
    title="CLUEWSC",
    version="2",
    description="Chinese pronoun resolution, yes or no.",
    licence="as CLUE; not redistributed here",
    sources={"validation": Hub("clue/clue", "validation", "cluewsc2020")},
    size=304,
    row=Row,
    verifier="choice",
    problems=problems,
    protocols=(
        Protocol(
            name="validation",
            description="Zero-shot on the 304 labelled validation pairs, one greedy response.",
            source="the wording is ours; the paper does not say which split it scores",
            sampling=Sampling(temperature=0.0, max_tokens=1024),
            caveats=("Two public splits exist, of 304 and 976 pairs; this is the one of 304.",),
        ),
    ),
)
