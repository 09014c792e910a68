"""A file whose fields the caller names, or that are known by their usual names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.data import DataError
from evals.recorded.record import Record, mark, response_text
from verifiers.files import field_at

RESPONSES = (
    "response", "responses", "model_response", "model_responses", "model_output", "model_outputs", "raw_output",
    "full_output", "output", "outputs", "completion", "completions", "generation", "generations",
    "generated_text", "model_solution", "model_answer", "code", "text",
)  # fmt: skip
REFERENCES = (
    "reference", "reference_answer", "gold", "gold_answer", "gt", "ground_truth", "expected_answer", "expected",
    "correct_answer", "target", "answer",
)  # fmt: skip
LABELS = (
    "correct", "is_correct", "correctness", "label", "passed", "is_solved", "score", "scores", "acc", "exact_match",
    "result", "grade",
)  # fmt: skip
OPTIONS = ("options", "choices", "index2ans")
PLACES = ("idx", "index")
"""Names of fields that number problems from 0."""
PROBLEMS = ("problem_id", "question_id", "task_id", "unique_id", "id", *PLACES)
LOOKED_AT = 100
"""Rows that are looked at to find out the fields."""
QUESTIONS = ("question", "problem", "prompt", "query")


@dataclass(frozen=True, slots=True)
class Fields:
    """What the fields of a row are called; `a.b` is the field `b` of the object `a`.

    `response`, `label` and `answer` may hold lists: several responses to one problem. `problem` may be an id, a place
    (see `PLACES`) or the question's text; without it, equal questions are one problem, and else rows are numbered.
    `answer` is the answer that they read out of the response: it is taken for right where it is the reference (or one
    of several), letter by letter but for commas. `options` holds the texts of the choices, in order or by letter.
    """

    response: str
    problem: str | None = None
    reference: str | None = None
    label: str | None = None
    answer: str | None = None
    question: str | None = None
    options: str | None = None

    def __str__(self) -> str:
        named = (
            ("responses", self.response),
            ("ids", self.problem),
            ("references", self.reference),
            ("marks", self.label),
            ("answers", self.answer),
            ("options", self.options),
        )
        return ", ".join(f"{what} in {name!r}" for what, name in named if name is not None)


def guess(rows: Sequence[Mapping[str, Any]]) -> Fields | None:
    """The fields by their usual names in the first rows; None where none is known to hold responses."""
    row: dict[str, Any] = {}
    for other in rows[:LOOKED_AT]:  # a field may be null in the first row
        row |= {name: value for name, value in other.items() if row.get(name) is None}
    response = _first(row, RESPONSES, _is_text)
    if response is None:
        return None
    return Fields(
        response=response,
        problem=_first(row, PROBLEMS, lambda value: isinstance(value, str | int)),
        reference=_first(row, REFERENCES, lambda value: isinstance(value, str | int | float)),
        label=_first(row, LABELS, _is_mark),
        question=_first(row, QUESTIONS, lambda value: isinstance(value, str)),
        options=_first(row, OPTIONS, lambda value: bool(_options(value))),
    )


def records(row: Mapping[str, Any], number: int, fields: Fields) -> Iterator[Record]:
    """A record per response of a row, the `number`th from 0. Raises `DataError` where a named field is missing."""
    asked_in = fields.problem if fields.problem in QUESTIONS else fields.question
    question = None if asked_in is None else str(row.get(asked_in) or "") or None
    problem, place = _named(row, number, fields, question)
    reference = None if fields.reference is None else _value(row, fields.reference, number)
    responses = _value(row, fields.response, number)
    labels = None if fields.label is None else _value(row, fields.label, number)
    answers = None if fields.answer is None else _value(row, fields.answer, number)
    options = () if fields.options is None else _options(_value(row, fields.options, number))
    if isinstance(reference, list) and reference and all(part == reference[0] for part in reference):
        reference = reference[0]  # the same for each response
    several = isinstance(responses, list)
    each = answers if several and isinstance(answers, list) and len(answers) == len(responses) else None
    for sample, response in enumerate(responses if several else [responses]):
        try:
            text = response_text(response)
        except ValueError as error:
            raise DataError(
                f"Row {number + 1}: {fields.response!r} holds {error}; name the field inside it, "
                f"as {fields.response}.NAME."
            ) from None
        found = {}
        if (label := mark(_item(labels, sample, several))) is not None:
            found[str(fields.label)] = label
        if fields.answer is not None and reference is not None:
            found[fields.answer] = _same(answers if each is None else each[sample], reference)
        yield Record(
            problem=problem,
            response=text,
            # With a reference of its own the row is not asked: its fields may mean something else there.
            row=row if reference is None else None,
            reference=reference,
            marks=found,
            question=question,
            place=place,
            options=options,
        )


def _options(value: Any) -> tuple[str, ...] | dict[str, str]:
    """The texts of the choices: a list, an object by letter, or ARC's two lists of labels and texts; empty if none."""
    if isinstance(value, Mapping):
        labels, texts = value.get("label"), value.get("text")
        if isinstance(labels, list) and isinstance(texts, list):
            value = dict(zip(labels, texts, strict=False))
        return {str(key): str(text) for key, text in value.items() if text is not None}
    if isinstance(value, list) and all(isinstance(text, str | int | float) for text in value):
        return tuple(map(str, value))
    return ()


def _same(answer: Any, reference: Any) -> bool:
    """Whether an answer is the reference, or one of several; of several answers, whether they are the references."""
    answers = [_plain(part) for part in answer] if isinstance(answer, list) else [_plain(answer)]
    references = [_plain(part) for part in reference] if isinstance(reference, list) else [_plain(reference)]
    return answers[0] in references if len(answers) == 1 else answers == references


def _named(
    row: Mapping[str, Any], number: int, fields: Fields, question: str | None
) -> tuple[str, int | None]:
    """What the problem is called, and its place in the data where that is what the name says."""
    if fields.problem is None:
        return question or str(number), number
    name = str(_value(row, fields.problem, number))
    return name, int(name) if fields.problem in PLACES and name.isdigit() else None


def _item(values: Any, place: int, several: bool) -> Any:
    """What the file has for the response at `place` among those of the row: one value for all, or one for each."""
    if not isinstance(values, list):
        return values
    if not several:
        return values[0] if len(values) == 1 else None
    return values[place] if place < len(values) else None


def _plain(value: Any) -> str:
    return str(value).strip().replace(",", "")


def _first(row: Mapping[str, Any], names: Sequence[str], fits: Any) -> str | None:
    return next((name for name in names if name in row and fits(row[name])), None)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and bool(value) and all(isinstance(part, str) for part in value)
    )


def _is_mark(value: Any) -> bool:
    values = value if isinstance(value, list) and value else [value]
    return all(mark(part) is not None for part in values)


def _value(row: Mapping[str, Any], name: str, number: int) -> Any:
    """The value of a field. Raises `DataError`."""
    try:
        return field_at(row, name)
    except LookupError:
        raise DataError(
            f"Row {number + 1} has no field {name!r}; it has {', '.join(map(str, row))}."
        ) from None
