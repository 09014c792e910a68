"""Results on disk, one file for each problem, so that a killed run goes on where it was."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evals.files import atomic_write_text, canonical_json


def stored(path: Path, key: str, make: Callable[[], Any]) -> Any:
    """The JSON value that `path` holds under `key`, or else what `make` makes, which is then kept there."""
    found = held(path, key)
    if found is not None:
        return found
    value = make()
    keep(path, key, value)
    return value


def held(path: Path, key: str) -> Any:
    """The JSON value that `path` holds under `key`; None where there is none, or the file is damaged.

    `key` is a digest of what the value follows from, so that a value of other settings is not taken.
    """
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return found.get("value") if isinstance(found, dict) and found.get("key") == key else None


def keep(path: Path, key: str, value: Any) -> None:
    """Write `value` to `path`, whole or not at all."""
    atomic_write_text(path, canonical_json({"key": key, "value": value}) + "\n")
