"""CLUEWSC: whether a Chinese pronoun means a phrase (the Winograd task of CLUE, Xu et al. 2020, arXiv:2004.05986)."""

from pydantic import BaseModel, Field

from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import Hub
from evals.types import Message, Problem, Sampling

ASK = "{text}\n\n在上面这段话里,“{span2}”指的是“{span1}”吗?\nA. 是\nB. 不是\n请在最后一行写出“答案:A”或“答案:B”。"


class Target(BaseModel):
    """The phrase, and the pronoun that may mean it."""

    span1_text: str
    span2_text: str


class Row(BaseModel):
    """One pair; label 1 is yes, as the hub has it."""

    idx: int
    text: str
    label: int = Field(ge=0, le=1)
    target: Target


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
            reference="A" if row.label == 1 else "B",
            verifier="choice",
            options={"options": ["是", "不是"]},
        )
        for row in rows["validation"]
    ]


SPEC = Spec(
    name="cluewsc",
    title="CLUEWSC",
    version="1",
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
