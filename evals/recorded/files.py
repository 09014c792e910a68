"""Read a file or a directory of saved outputs into rows, whatever the container."""

import csv
import gzip
import io
import json
import re
import struct
import sys
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.data import DataError, read_rows
from evals.recorded.formats import FORMATS
from evals.recorded.inspect_logs import samples_of

Row = dict[str, Any]
SUFFIXES = (".jsonl", ".json", ".parquet", ".csv", ".tsv", ".eval", ".zip")
MOST_FIELDS = 50
"""Fields that one row has at most; an object with more texts has a response by each id, as MMMU's predictions."""
ZSTANDARD = 93
"""The number of the method in zip archives."""
PATTERNS = (
    "samples_*.jsonl",
    "details_*.parquet",
    "*.eval",
    "*_eval_all.json",
    "*_results.jsonl",
    "output.json",
    "*.results.json.gz",
)
"""What the files of outputs are called in a directory that a harness has written."""
_DATE = r"\d{4}-\d\d-\d\dT[\d.:+-]+"
_TASKS = tuple(
    map(re.compile, (rf"(?:samples|details)_(?P<task>.+)_{_DATE}", rf"{_DATE}_(?P<task>.+)_[A-Za-z0-9]+"))
)
"""How lm-eval and lighteval, and inspect, put a task and a date into a file's name."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one file.

    `label` tells it from the others of its directory: the task, where the name is one that a harness gives, else the
    path in the directory. `task` is that task alone. `note` says what was left out of the file, if anything.
    """

    file: Path
    rows: list[Row]
    note: str | None = None
    label: str = ""
    task: str | None = None


def read_outputs(path: Path) -> list[Part]:
    """The rows of a JSONL, JSON, Parquet, CSV or TSV file, of an inspect log, or of all outputs in a directory.

    JSONL and JSON may be gzipped, any of them may be the one file in a zip. An object that is the whole of a JSON
    file is one row, or the rows of the one list in it. Raises `DataError`.
    """
    if path.is_dir():
        return [_labelled(_part(file), path) for file in _inside(path)]
    if not path.is_file():
        raise DataError(f"There is no file {path}.")
    return [_part(path)]


def _labelled(part: Part, directory: Path) -> Part:
    name = part.file.name
    stem = name[: -len(suffix)] if (suffix := _suffix(name)) else name
    match = next(filter(None, (pattern.fullmatch(stem) for pattern in _TASKS)), None)
    task = match["task"] if match else None
    return replace(part, task=task, label=task or str(part.file.relative_to(directory).with_name(stem)))


def _suffix(name: str) -> str:
    """How a name ends: `.jsonl.gz`."""
    packed = ".gz" if name.lower().endswith(".gz") else ""
    return next((known + packed for known in SUFFIXES if name.lower().endswith(known + packed)), packed)


def _inside(directory: Path) -> list[Path]:
    found = next((files for name in PATTERNS if (files := sorted(directory.rglob(name)))), None)
    if found is None:
        found = sorted(file for file in directory.iterdir() if _name(file.name).endswith(SUFFIXES))
    if not found:
        raise DataError(f"{directory} holds no file of outputs ({', '.join((*PATTERNS, *SUFFIXES))}).")
    return found


def _part(file: Path) -> Part:
    try:
        if zipfile.is_zipfile(file):
            rows, note = _zipped(file)
        elif file.name.lower().endswith(".parquet"):
            rows, note = list(read_rows(file)), None
        else:
            rows, note = _text_rows(file.name, file.read_bytes())
    except (OSError, EOFError, ValueError, csv.Error, zipfile.BadZipFile, RecursionError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{file} cannot be read: {error}.") from None
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise DataError(f"{file} holds no rows of saved outputs.")
    return Part(file, rows, None if note is None else f"{file.name}: {note}")


def _text_rows(name: str, raw: bytes) -> tuple[list[Row], str | None]:
    plain = _name(name)
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
    if plain.endswith((".csv", ".tsv")):
        return _table(text, "\t" if plain.endswith(".tsv") else ","), None
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        return [], None
    # Files called .json are often lines of JSON, and the other way round.
    if len(lines) > 1 and _parses(lines[0][1]):
        return _json_lines(lines)
    try:
        return _unwrapped(json.loads(text)), None
    except ValueError as error:
        raise ValueError(f"it is neither JSON nor lines of JSON ({error})") from None


def _json_lines(lines: list[tuple[int, str]]) -> tuple[list[Row], str | None]:
    """The rows; a last line that is cut off, as a killed run leaves it, is left out."""
    rows = []
    for number, line in lines:
        try:
            rows.append(json.loads(line))
        except ValueError as error:
            if number == lines[-1][0]:
                return rows, f"the last line ({number}) is cut off and left out"
            raise ValueError(f"line {number} is not JSON ({error})") from None
    return rows, None


def _unwrapped(value: Any) -> list[Row]:
    """The rows of a whole JSON file: a list, an object with one list of objects, objects or texts by id, or one row."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return []

    if (samples := samples_of(value)) is not None:
        return samples
    if any(known.fits(value) for known in FORMATS.values()):
        return [value]
    lists = [v for v in value.values() if isinstance(v, list) and v and all(isinstance(r, dict) for r in v)]
    if len(lists) == 1:
        return lists[0]
    if len(value) > 1 and all(isinstance(row, dict) for row in value.values()):
        return [{"id": name, **row} for name, row in value.items()]
    if len(value) > MOST_FIELDS and all(isinstance(text, str) for text in value.values()):
        return [{"id": name, "response": text} for name, text in value.items()]
    return [value]


def _table(text: str, delimiter: str) -> list[Row]:
    limit = csv.field_size_limit(sys.maxsize)  # responses are longer than the 128 KiB that it allows
    try:
        return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    finally:
        csv.field_size_limit(limit)


def _zipped(file: Path) -> tuple[list[Row], str | None]:
    """An inspect log, which is a zip archive with one JSON file per sample; or the one file in an archive."""
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        if {"header.json", "_journal/start.json"} & set(names):
            samples = sorted(name for name in names if name.startswith("samples/"))
            if not samples:
                raise ValueError("it is a log without samples")
            return [json.loads(_unpacked(file, archive, name)) for name in samples], None
        readable = [name for name in names if _name(name).endswith(SUFFIXES[:-1]) and "__MACOSX" not in name]
        if len(readable) != 1:
            raise ValueError(
                f"it holds {len(readable)} files of outputs; unpack it and name one, or the directory"
            )
        return _text_rows(readable[0], _unpacked(file, archive, readable[0]))


def _unpacked(file: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    """A member's bytes. inspect compresses with Zstandard, which `zipfile` cannot read before Python 3.14."""
    info = archive.getinfo(name)
    if info.compress_type != ZSTANDARD:
        try:
            return archive.read(name)
        except NotImplementedError:
            raise ValueError(
                f"{name} in it is compressed in a way that is not read here; repack it"
            ) from None
    import pyarrow as pa

    with file.open("rb") as stream:
        stream.seek(info.header_offset)
        # The local header: 30 bytes whose last four are the lengths of the name and of the extra field behind them.
        name_length, extra_length = struct.unpack("<26xHH", stream.read(30))
        stream.seek(name_length + extra_length, 1)
        packed = stream.read(info.compress_size)
    return bytes(pa.decompress(packed, decompressed_size=info.file_size, codec="zstd", asbytes=True))


def _parses(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _name(name: str) -> str:
    return name.lower().removesuffix(".gz")
