"""A file whose fields the caller names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evals.data import DataError
from evals.recorded.record import Record, mark


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
        problem = str(number) if fields.problem is None else str(value_at(row, fields.problem, number))
        reference = None if fields.reference is None else value_at(row, fields.reference, number)
        responses = value_at(row, fields.response, number)
        labels = None if fields.label is None else value_at(row, fields.label, number)
        several = isinstance(responses, list)
        for place, response in enumerate(responses if several else [responses]):
            label = labels[place] if several and isinstance(labels, list) else labels
            sample = counted.get(problem, 0)
            counted[problem] = sample + 1
            yield Record(problem, str(response), sample, row, reference, mark(label))


def value_at(row: Mapping[str, Any], name: str, number: int) -> Any:
    """The value of a field. Raises `DataError`."""
    value: Any = row
    for part in [name] if name in row else name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            raise DataError(f"Row {number + 1} has no field {name!r}; it has {', '.join(map(str, row))}.")
        value = value[part]
    return value
