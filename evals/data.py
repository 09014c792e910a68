"""Data sets of public benchmarks: from the hub, from an installed package, or from a local file or directory.

Rows are checked against the benchmark's schema; what is missing or has changed is one sentence (`DataError`).
No data set ships with this project.
"""

import csv
import gzip
import io
import json
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError

from evals.pictures import FOLDER, JUDGED_ONLY
from evals.types import Problem
from verifiers.sources import read_raw

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
class HubFiles:
    """Files of a data set on the Hugging Face hub, all of which make one part; `revision` pins them.

    For a data set that is a script, which `datasets` no longer runs.
    """

    path: str
    files: tuple[str, ...]
    revision: str | None = None

    def __str__(self) -> str:
        return f"{self.path} ({', '.join(self.files)})"


@dataclass(frozen=True, slots=True)
class Packaged:
    """A file inside an installed Python package."""

    distribution: str
    module: str
    file: str

    def __str__(self) -> str:
        return f"the Python package {self.distribution}"


@dataclass(frozen=True, slots=True)
class Subsets:
    """A data set in pieces, such as one configuration per subject.

    `of` says where each piece comes from, by its name, which the rows get as their `field`.
    """

    field: str
    of: Mapping[str, Hub | Packaged]

    def __str__(self) -> str:
        return f"{next(iter(self.of.values()))} and {len(self.of) - 1} more, by {self.field}"


@dataclass(frozen=True, slots=True)
class Local:
    """A part that nobody publishes as a data set: it is there where a directory of data has it. `what` names it."""

    what: str


Source = Hub | HubFiles | Packaged | Subsets | Local
Row = TypeVar("Row", bound=BaseModel)


def _not_blank(value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)) or not str(value).strip():
        raise ValueError("it is blank, so no response can be judged by it")
    return value


Reference = Annotated[str, BeforeValidator(_not_blank)]
"""The field of a row that responses are judged by: a text that is not blank. Tables write no value as null or NaN."""


def load_rows(
    benchmark: str,
    sources: Mapping[str, Source],
    row: type[Row],
    data: Path | None = None,
    *,
    judged_only: bool = False,
) -> dict[str, list[Row]]:
    """The rows of each part of a benchmark's data, in order, by the part's name.

    `sources` names the parts, the scored one first. With `data`, a file is the scored part alone, and a directory
    has a file called by each part (`test.jsonl`, `dev.parquet`, ...); parts without a file are left out, but for
    the scored one. A part in `HubFiles` has all of their files (`test.jsonl`, `test2.jsonl`, ...), as far as they are
    there. In place of a part in `Subsets`, it may have files of the subsets: `val/law.csv`, `val/law_val.csv`
    or, where there is one part alone, `law.csv`, by its name here or on the hub; see `coverage` for those that it has
    not. Raises `DataError`.

    With `judged_only` rows need only what a response is judged by: no model is asked, so pictures are not read.
    """
    if data is None:
        found = {part: _remote(benchmark, source) for part, source in sources.items()}
    else:
        local = _local(benchmark, data, sources)
        found = {
            part: [
                _Piece(str(file), read_rows(file), _name(sources[part], name), file.parent)
                for name, file in pieces.items()
            ]
            for part, pieces in local.items()
        }
    return {
        part: [made for piece in pieces for made in _checked(benchmark, piece, row, judged_only)]
        for part, pieces in found.items()
    }


def coverage(subsets: Subsets, problems: Iterable[Problem]) -> tuple[str, ...]:
    """Which subsets the problems are of, by their tag: a caveat of a score where that is not all; else nothing."""
    there = {problem.tags[subsets.field] for problem in problems}
    found = [name for name in subsets.of if name in there]
    missing = [name for name in subsets.of if name not in there]
    if not missing:
        return ()
    named = f": {', '.join(found)}" if len(found) <= len(missing) else f", without {', '.join(missing)}"
    return (f"{len(found)} of {len(subsets.of)} by {subsets.field}{named}",)


def read_rows(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSONL (also gzipped), JSON, Parquet or CSV file. Raises `DataError`."""
    name = file.name.lower()
    try:
        if name.endswith(".parquet"):
            yield from (row.fields for row in read_raw(str(file)))
            return
        raw = file.read_bytes()
        text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8-sig")
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise DataError(f"{file} cannot be read: {error}") from None
    if name.endswith(".csv"):
        yield from _csv_rows(file, text)
    elif name.endswith(".json"):
        yield from _json_rows(file, text)
    elif name.endswith((".jsonl", ".jsonl.gz")):
        yield from _json_lines(file, text)
    else:
        raise DataError(f"{file} is of a kind that is not read here; use one of {', '.join(SUFFIXES)}.")


def _csv_rows(file: Path, text: str) -> Iterator[dict[str, Any]]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        yield from rows
    except csv.Error as error:
        raise DataError(f"{file}, line {rows.line_num}, is not CSV: {error}") from None


def _json_rows(file: Path, text: str) -> Iterator[dict[str, Any]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file} is not JSON: {error}") from None
    if isinstance(rows, dict) and rows and all(isinstance(row, dict) for row in rows.values()):
        yield from ({"id": name, **row} for name, row in rows.items())
    elif isinstance(rows, list):
        yield from rows
    else:
        raise DataError(f"{file} holds neither a list of rows nor rows by their id.")


def _json_lines(file: Path, text: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError) as error:
                raise DataError(f"{file}, line {number}, is not JSON: {error}") from None


@dataclass(frozen=True, slots=True)
class _Piece:
    """Rows that come from one place; `named` is what each of them gets: nothing, or the name of its subset.

    `folder` is that of a local file, from which paths in its rows start (`evals.pictures`).
    """

    where: str
    rows: Iterable[Any]
    named: Mapping[str, str]
    folder: Path | None = None


def _name(source: Source, name: str) -> dict[str, str]:
    return {source.field: name} if isinstance(source, Subsets) and name else {}


def _local(benchmark: str, data: Path, sources: Mapping[str, Source]) -> dict[str, dict[str, Path]]:
    """The files of each part that is there: one (called ""), or by the name of the subset. Raises `DataError`."""
    scored = next(iter(sources))
    if data.is_file():
        return {scored: {"": data}}
    if not data.is_dir():
        raise DataError(f"There is no file or directory {data} with the data of {benchmark}.")
    found = {
        part: files
        for part, source in sources.items()
        if (files := _files(data, part, source, len(sources) == 1))
    }
    if scored not in found:
        names = ", ".join(f"{scored}{suffix}" for suffix in SUFFIXES)
        source = sources[scored]
        more = f", or {scored}/{next(iter(source.of))}.jsonl and so on" if isinstance(source, Subsets) else ""
        raise DataError(f"{data} has no file of {benchmark}; it must be called one of {names}{more}.")
    return found


def _files(data: Path, part: str, source: Source, alone: bool) -> dict[str, Path]:
    """The files of one part in a directory, see `load_rows`."""
    if isinstance(source, HubFiles):
        stems = {name: data / name.partition(".")[0] for name in source.files}
        return {name: file for name, stem in stems.items() if (file := _file(stem))}
    if file := _file(data / part):
        return {"": file}
    if not isinstance(source, Subsets):
        return {}
    places = {
        name: [
            place
            for called in _called(name, place_of)
            for place in (
                data / part / called,
                data / part / f"{called}_{part}",
                *[data / called] * alone,
            )
        ]
        for name, place_of in source.of.items()
    }
    return {
        name: file for name, stems in places.items() if (file := next(filter(None, map(_file, stems)), None))
    }


def _called(name: str, source: Hub | Packaged) -> list[str]:
    """What the file of a subset may be called: by our name, its configuration on the hub, or the end of that.

    MultiPL-E's JavaScript is `javascript`, `humaneval-js` or `js`.
    """
    configuration = source.name if isinstance(source, Hub) and source.name else name
    return list(dict.fromkeys((name, configuration, configuration.rpartition("-")[2])))


def _file(stem: Path) -> Path | None:
    """The file called so, whatever its kind."""
    return next(
        (file for suffix in SUFFIXES if (file := stem.with_name(f"{stem.name}{suffix}")).is_file()), None
    )


def _remote(benchmark: str, source: Source) -> list[_Piece]:
    if isinstance(source, Local):
        return []
    places: Mapping[str, Hub | HubFiles | Packaged] = (
        source.of if isinstance(source, Subsets) else {"": source}
    )
    return [
        _Piece(str(place), _from(benchmark, place), _name(source, name)) for name, place in places.items()
    ]


def _from(benchmark: str, source: Hub | HubFiles | Packaged) -> Iterable[dict[str, Any]]:
    if isinstance(source, HubFiles):
        return _from_files(benchmark, source)
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
        raise DataError(
            f"{benchmark} cannot be loaded from {source} ({_first_line(error)}); "
            "give a local copy of it with --data FILE or DIRECTORY."
        ) from None
    for name, feature in loaded.features.items():
        if isinstance(feature, datasets.Image):
            loaded = loaded.cast_column(name, datasets.Image(decode=False))
    return (dict(row) for row in loaded)


def _from_files(benchmark: str, source: HubFiles) -> Iterable[dict[str, Any]]:
    try:
        from huggingface_hub import hf_hub_download
    except ImportError:
        raise DataError(
            f"{benchmark} is read from the hub with `huggingface_hub`, which is not installed; "
            "pip install 'k15-repro[benchmarks]', or give its data with --data."
        ) from None
    for name in source.files:
        try:
            file = hf_hub_download(source.path, name, repo_type="dataset", revision=source.revision)
        except Exception as error:  # whatever the hub, the network or a cache answers with
            raise DataError(
                f"{benchmark} cannot be loaded from {source.path} ({name}: {_first_line(error)}); "
                "give a local copy of its files with --data DIRECTORY."
            ) from None
        yield from read_rows(Path(file))


def _first_line(error: Exception) -> str:
    """What an error of another library says first, or else its kind."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _from_package(benchmark: str, source: Packaged) -> Iterable[dict[str, Any]]:
    try:
        file = files(source.module).joinpath(source.file)
    except ModuleNotFoundError:
        raise DataError(
            f"{benchmark} is read from {source}, which is not installed; "
            f"pip install {source.distribution}, or give its data with --data."
        ) from None
    return list(read_rows(Path(str(file))))


def checked_row(
    benchmark: str,
    row: type[Row],
    given: Any,
    *,
    where: str,
    folder: Path | None = None,
    judged_only: bool = False,
) -> Row:
    """One row as the benchmark's schema has it; fields that it does not name are left out.

    `where` names the row in a message. `folder` and `judged_only` as in `load_rows`. Raises `DataError`.
    """
    try:
        return row.model_validate(given, context={FOLDER: folder, JUDGED_ONLY: judged_only})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the row"
        says = first["msg"].removeprefix("Value error, ")
        raise DataError(f"{where} is not as {benchmark} has it: {field}: {says}.") from None


def _checked(benchmark: str, piece: _Piece, row: type[Row], judged_only: bool) -> list[Row]:
    made = [
        checked_row(
            benchmark,
            row,
            {**raw, **piece.named} if isinstance(raw, dict) else raw,
            where=f"{piece.where}, row {number},",
            folder=piece.folder,
            judged_only=judged_only,
        )
        for number, raw in enumerate(piece.rows, 1)
    ]
    if not made:
        raise DataError(f"{piece.where} has no rows.")
    return made
