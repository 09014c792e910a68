"""Load a model's weights, and refuse a checkpoint that leaves some of them random.

transformers fills what a checkpoint lacks with random numbers and goes on. A score of such a model is noise, so its own
account of what was loaded is read here.
"""

import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transformers import PreTrainedModel

logger = logging.getLogger(__name__)

WRAPPERS = {"module.": "DistributedDataParallel", "_orig_mod.": "torch.compile"}
"""What wrappers put before the names of weights, and which wrapper does so."""

_WRAPPED = re.compile("^(?:" + "|".join(map(re.escape, WRAPPERS)) + ")+")
NAMES_SHOWN = 3


class WeightsError(ValueError):
    """The weights of a checkpoint are not those of its model; one sentence with their names."""


def load_model(kind: Any, folder: Path, **options: Any) -> PreTrainedModel:
    """The model in `folder`, with every weight read from it.

    A prefix of `WRAPPERS` is taken off the names of the weights, with a warning. Weights that the model has no place
    for are left out, with a warning.

    Args:
        kind: the class of transformers that loads it, such as `AutoModelForCausalLM`.
        folder: a Hugging Face checkpoint directory, or the folder of a GGUF file.
        options: for `kind.from_pretrained`.

    Raises:
        WeightsError: weights are missing or have another shape.
        Exception: whatever transformers raises for a folder that it cannot read.
    """
    model, account = _load(kind, folder, **options)
    wrapped = [name for name in account["unexpected_keys"] if _WRAPPED.match(name)]
    if account["missing_keys"] and wrapped:
        model, account = _load(kind, folder, **options, key_mapping={_WRAPPED.pattern: ""})
        if not account["missing_keys"]:
            prefix = _WRAPPED.match(wrapped[0])[0]  # type: ignore[index]  # it matched above
            wrappers = " and ".join(name for mark, name in WRAPPERS.items() if mark in prefix)
            logger.warning(
                "The weights in %s were saved with the prefix %r of %s, which was taken off.",
                folder,
                prefix,
                wrappers,
            )
    missing, unexpected = sorted(account["missing_keys"]), sorted(account["unexpected_keys"])
    mismatched = sorted(str(entry[0]) for entry in account["mismatched_keys"])
    if missing:
        also = f" It has {_listed(unexpected)} instead." if unexpected else ""
        raise WeightsError(
            f"{folder} lacks weights that its model needs: {_listed(missing)}.{also} They would be random; save the "
            "whole model again by save_pretrained, or mend config.json."
        )
    if mismatched:
        raise WeightsError(
            f"{folder} has weights of another shape than its config.json says: {_listed(mismatched)}; the two belong "
            "to different models."
        )
    if unexpected:
        logger.warning(
            "%s has weights that its model has no place for, left out: %s.", folder, _listed(unexpected)
        )
    return model


def _load(kind: Any, folder: Path, **options: Any) -> tuple[PreTrainedModel, dict[str, Any]]:
    """The model, and which weights were missing, unexpected or of another shape."""
    # Shapes that differ are taken here so that the account names them; they are refused afterwards.
    model, account = kind.from_pretrained(
        folder, output_loading_info=True, ignore_mismatched_sizes=True, **options
    )
    return model, account


def _listed(names: Sequence[str]) -> str:
    """The first few names, and how many there are beyond them."""
    more = f" and {len(names) - NAMES_SHOWN:,} more" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more
