"""What others published of models that users run: `models.json`, checked on loading."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from evals.published.number import Published


class Number(BaseModel):
    """A column of a report: a benchmark, and what holds of it alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    benchmark: str
    metric: str
    problems: int | None = Field(None, gt=0)
    runs: int | None = Field(None, gt=0)
    prompting: str = ""
    window: tuple[str, str] | None = None
    notes: str = ""


class Report(BaseModel):
    """A table of one source: how it was measured, its columns, and a row for each model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(min_length=10)
    label: str
    numbers: tuple[Number, ...] = Field(min_length=1)
    models: Mapping[str, tuple[float | None, ...]] = Field(min_length=1)
    temperature: float | None = Field(None, ge=0)
    top_p: float | None = Field(None, gt=0, le=1)
    top_k: int | None = Field(None, gt=0)
    max_tokens: int | None = Field(None, gt=0)
    prompting: str = ""
    notes: str = ""

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        for model, row in self.models.items():
            if len(row) != len(self.numbers):
                raise ValueError(f"{model} has {len(row)} numbers for {len(self.numbers)} columns")
        return self


class File(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: str
    reports: tuple[Report, ...]


def read_models(text: str) -> tuple[Published, ...]:
    """The numbers in the text of such a file, report by report and model by model.

    Raises `ValueError` (pydantic's) with the place of whatever does not fit the schema.
    """
    return tuple(
        _published(report, number, model, value)
        for report in File.model_validate_json(text).reports
        for model, row in report.models.items()
        for number, value in zip(report.numbers, row, strict=True)
    )


@cache
def published_models() -> tuple[Published, ...]:
    """Every number of `models.json`."""
    return read_models(files("evals.published").joinpath("models.json").read_text("utf-8"))


def _published(report: Report, number: Number, model: str, value: float | None) -> Published:
    rated = number.metric == "rating"
    return Published(
        model=model,
        benchmark=number.benchmark,
        metric=number.metric,
        percent=None if rated else value,
        rating=value if rated else None,
        column=report.label,
        source=report.source,
        notes="; ".join(note for note in (number.notes, report.notes) if note),
        problems=number.problems,
        runs=number.runs,
        max_tokens=report.max_tokens,
        temperature=report.temperature,
        top_p=report.top_p,
        top_k=report.top_k,
        prompting=number.prompting or report.prompting,
        window=number.window,
    )
