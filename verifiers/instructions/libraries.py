"""The libraries that some instructions need; imported on first use, since only their checks cost the time."""

import importlib
from types import ModuleType


def library(module: str, package: str) -> ModuleType:
    """The module, imported. Raises `ImportError` that says how to install `package` where it is missing."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise ImportError(
            f"Judging this instruction needs {package} ({error}): pip install 'k15-repro[instructions]'."
        ) from error
