"""Read files of rows, streaming: JSON lines, gzipped or not, from standard input too, and Parquet."""

import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

STANDARD_INPUT = "-"
PARQUET = (".parquet", ".pq")
"""How the name of a Parquet file ends."""
BATCH = 256
"""Rows of a Parquet file that are in memory at once."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in the file: its number from 1, its fields, the share of the file read with it.

    The share, from 0 to 1, is None where the size is not known.
    """

    line: int
    fields: dict[str, Any]
    share: float | None


def read_raw(path: str) -> Iterator[RawRow]:
    """The rows of the file at `path`, by its ending: `.parquet`, else JSON lines, gzipped if `.gz`; `-` is stdin.

    Blank lines are skipped. Raises `ValueError` naming the line of a row that cannot be read, and `OSError`
    where the file cannot be.
    """
    if path == STANDARD_INPUT:
        yield from _lines(sys.stdin.buffer, None)
    elif path.endswith(PARQUET):
        yield from _parquet(path)
    elif path.endswith(".gz"):
        yield from _unzipped(path)
    else:
        with Path(path).open("rb") as file:
            yield from _lines(file, Path(path).stat().st_size)


def _unzipped(path: str) -> Iterator[RawRow]:
    try:
        with gzip.open(path) as file:
            yield from _lines(file, None)  # type: ignore[arg-type]
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{path} is no complete gzip file: {error}.") from None


def _lines(file: BinaryIO, size: int | None) -> Iterator[RawRow]:
    done = 0
    for number, line in enumerate(file, 1):
        done += len(line)
        if line.strip():
            yield RawRow(number, _object(line, number), done / size if size else None)


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"Line {number} is not UTF-8 text ({error.reason} at byte {error.start}).") from None
    except (ValueError, RecursionError) as error:
        hint = " Files are JSON lines, also gzipped (.gz), or Parquet (.parquet)." if number == 1 else ""
        raise ValueError(f"Line {number} is not JSON: {error}.{hint}") from None
    if not isinstance(fields, dict):
        raise ValueError(f"Line {number} is not a JSON object.")
    return fields


def _parquet(path: str) -> Iterator[RawRow]:
    with Path(path).open("rb"):  # an `OSError` with the name, before Arrow words it in its own way
        pass
    pyarrow, parquet = arrow()
    number = 0
    try:
        with parquet.ParquetFile(path, memory_map=True) as file:
            total = file.metadata.num_rows
            for batch in file.iter_batches(batch_size=BATCH):
                for fields in batch.to_pylist():
                    number += 1
                    yield RawRow(number, fields, number / total)
    except pyarrow.ArrowException as error:
        raise ValueError(f"{path} is no complete Parquet file (after row {number}): {error}") from None


def arrow() -> tuple[Any, Any]:
    """The modules `pyarrow` and `pyarrow.parquet`. Raises `ValueError` that says how to install them."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise ValueError("Parquet files need pyarrow: pip install pyarrow.") from None
    return pyarrow, parquet
