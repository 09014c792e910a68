"""Data sets of public benchmarks: from the hub, from an installed package, or from a local file or directory.

Rows are checked against the benchmark's schema; what is missing or has changed is one sentence (`DataError`).
No data set ships with this project.
"""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

SUFFIXES = (".jsonl", ".jsonl.gz", ".json", ".parquet", ".csv")


class DataError(ValueError):
    """A data set that is missing, unreadable or of another form; one sentence that says how to mend it."""


@dataclass(frozen=True, slots=True)
class Hub:
    """One split of a data set on the Hugging Face hub; `revision` pins it, `name` is its configuration."""

    path: str
    split: str
    name: str | None = None
    revision: str | None = None

    def __str__(self) -> str:
        return f"{self.path} ({', '.join(part for part in (self.name, self.split) if part)})"


@dataclass(frozen=True, slots=True)
class Packaged:
    """A file inside an installed Python package."""

    distribution: str
    module: str
    file: str

    def __str__(self) -> str:
        return f"the Python package {self.distribution}"


Source = Hub | Packaged
Row = TypeVar("Row", bound=BaseModel)


def load_rows(
    benchmark: str, sources: Mapping[str, Source], row: type[Row], data: Path | None = None
) -> dict[str, list[Row]]:
    """The rows of each part of a benchmark's data, in order, by the part's name.

    `sources` names the parts, the scored one first. With `data`, a file is the scored part alone, and a directory
    has a file called by each part (`test.jsonl`, `dev.parquet`, ...); parts without a file are left out, but for
    the scored one. Raises `DataError`.
    """
    if data is None:
        return {
            part: _checked(benchmark, str(source), _from(benchmark, source), row)
            for part, source in sources.items()
        }
    return {
        part: _checked(benchmark, str(file), read_rows(file), row)
        for part, file in _local(benchmark, data, list(sources)).items()
    }


def read_rows(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSONL (also gzipped), JSON, Parquet or CSV file. Raises `DataError`."""
    name = file.name.lower()
    try:
        if name.endswith(".parquet"):
            import pyarrow.parquet as pq

            yield from pq.read_table(file).to_pylist()
            return
        raw = file.read_bytes()
        text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8-sig")
    except (OSError, EOFError, ValueError) as error:
        raise DataError(f"{file} cannot be read: {error}") from None
    if name.endswith(".csv"):
        yield from csv.DictReader(io.StringIO(text))
    elif name.endswith(".json"):
        yield from _json_rows(file, text)
    elif name.endswith((".jsonl", ".jsonl.gz")):
        yield from _json_lines(file, text)
    else:
        raise DataError(f"{file} is of a kind that is not read here; use one of {', '.join(SUFFIXES)}.")


def _json_rows(file: Path, text: str) -> Iterator[dict[str, Any]]:
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise DataError(f"{file} is not JSON: {error}") from None
    if not isinstance(rows, list):
        raise DataError(f"{file} holds no list of rows.")
    yield from rows


def _json_lines(file: Path, text: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise DataError(f"{file}, line {number}, is not JSON: {error}") from None


def _local(benchmark: str, data: Path, parts: Sequence[str]) -> dict[str, Path]:
    """The file of each part that is there. Raises `DataError`."""
    if data.is_file():
        return {parts[0]: data}
    if not data.is_dir():
        raise DataError(f"There is no file or directory {data} with the data of {benchmark}.")
    found = {
        part: file
        for part in parts
        for suffix in reversed(SUFFIXES)
        if (file := data / f"{part}{suffix}").is_file()
    }
    if parts[0] not in found:
        names = ", ".join(f"{parts[0]}{suffix}" for suffix in SUFFIXES)
        raise DataError(f"{data} has no file of {benchmark}; it must be called one of {names}.")
    return found


def _from(benchmark: str, source: Source) -> Iterable[dict[str, Any]]:
    return _from_hub(benchmark, source) if isinstance(source, Hub) else _from_package(benchmark, source)


def _from_hub(benchmark: str, source: Hub) -> Iterable[dict[str, Any]]:
    try:
        import datasets
    except ImportError:
        raise DataError(
            f"{benchmark} is read from the hub with `datasets`, which is not installed; "
            "pip install 'k15-repro[benchmarks]', or give its data with --data."
        ) from None
    try:
        loaded = datasets.load_dataset(source.path, source.name, split=source.split, revision=source.revision)
    except Exception as error:  # whatever the hub, the network or a cache answers with
        first = str(error).strip().splitlines()[:1] or [type(error).__name__]
        raise DataError(
            f"{benchmark} cannot be loaded from {source} ({first[0][:200]}); "
            "give a local copy of it with --data FILE or DIRECTORY."
        ) from None
    for name, feature in loaded.features.items():
        if isinstance(feature, datasets.Image):
            loaded = loaded.cast_column(name, datasets.Image(decode=False))
    return (dict(row) for row in loaded)


def _from_package(benchmark: str, source: Packaged) -> Iterable[dict[str, Any]]:
    try:
        file = files(source.module).joinpath(source.file)
    except ModuleNotFoundError:
        raise DataError(
            f"{benchmark} is read from {source}, which is not installed; "
            f"pip install {source.distribution}, or give its data with --data."
        ) from None
    return list(read_rows(Path(str(file))))


def _checked(benchmark: str, where: str, rows: Iterable[Any], row: type[Row]) -> list[Row]:
    """The rows as the benchmark's schema has them; fields that it does not name are left out."""
    made = []
    for number, raw in enumerate(rows, 1):
        try:
            made.append(row.model_validate(raw))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"])) or "the row"
            raise DataError(
                f"{where}, row {number}, is not as {benchmark} has it: {field}: {first['msg']}."
            ) from None
    if not made:
        raise DataError(f"{where} has no rows.")
    return made
