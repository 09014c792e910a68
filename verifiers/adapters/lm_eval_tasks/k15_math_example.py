"""What `k15_math_example.yaml` names: its problems and how an answer is judged."""

from pathlib import Path
from typing import Any

from datasets import Dataset

from verifiers.adapters.lm_eval import results_function

process_results = results_function("math", reference="answer")


def problems(**_: Any) -> dict[str, Dataset]:
    """The problems beside this file. lm-eval passes the task's metadata, which is not needed."""
    return {"test": Dataset.from_json(str(Path(__file__).with_suffix(".jsonl")))}
