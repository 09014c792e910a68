"""What an RL run must remember between iterations; random numbers are derived from seed and iteration instead."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import load_file, save_file
from transformers import PreTrainedModel

from evals.types import Problem
from training.checkpoint import CheckpointError, replace_directory
from training.rollout import Group, group_from_json, group_to_json


@dataclass(frozen=True, slots=True)
class RLState:
    """Iterations done, running success rate per problem, and groups with unfinished rollouts."""

    iteration: int
    success_rates: dict[str, float]
    pending: list[Group]


def save_state(folder: Path, policy: PreTrainedModel, state: RLState) -> None:
    """Write the state whole as `folder/NNNN`, then remove older ones."""
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{state.iteration:04d}"
    temporary = folder / f".{final.name}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    # Tied weights share memory, which safetensors refuses; clones do not.
    weights = {name: tensor.detach().cpu().clone() for name, tensor in policy.state_dict().items()}
    save_file(weights, temporary / "policy.safetensors")
    data = {
        "iteration": state.iteration,
        "success_rates": state.success_rates,
        "pending": [group_to_json(group) for group in state.pending],
    }
    (temporary / "state.json").write_text(json.dumps(data))
    replace_directory(temporary, final)
    for old in folder.glob("[0-9]*"):
        if old != final:
            shutil.rmtree(old)


def latest_state(folder: Path, policy: PreTrainedModel, problems: Mapping[str, Problem]) -> RLState | None:
    """Load the newest state into `policy`; None when there is none yet.

    Raises `CheckpointError` when it is corrupt or belongs to other problems.
    """
    saved = sorted(folder.glob("[0-9]*"))
    if not saved:
        return None
    try:
        data = json.loads((saved[-1] / "state.json").read_text())
        policy.load_state_dict(load_file(saved[-1] / "policy.safetensors"))
        pending = [group_from_json(group, dict(problems)) for group in data["pending"]]
    except Exception as error:  # the file formats raise many kinds; the sentence keeps the cause
        raise CheckpointError(
            f"The RL state in {saved[-1]} is corrupt ({type(error).__name__}: {error}); delete {folder} to "
            "train the stage again."
        ) from error
    return RLState(data["iteration"], data["success_rates"], pending)
