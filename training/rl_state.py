"""What an RL run must remember between iterations; random numbers are derived from seed and iteration instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import PreTrainedModel

from evals.types import Problem
from training.rollout import Group, group_from_json, group_to_json
from training.state import latest_state, save_state


@dataclass(frozen=True, slots=True)
class RLState:
    """Iterations done, running success rate per problem, and groups with unfinished rollouts.

    `row` is what the last iteration logged: a run killed before it reached the log appends it on resuming.
    """

    iteration: int
    success_rates: dict[str, float]
    pending: list[Group]
    row: dict[str, Any] | None = None


def save_rl_state(folder: Path, policy: PreTrainedModel, state: RLState) -> None:
    """Write policy and state whole."""
    pending = [group_to_json(group) for group in state.pending]
    data = {"success_rates": state.success_rates, "pending": pending, "row": state.row}
    save_state(folder, state.iteration, policy.state_dict(), data)


def load_rl_state(folder: Path, policy: PreTrainedModel, problems: Mapping[str, Problem]) -> RLState:
    """Load the newest state into `policy`; the start of a run when there is none.

    Raises `CheckpointError` when it is corrupt.
    """
    saved = latest_state(folder)
    if saved is None:
        return RLState(0, {}, [])
    policy.load_state_dict(saved.tensors)
    pending = [group_from_json(group, problems) for group in saved.data["pending"]]
    return RLState(saved.number, saved.data["success_rates"], pending, saved.data.get("row"))
