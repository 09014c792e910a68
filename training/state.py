"""Training state that survives a kill: numbered folders of tensors and JSON, written aside and renamed."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from training.checkpoint import CheckpointError, replace_directory


@dataclass(frozen=True, slots=True)
class SavedState:
    """One saved state: its number (step or iteration), named tensors and JSON data."""

    number: int
    tensors: dict[str, torch.Tensor]
    data: dict[str, Any]


def save_state(
    folder: Path, number: int, tensors: Mapping[str, torch.Tensor], data: Mapping[str, Any]
) -> None:
    """Write the state whole as `folder/NNNNNN`, then remove older ones."""
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{number:06d}"
    temporary = folder / f".{final.name}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    # Tied weights share memory, which safetensors refuses; clones do not.
    save_file(
        {name: t.detach().cpu().clone() for name, t in tensors.items()}, temporary / "tensors.safetensors"
    )
    (temporary / "state.json").write_text(json.dumps(data))
    replace_directory(temporary, final)
    for old in folder.glob("[0-9]*"):
        if old != final:
            shutil.rmtree(old)


def latest_state(folder: Path) -> SavedState | None:
    """The newest state; None when there is none. Raises `CheckpointError` when it is corrupt."""
    saved = sorted(folder.glob("[0-9]*"))
    if not saved:
        return None
    try:
        data = json.loads((saved[-1] / "state.json").read_text())
        return SavedState(int(saved[-1].name), load_file(saved[-1] / "tensors.safetensors"), data)
    except Exception as error:  # the file formats raise many kinds; the sentence keeps the cause
        raise CheckpointError(
            f"The training state in {saved[-1]} is corrupt ({type(error).__name__}: {error}); delete {folder} "
            "to train the stage again."
        ) from error
