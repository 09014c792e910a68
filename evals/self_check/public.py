"""Public outputs whose marks are known.

The outputs are in `outputs/`, with their licences in its README; HumanEval's solutions are in its package.
"""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from evals.benchmarks import SPECS, humaneval
from evals.benchmarks.spec import Rows
from evals.data import load_rows, read_rows
from evals.self_check.check import Check, Output
from evals.types import Problem


class _Solved(humaneval.Row):
    canonical_solution: str


def _solutions() -> list[Output]:
    """HumanEval's own solutions, each as the whole function."""
    rows = load_rows("humaneval", humaneval.SPEC.sources, _Solved)
    return [
        Output(problem, row.prompt + row.canonical_solution, True)
        for problem, row in zip(_functions(rows), rows["test"], strict=True)
    ]


def _functions(rows: Rows) -> list[Problem]:
    return humaneval.SPEC.problems(rows, humaneval.SPEC.protocol(None))


def _example_samples() -> list[Output]:
    """The example samples of human-eval's repository: the last three of six are right."""
    row = _Solved.model_validate(*_rows("human-eval-example-problem.jsonl"))
    (problem,) = _functions({"test": [row]})
    return [
        Output(replace(problem, id=f"{problem.id}#{number}"), row.prompt + sample["completion"], number >= 3)
        for number, sample in enumerate(_rows("human-eval-example-samples.jsonl"))
    ]


def _grade_school() -> list[Output]:
    """GSM8K solutions of a 175B model, ranked by its verifier, with the marks of their publisher."""
    return [
        Output(Problem(row["id"], (), row["reference"], "math"), _gsm8k(row["response"]), row["correct"])
        for row in _rows("gsm8k-175b-verification.jsonl.gz")
    ]


def _gsm8k(response: str) -> str:
    """The file writes `A: ` where GSM8K has `#### `, which says the same to everybody's scorers."""
    return response.replace("\nA: ", "\n#### ")


def _llava() -> list[Output]:
    """What LLaVA-1.5-13B answered to MMMU's validation questions, with the marks of MMMU's own scorer."""
    outputs = []
    for row in _rows("mmmu-llava-1.5-13b.jsonl.gz"):
        problem = SPECS["mmmu"].problem(row, "direct-mention")
        assert problem is not None  # MMMU has no protocol that leaves a row out
        outputs.append(Output(problem, row["response"], row["correct"]))
    return outputs


def _rows(name: str) -> list[dict[str, Any]]:
    return list(read_rows(Path(str(files("evals.self_check").joinpath("outputs", name)))))


PUBLIC_CHECKS = (
    Check("HumanEval, its own solutions", "the Python package human-eval", _solutions),
    Check(
        "human-eval, example samples",
        "openai/human-eval, README: 0.5 pass@1",
        _example_samples,
    ),
    Check(
        "GSM8K, 175B with verification",
        "openai/grade-school-math, example_model_solutions.jsonl",
        _grade_school,
    ),
    Check(
        "MMMU, LLaVA-1.5-13B",
        "MMMU-Benchmark/MMMU, mmmu/example_outputs/llava1.5_13b, marked by its own scorer without its guesses",
        _llava,
        disputed=frozenset(
            {"mmmu/validation_Design_4"}
        ),  # "A) Josef Albers" names an option, which they miss
        stricter={
            "mmmu/validation_Pharmacy_19": 'the reply "Step b" is no accepted answer; their scorer looks for '
            '"b" anywhere',
        },
    ),
)
"""The sets that ship."""
