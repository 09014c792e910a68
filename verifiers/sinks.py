"""Write files of verdicts, streaming: JSON lines, gzipped or not, or Parquet; whole or not at all."""

import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from verifiers.sources import PARQUET, arrow

Record = Mapping[str, Any]
Write = Callable[[Record], None]
LINES = (".jsonl", ".ndjson")
"""How the name of a file of JSON lines ends, perhaps with `.gz` behind it."""
BATCH = 4_096
"""Records that a Parquet file takes at once."""
_TYPES = {"line": "int64", "label": "bool", "agrees": "bool", "score": "float64", "seconds": "float64"}
COLUMNS = (
    "line", "label", "agrees", "status", "score", "answer", "reference", "layer", "reason", "verifier", "version",
    "policy", "seconds",
)  # fmt: skip
"""What a record holds: `label` and `agrees` only where the row has a label."""


@contextmanager
def writing(path: str) -> Iterator[Write]:
    """A function that writes one record after another to a file at `path`, in the format that its name ends in.

    JSON lines (`.jsonl`, `.ndjson`, or no ending), gzipped (`.gz` behind that), or Parquet (`.parquet`, `.pq`).

    They are written aside, and take the place of `path` when the block ends without an exception; otherwise
    nothing is left. Raises `ValueError` for another ending, `OSError` naming `path` where it cannot be written.
    """
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(21, "Is a directory", path)
    kind = _format(target)
    aside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with _named(path):
            file = aside.open("wb")
        with file:
            with kind(file, path) as write:
                yield write
            with _named(path):
                file.flush()
                os.fsync(file.fileno())
        with _named(path):
            aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def _format(path: Path) -> Callable[[BinaryIO, str], AbstractContextManager[Write]]:
    name = path.name.lower()
    if name.endswith(PARQUET):
        return _parquet
    ending = Path(name.removesuffix(".gz")).suffix
    if ending and ending not in LINES:
        raise ValueError(
            f"{path} ends in {ending}; verdicts are written as JSON lines (.jsonl, .jsonl.gz) or Parquet (.parquet)."
        )
    return _zipped if name.endswith(".gz") else _lines


def json_line(record: Record) -> str:
    """`record` as one line of JSON, which UTF-8 can hold: a lone surrogate is escaped."""
    line = json.dumps(record, ensure_ascii=False, default=str)
    try:
        line.encode()
    except UnicodeEncodeError:
        line = json.dumps(record, default=str)
    return line


@contextmanager
def _lines(file: BinaryIO, path: str) -> Iterator[Write]:
    def write(record: Record) -> None:
        with _named(path):
            file.write(json_line(record).encode() + b"\n")

    yield write


@contextmanager
def _zipped(file: BinaryIO, path: str) -> Iterator[Write]:
    with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed, _lines(packed, path) as write:  # type: ignore[arg-type]
        yield write


@contextmanager
def _parquet(file: BinaryIO, path: str) -> Iterator[Write]:
    pyarrow, parquet = arrow()
    types = {"int64": pyarrow.int64(), "bool": pyarrow.bool_(), "float64": pyarrow.float64()}
    schema = pyarrow.schema([(name, types.get(_TYPES.get(name, ""), pyarrow.string())) for name in COLUMNS])
    table = parquet.ParquetWriter(file, schema)
    waiting: list[dict[str, Any]] = []

    def flush() -> None:
        with _named(path):
            table.write_table(pyarrow.Table.from_pylist(waiting, schema))
        waiting.clear()

    def write(record: Record) -> None:
        waiting.append({name: _cell(name, record.get(name)) for name in COLUMNS})
        if len(waiting) >= BATCH:
            flush()

    try:
        yield write
        flush()
    finally:
        with _named(path):
            table.close()


def _cell(name: str, value: Any) -> Any:
    """A value that its column holds: a reference that is no text as JSON, and text that is UTF-8."""
    if value is None or name in _TYPES:
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


@contextmanager
def _named(path: str) -> Iterator[None]:
    """Name the file in an `OSError` of the block that names none, or names the one aside."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror or error} while writing", path) from error
