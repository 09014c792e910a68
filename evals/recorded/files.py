"""Read a file of saved outputs into rows, whatever its container."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

from evals.data import DataError, read_rows


def read_outputs(file: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL, JSON, Parquet or CSV file, or of an inspect log (`.eval`, `.json`).

    An object that is the whole of a JSON file is one row. Raises `DataError`.
    """
    if not file.is_file():
        raise DataError(f"There is no file {file}.")
    if zipfile.is_zipfile(file):
        rows = _zipped(file)
    elif file.name.lower().endswith((".json", ".json.gz")):
        rows = _json(file)
    else:
        rows = list(read_rows(file))
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise DataError(f"{file} holds no rows of saved outputs.")
    return rows


def _json(file: Path) -> list[dict[str, Any]]:
    try:
        raw = file.read_bytes()
        value = json.loads(gzip.decompress(raw) if file.name.lower().endswith(".gz") else raw)
    except (OSError, EOFError, ValueError) as error:
        raise DataError(f"{file} cannot be read: {error}") from None
    return value if isinstance(value, list) else [value]


def _zipped(file: Path) -> list[dict[str, Any]]:
    """An inspect log: a zip archive with one JSON file per sample."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = sorted(name for name in archive.namelist() if name.startswith("samples/"))
            return [json.loads(archive.read(name)) for name in names]
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise DataError(f"{file} cannot be read: {error}") from None
