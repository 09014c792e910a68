"""GSM8K: grade-school word problems whose answers are whole numbers (Cobbe et al. 2021, arXiv:2110.14168)."""

from pydantic import BaseModel, Field

from evals.benchmarks.math500 import ASK
from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import Hub
from evals.types import Message, Problem, Sampling


class Row(BaseModel):
    """One question; the answer's last line is `#### ` and the number."""

    question: str
    answer: str = Field(pattern=r"####\s*[-+$]?[\d,.]*\d\s*$")


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row of the test split."""
    return [
        Problem(
            id=f"gsm8k/{number}",
            prompt=(Message("user", ASK.format(problem=row.question)),),
            reference=row.answer.rpartition("####")[2].strip().replace(",", ""),
            verifier="math",
        )
        for number, row in enumerate(rows["test"])
    ]


SPEC = Spec(
    name="gsm8k",
    title="GSM8K",
    version="1",
    description="Grade-school math word problems.",
    licence="MIT",
    sources={"test": Hub("openai/gsm8k", "test", "main")},
    size=1319,
    row=Row,
    verifier="math",
    problems=problems,
    protocols=(
        Protocol(
            name="zero-shot",
            description="The question and a line that asks for a boxed answer, in one user message; greedy.",
            source="the prompt of Qwen2.5-Math's evaluation (arXiv:2409.12122)",
            sampling=Sampling(temperature=0.0, max_tokens=2048),
            caveats=("Many published figures are few-shot; the prompt here is zero-shot.",),
        ),
    ),
)
