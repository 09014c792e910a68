"""What the commands that load a model share."""

from repro.errors import InputError


def check_device(device: str) -> None:
    """Raises `InputError` when this machine has no such device."""
    import torch

    try:
        kind = torch.device(device)
    except RuntimeError as error:
        raise InputError(f"There is no device {device!r}; choose cpu, cuda, cuda:0, ... or mps.") from error
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not there.get(kind.type, False):
        raise InputError(f"This machine has no device {device!r} that torch can use; choose cpu.")
    if kind.type == "cuda" and (kind.index or 0) >= torch.cuda.device_count():
        raise InputError(
            f"There is no {device}: this machine has {torch.cuda.device_count()} CUDA device(s)."
        )


def quiet_transformers() -> None:
    """No bars and advice of transformers among those of the suite."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
