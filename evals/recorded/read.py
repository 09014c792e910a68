"""Saved outputs to records: the format found out, every row read by it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.data import DataError
from evals.recorded.fields import Fields, guess
from evals.recorded.fields import records as field_records
from evals.recorded.files import Part, Row, read_outputs
from evals.recorded.formats import FORMATS
from evals.recorded.record import Record, numbered

FLAGS = "--response-field, --reference-field, --label-field and --id-field"


@dataclass(frozen=True, slots=True)
class Outputs:
    """The records of a file or directory, its format, and what a reader of the result must know.

    `format` is one of `FORMATS`, or says which fields were read.
    """

    records: list[Record]
    format: str
    notes: tuple[str, ...] = ()


def read(path: Path, format: str | None = None, fields: Fields | None = None) -> Outputs:
    """Read saved outputs by their `format`, by the `fields` named, or as what they look like.

    The ids of several files' problems begin with the file's name; of several, those that cannot be judged are left
    out. Raises `DataError` for a format that is not there, what cannot be read, and what is not of the format.
    """
    if format is not None and format not in FORMATS:
        raise DataError(f"There is no format {format!r}; choose from {', '.join(FORMATS)}.")
    parts = read_outputs(path)
    notes = [part.note for part in parts if part.note is not None]
    found_format, read_row = _reader(parts, path, format, fields)
    if fields is None and found_format not in FORMATS:
        notes.append(f"Of no known format; read with {found_format}. Name other fields with {FLAGS}.")
    made: list[Record] = []
    for part in parts:
        try:
            found = list(_records(part, found_format, read_row))
        except DataError as error:
            if len(parts) == 1:
                raise
            notes.append(f"{part.file.name} is left out. {error}")
            continue
        if empty := sum(not records for records in found):
            notes.append(f"{part.file.name}: {empty:,} rows hold no response and are left out.")
        made += (_of_several(one, part) if len(parts) > 1 else one for records in found for one in records)
    if not made:
        raise DataError(" ".join((f"{path} holds no response that can be judged.", *notes)))
    return Outputs(list(numbered(made)), found_format, tuple(notes))


def _of_several(record: Record, part: Part) -> Record:
    """The record of one file among several, each of which numbers its own problems."""
    return replace(record, problem=f"{part.file.name.split('.')[0]}/{record.problem}", place=None)


ReadRow = Callable[[Row, int], Iterator[Record]]


def _reader(parts: list[Part], path: Path, format: str | None, fields: Fields | None) -> tuple[str, ReadRow]:
    first = parts[0].rows
    if fields is not None:
        return str(fields), lambda row, number: field_records(row, number, fields)
    name = format or next((name for name, known in FORMATS.items() if known.fits(first[0])), None)
    if name is not None:
        known = FORMATS[name]
        if not known.fits(first[0]):
            raise DataError(f"{path} is no file of {name}. It has {_listed(first[0])}.")
        return name, lambda row, number: known.records(row, number)
    guessed = guess(first)
    if guessed is None:
        raise DataError(
            f"{path} is of no known format ({', '.join(FORMATS)}) and no field of it is known to hold responses; "
            f"name its fields with {FLAGS}. It has {_listed(first[0])}."
        )
    return str(guessed), lambda row, number: field_records(row, number, guessed)


def _records(part: Part, format: str, read_row: ReadRow) -> Iterator[list[Record]]:
    """The records of each row. Raises `DataError` for a row of another form."""
    known = FORMATS.get(format)
    for number, row in enumerate(part.rows):
        if known is not None and not known.fits(row):
            raise DataError(
                f"{part.file}, row {number + 1}, is not of {format}, as the first is. It has {_listed(row)}."
            )
        try:
            yield list(read_row(row, number))
        except DataError as error:
            raise DataError(f"{part.file}: {error}") from None
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise DataError(
                f"{part.file}, row {number + 1}, is not as {format} writes it ({type(error).__name__}: {error})."
            ) from None


def _listed(row: dict[str, Any]) -> str:
    names = list(map(str, row))
    return ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
