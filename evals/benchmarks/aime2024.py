"""AIME 2024: the 30 problems of both papers; answers are whole numbers from 0 to 999 (MAA)."""

from pydantic import BaseModel, field_validator

from evals.benchmarks.math500 import ASK
from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import Hub, Reference
from evals.types import Message, Problem, Sampling

LARGEST = 999


class Row(BaseModel, coerce_numbers_to_str=True):
    """One problem; the answer is a whole number, `url` tells paper I from paper II."""

    id: str
    problem: str
    answer: Reference
    url: str = ""

    @field_validator("answer")
    @classmethod
    def _is_a_whole_number(cls, answer: str) -> str:
        """The number without the leading zeros that it is published with."""
        if not (answer.strip().isdecimal() and int(answer) <= LARGEST):
            raise ValueError(f"{answer[:50]!r} is no whole number from 0 to {LARGEST}")
        return str(int(answer))


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row."""
    return [
        Problem(
            id=f"aime2024/{row.id}",
            prompt=(Message("user", ASK.format(problem=row.problem)),),
            reference=row.answer,
            verifier="math",
        )
        for row in rows["train"]
    ]


SPEC = Spec(
    name="aime2024",
    title="AIME 2024",
    version="1",
    description="30 competition problems with whole-number answers.",
    licence="problems © Mathematical Association of America; not redistributed here",
    sources={"train": Hub("HuggingFaceH4/aime_2024", "train")},
    size=30,
    row=Row,
    verifier="math",
    problems=problems,
    protocols=(
        Protocol(
            name="mean-of-8",
            description="Zero-shot, the mean of eight responses (avg@8).",
            source="arXiv:2501.12599, table 3: the short-CoT figure is averaged over 8 runs",
            sampling=Sampling(temperature=1.0, max_tokens=32_768),
            samples_per_problem=8,
            caveats=("The paper gives no decoding settings; temperature and response limit here are ours.",),
        ),
        Protocol(
            name="mean-of-64",
            description="Zero-shot, 64 responses at temperature 0.6 and top-p 0.95, up to 32,768 tokens; pass@1.",
            source="the evaluation setting of DeepSeek-R1 (arXiv:2501.12948)",
            sampling=Sampling(temperature=0.6, top_p=0.95, max_tokens=32_768),
            samples_per_problem=64,
        ),
    ),
    caveats=(
        "30 problems: a 95 % interval is up to 18 points to either side, however many samples are drawn.",
    ),
)
