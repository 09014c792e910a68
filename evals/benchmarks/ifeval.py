"""IF-Eval: prompts with instructions that a program can check (Zhou et al. 2023, arXiv:2311.07911)."""

from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import Hub
from evals.measures import ratio
from evals.types import Measure, Message, Problem, Sample, Sampling


class Row(BaseModel):
    """One prompt with its instructions, each with its arguments. Without a `key` it is known by its place."""

    key: int | str | None = None
    prompt: str
    instruction_id_list: list[str] = Field(min_length=1)
    arguments: list[dict[str, Any] | None]

    @model_validator(mode="before")
    @classmethod
    def _kwargs(cls, row: Any) -> Any:
        """The data calls the arguments `kwargs`, and M-IFEval writes the language before each English id."""
        if not isinstance(row, dict):
            return row
        ids = row.get("instruction_id_list")
        if isinstance(ids, list):
            ids = [name.removeprefix("en:") if isinstance(name, str) else name for name in ids]
        return {**row, "instruction_id_list": ids, "arguments": row.get("kwargs")}

    @model_validator(mode="after")
    def _each_has_its_arguments(self) -> "Row":
        if len(self.arguments) != len(self.instruction_id_list):
            raise ValueError(
                f"it has kwargs of {len(self.arguments)} instructions, and {len(self.instruction_id_list)} ids"
            )
        return self


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row, the prompt as it is."""
    return [
        Problem(
            id=f"ifeval/{number if row.key is None else row.key}",
            prompt=(Message("user", row.prompt),),
            reference={
                "prompt": row.prompt,
                "instruction_id_list": row.instruction_id_list,
                "kwargs": [_given(arguments) for arguments in row.arguments],
            },
            verifier="instructions",
        )
        for number, row in enumerate(rows["train"])
    ]


def _given(arguments: dict[str, Any] | None) -> dict[str, Any]:
    """The arguments that are there: tables give each row those of all instructions, empty where it has none."""
    return {name: value for name, value in (arguments or {}).items() if value is not None}


def _followed(problem: Problem, sample: Sample, mode: Literal["strict", "loose"]) -> tuple[bool, ...]:
    from verifiers.instructions import check

    return check(sample.response, problem.reference, mode)


def _by_instruction(mode: Literal["strict", "loose"]) -> Measure:
    return ratio(
        lambda problem, sample: sum(_followed(problem, sample, mode)),
        lambda problem: len(problem.reference["instruction_id_list"]),
    )


SPEC = Spec(
    name="ifeval",
    title="IF-Eval",
    version="1",
    description="Verifiable instructions; a prompt counts where all of its instructions are followed.",
    licence="Apache-2.0",
    sources={"train": Hub("google/IFEval", "train")},
    size=541,
    row=Row,
    verifier="instructions",
    problems=problems,
    protocols=(
        Protocol(
            name="prompt-strict",
            description="One greedy response; the share of prompts with every instruction followed, strictly.",
            source="arXiv:2311.07911; the figure of arXiv:2501.12599, table 3",
            sampling=Sampling(temperature=0.0, max_tokens=4096),
            caveats=("The paper's own figure comes from an intermediate model.",),
        ),
    ),
    measures={
        "prompt_loose": ratio(
            lambda problem, sample: all(_followed(problem, sample, "loose")), lambda problem: 1
        ),
        "instruction_strict": _by_instruction("strict"),
        "instruction_loose": _by_instruction("loose"),
    },
)
