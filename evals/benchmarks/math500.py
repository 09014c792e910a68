"""MATH-500: 500 competition problems of MATH's test split (Lightman et al. 2023, arXiv:2305.20050)."""

from pydantic import BaseModel

from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import Hub, Reference
from evals.types import Message, Problem, Sampling

ASK = "{problem}\n\nPlease reason step by step, and put your final answer within \\boxed{{}}."


class Row(BaseModel):
    """One problem; `answer` is LaTeX, `level` 1 to 5."""

    problem: str
    answer: Reference
    subject: str
    level: int
    unique_id: str


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row."""
    return [
        Problem(
            id=f"math500/{row.unique_id}",
            prompt=(Message("user", ASK.format(problem=row.problem)),),
            reference=row.answer,
            verifier="math",
            tags={"subject": row.subject, "level": str(row.level)},
        )
        for row in rows["test"]
    ]


SPEC = Spec(
    name="math500",
    title="MATH-500",
    version="1",
    description="Competition mathematics, answers in LaTeX.",
    licence="MIT",
    sources={"test": Hub("HuggingFaceH4/MATH-500", "test")},
    size=500,
    row=Row,
    verifier="math",
    problems=problems,
    protocols=(
        Protocol(
            name="greedy",
            description="Zero-shot, one greedy response.",
            source="common for short-CoT models; arXiv:2501.12599, table 3, gives no decoding settings",
            sampling=Sampling(temperature=0.0, max_tokens=8192),
            caveats=("The paper gives no decoding settings; the response limit here is ours.",),
        ),
        Protocol(
            name="sampled",
            description="Zero-shot, four responses at temperature 0.6 and top-p 0.95, up to 32,768 tokens; pass@1.",
            source="the evaluation setting of DeepSeek-R1 (arXiv:2501.12948)",
            sampling=Sampling(temperature=0.6, top_p=0.95, max_tokens=32_768),
            samples_per_problem=4,
            caveats=("Sampled pass@1, not greedy.",),
        ),
    ),
)
