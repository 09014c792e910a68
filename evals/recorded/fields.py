"""A file whose fields the caller names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evals.data import DataError
from evals.recorded.record import Record, mark
from verifiers.files import field_at


@dataclass(frozen=True, slots=True)
class Fields:
    """What the fields of a row are called; `a.b` is the field `b` of the object `a`.

    `response` and `label` may hold lists: several responses to one problem. Without `problem`, rows are numbered.
    """

    response: str
    problem: str | None = None
    reference: str | None = None
    label: str | None = None


def records(rows: list[dict[str, Any]], fields: Fields) -> Iterator[Record]:
    """A record per response. Raises `DataError` where a field that was named is not there."""
    counted: dict[str, int] = {}
    for number, row in enumerate(rows):
        problem = str(number) if fields.problem is None else str(_value(row, fields.problem, number))
        reference = None if fields.reference is None else _value(row, fields.reference, number)
        responses = _value(row, fields.response, number)
        labels = None if fields.label is None else _value(row, fields.label, number)
        several = isinstance(responses, list)
        for place, response in enumerate(responses if several else [responses]):
            label = labels[place] if several and isinstance(labels, list) else labels
            sample = counted.get(problem, 0)
            counted[problem] = sample + 1
            yield Record(problem, str(response), sample, row, reference, mark(label))


def _value(row: Mapping[str, Any], name: str, number: int) -> Any:
    """The value of a field. Raises `DataError`."""
    try:
        return field_at(row, name)
    except LookupError:
        raise DataError(
            f"Row {number + 1} has no field {name!r}; it has {', '.join(map(str, row))}."
        ) from None
