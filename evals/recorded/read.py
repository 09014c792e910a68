"""Saved outputs to records: the format found out, every row read by it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.data import DataError
from evals.recorded.fields import Fields, guess
from evals.recorded.fields import records as field_records
from evals.recorded.files import Part, Row, read_outputs
from evals.recorded.formats import FORMATS, Format
from evals.recorded.merge import FileRecords, merged
from evals.recorded.record import NoResponseError, Record, numbered, told_apart

FLAGS = "--response-field, --reference-field, --label-field and --id-field"


@dataclass(frozen=True, slots=True)
class Outputs:
    """The records of the files of a path, their format, and what a reader of the result must know.

    `format` is one of `FORMATS`, or says which fields were read.
    """

    files: tuple[FileRecords, ...]
    format: str
    notes: tuple[str, ...] = ()

    @property
    def records(self) -> list[Record]:
        """The records of all files; responses to one question in several files are samples of one problem."""
        return merged(self.files)


def read(
    path: Path, format: str | None = None, fields: Fields | None = None, response_field: str | None = None
) -> Outputs:
    """Read saved outputs by their `format`, by the `fields` named, or as what they look like.

    Of a `format` that is named, `response_field` may be judged in the place of the response. Of several files, those
    that cannot be judged are left out. Raises `DataError` for a format that is not there, what cannot be read, and what
    is not of the format.
    """
    if format is not None and format not in FORMATS:
        raise DataError(f"There is no format {format!r}; choose from {', '.join(FORMATS)}.")
    parts = read_outputs(path)
    notes = [part.note for part in parts if part.note is not None]
    name, read_row = _reader(parts, path, format, fields, response_field)
    if fields is None and name not in FORMATS:
        notes.append(f"Of no known format; read with {name}. Name other fields with {FLAGS}.")
    files = []
    for part in parts:
        failures: list[str] = []
        try:
            records = list(_records(part, name, read_row, failures))
        except DataError as error:
            if len(parts) == 1:
                raise
            notes.append(f"{part.file.name} is left out. {error}")
            continue
        if failures:
            reason = f" (the first: {failures[0]})" if failures[0] else ""
            notes.append(
                f"{part.file.name}: {len(failures):,} rows hold no response and are left out{reason}."
            )
        apart = list(told_apart(records))
        if several := {record.name for record in apart} - {record.problem for record in records}:
            notes.append(
                f"{part.file.name}: {len(several):,} problems have the id of another with a different question or "
                "reference; each is a problem of its own."
            )
        files.append(FileRecords(part.file, part.label, part.task, tuple(numbered(apart))))
    count = sum(len(file.records) for file in files)
    if not count:
        raise DataError(" ".join((f"{path} holds no response that can be judged.", *notes)))
    if empty := sum(not record.response.strip() for file in files for record in file.records):
        notes.append(f"{empty:,} of {count:,} responses are empty, which is no answer.")
    return Outputs(tuple(files), name, tuple(notes))


ReadRow = Callable[[Row, int], Iterator[Record]]


def _reader(
    parts: list[Part], path: Path, format: str | None, fields: Fields | None, response_field: str | None
) -> tuple[str, ReadRow]:
    first = parts[0].rows
    if fields is not None:
        return str(fields), lambda row, number: field_records(row, number, fields)
    name = format or next((name for name, known in FORMATS.items() if known.fits(first[0])), None)
    if name is not None:
        known = FORMATS[name]
        if not known.fits(first[0]):
            raise DataError(f"{path} is no file of {name}. It has {_listed(first[0])}.")
        if response_field is not None:
            return name, _with_response(name, known, response_field, parts)
        return name, lambda row, number: known.records(row, number)
    guessed = guess(first)
    if guessed is None:
        raise DataError(
            f"{path} is of no known format ({', '.join(FORMATS)}) and no field of it is known to hold responses; "
            f"name its fields with {FLAGS}. It has {_listed(first[0])}."
        )
    return str(guessed), lambda row, number: field_records(row, number, guessed)


def _with_response(name: str, known: Format, field: str, parts: list[Part]) -> ReadRow:
    """The records of a known format, judged by another field: null in rows without it. Raises `DataError`."""
    own = known.response
    if own is None:
        raise DataError(f"{name}'s files keep no response in a field of its own; leave --response-field out.")
    if not any(field in row for part in parts for row in part.rows):
        raise DataError(f"No row has a field {field!r}; the first has {_listed(parts[0].rows[0])}.")
    return lambda row, number: known.records({**row, own: row.get(field)}, number)


def _records(part: Part, format: str, read_row: ReadRow, failures: list[str]) -> Iterator[Record]:
    """The records of all rows; `failures` gets a reason for each row without one. Raises `DataError`."""
    known = FORMATS.get(format)
    for number, row in enumerate(part.rows):
        if known is not None and not known.fits(row):
            raise DataError(
                f"{part.file}, row {number + 1}, is not of {format}, as the first is. It has {_listed(row)}."
            )
        try:
            records = list(read_row(row, number))
        except NoResponseError as failure:
            failures.append(" ".join(str(failure).split())[:200])
            continue
        except DataError as error:
            raise DataError(f"{part.file}: {error}") from None
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise DataError(
                f"{part.file}, row {number + 1}, is not as {format} writes it ({type(error).__name__}: {error})."
            ) from None
        if not records:
            failures.append("")
        yield from records


def _listed(row: Mapping[str, Any]) -> str:
    names = list(map(str, row))
    return ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
