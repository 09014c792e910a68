"""The libraries that adapters are tested against: skipped where they are missing, unless that is forbidden."""

import importlib
import os
from types import ModuleType

import pytest


def library(name: str) -> ModuleType:
    """The module `name`; without it the test file is skipped, or fails in the environment meant to have it."""
    if os.environ.get("ADAPTER_LIBRARIES") == "required":
        return importlib.import_module(name)
    return pytest.importorskip(name, reason=f"{name} is not installed (`tox -e adapters` installs it)")
