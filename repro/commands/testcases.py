"""`repro testcases`: make test cases for programming problems, and see what they catch."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repro.commands.output import Json, note, print_json, print_table
from repro.errors import FAILED, InputError, bad_input

if TYPE_CHECKING:
    from evals.testcases.catch import CatchRates, Failed
    from evals.testcases.curate import Curated
    from evals.testcases.funnel import Step
    from evals.testcases.problem import CodingProblem
    from evals.testcases.run import Labels, Result
    from evals.testcases.settings import Settings

SHOWN = 20
"""Problems that are listed with why they were left out."""


class Format(StrEnum):
    """What the kept problems are written as."""

    JSONL = "jsonl"
    PARQUET = "parquet"


def make_testcases(
    problems: Annotated[
        Path | None,
        typer.Argument(
            help="A folder with a folder for each problem.",
            metavar="PROBLEMS",
            show_default="those that ship",
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where results go; a stopped run goes on there.")
    ] = Path("testcases"),
    form: Annotated[
        Format, typer.Option("--format", metavar="NAME", help="Of the kept problems: jsonl or parquet.")
    ] = Format.JSONL,
    inputs: Annotated[int, typer.Option(min=1, metavar="N", help="Inputs generated for each problem.")] = 50,
    drawn: Annotated[int, typer.Option(min=1, metavar="N", help="Accepted submissions drawn for each.")] = 10,
    agreeing: Annotated[int, typer.Option(metavar="N", help="How many must agree on an output.")] = 7,
    valid: Annotated[int, typer.Option(metavar="N", help="Valid cases that a good generator gives.")] = 40,
    passing: Annotated[int, typer.Option(metavar="N", help="How many must pass all cases.")] = 9,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the generators and of the draw.")] = 0,
    model: Annotated[
        Path | None,
        typer.Option(metavar="CHECKPOINT", help="A Hugging Face checkpoint that writes the generators."),
    ] = None,
    max_tokens: Annotated[
        int, typer.Option(min=1, metavar="N", help="Longest response of the model.")
    ] = 2048,
    device: Annotated[str, typer.Option(metavar="NAME", help="Where the model runs: cpu, cuda, ...")] = "cpu",
    workers: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Problems at a time.", show_default="one per core")
    ] = None,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run programs even where a protection is missing that is needed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make test cases for programming problems (section 2.3.5), or go on with them."""
    from evals.testcases.problem import SHIPPED, read_labels, read_problems
    from evals.testcases.settings import Settings

    root = problems or SHIPPED
    with bad_input():
        settings = Settings(inputs, drawn, agreeing, valid, passing, seed)
        found = read_problems(root)
        labels = {problem.id: read_labels(root / problem.id) for problem in found}
    if model is not None:
        found = _written(found, model, max_tokens, device, settings, out)
    with _explained():
        results = _run(found, labels, settings, out, workers, unsafe)
    summary = _finish(found, results, settings, out, form)
    if as_json:
        print_json(summary)
        return
    _show(results)
    note(f"The test cases are in {summary['file']}, and {out / 'summary.json'} has the figures.")


def _run(
    problems: "Sequence[CodingProblem]",
    labels: "Labels",
    settings: "Settings",
    out: Path,
    workers: int | None,
    unsafe: bool,
) -> "list[Result]":
    from rich.console import Console

    from evals.testcases.run import run
    from repro.console import RunMonitor
    from verifiers.sandbox import LocalSandbox

    count = workers or len(os.sched_getaffinity(0))
    monitor = RunMonitor(Console(stderr=True), "testcases", None)
    with (
        LocalSandbox(count, unsafe) as sandbox,
        monitor.task("problems", len(problems), "problem") as advance,
    ):
        return run(problems, labels, sandbox, settings, out, workers=count, on_done=lambda result: advance(1))


def _finish(
    problems: "Sequence[CodingProblem]",
    results: "Sequence[Result]",
    settings: "Settings",
    out: Path,
    form: Format,
) -> dict[str, Any]:
    """Write the kept problems and the summary, which is returned."""
    from evals.files import atomic_write_text
    from evals.testcases.catch import catch_rates
    from evals.testcases.export import rows, write
    from evals.testcases.funnel import SOURCE, funnel

    curated = [result.curated for result in results]
    file = out / f"testcases.{form.value}"
    write(file, rows(problems, curated))
    judged = [one for result in results for one in result.judged]
    summary = {
        "file": str(file),
        "settings": asdict(settings),
        "funnel": [asdict(step) for step in funnel(curated)],
        "paper": SOURCE,
        "caught": asdict(catch_rates(judged)) if judged else None,
        "problems": [_facts(one) for one in curated],
    }
    atomic_write_text(out / "summary.json", json.dumps(summary, indent=1, allow_nan=False) + "\n")
    return summary


def _facts(curated: "Curated") -> dict[str, Any]:
    """What the summary says of a problem: all but its cases."""
    return {**asdict(curated), "cases": len(curated.cases)}


def _written(
    problems: "Sequence[CodingProblem]",
    model: Path,
    max_tokens: int,
    device: str,
    settings: "Settings",
    out: Path,
) -> "list[CodingProblem]":
    """The problems with generators that a checkpoint writes."""
    if not model.is_dir():
        raise InputError(f"There is no checkpoint directory {model}.")
    from evals.testcases.written import with_written_generators
    from evals.types import Sampling
    from repro.commands.models import check_device, quiet_transformers
    from training.checkpoint import facts_of, load_checkpoint
    from training.engine.local import LocalEngine
    from training.engine.repetition import RepeatStop

    check_device(device)
    quiet_transformers()
    weights, tokenizer = load_checkpoint(model, device, "float32")
    engine = LocalEngine(weights, tokenizer, max_batch=16, repeat_stop=RepeatStop())
    digest = facts_of(model).weights_digest
    return with_written_generators(problems, engine, digest, Sampling(max_tokens=max_tokens), settings, out)


@contextmanager
def _explained() -> Iterator[None]:
    """A sandbox that failed on the way, in one sentence that says what is kept."""
    from evals.testcases.errors import SandboxFailed

    try:
        yield
    except SandboxFailed as error:
        note(f"repro: {error} What was done is kept; the same command goes on from here.")
        raise typer.Exit(FAILED) from error


def _show(results: "Sequence[Result]") -> None:
    from evals.testcases.catch import catch_rates
    from evals.testcases.funnel import SOURCE, funnel

    curated = [result.curated for result in results]
    _show_funnel(funnel(curated), SOURCE)
    left_out = [(one.problem, one.end.replace("_", " "), one.reason) for one in curated if one.end != "kept"]
    if left_out:
        rows = left_out[:SHOWN]
        title = "Left out" if rows == left_out else f"Left out: {SHOWN} of {len(left_out)}"
        print_table(title, [("problem", "name"), ("at", "left"), ("why", "left")], rows)
    judged = [one for result in results for one in result.judged]
    if judged:
        _show_caught(catch_rates(judged))


def _show_funnel(steps: "Sequence[Step]", source: str) -> None:
    """Each step's count and its share of the step before."""
    rows = []
    for number, step in enumerate(steps):
        before = steps[max(0, number - 1)].problems
        paper_before = next((s.paper for s in steps[max(0, number - 1) :: -1] if s.paper), None)
        rows.append(
            (
                step.name,
                f"{step.problems:,}",
                _share(step.problems, before),
                "–" if step.paper is None else f"{step.paper:,}",
                _share(step.paper, paper_before),
            )
        )
    columns = [
        ("step", "name"),
        ("problems", "right"),
        ("share", "right"),
        ("paper", "right"),
        ("share", "right"),
    ]
    print_table(f"Funnel, beside {source}", columns, rows)


def _show_caught(rates: "CatchRates") -> None:
    from reports.text import percent_interval, plural, scientific

    def row(name: str, failed: "Failed") -> tuple[str, str, str, str]:
        share = failed.share
        if share is None:
            return name, "0", "0", "–"
        return name, str(failed.count), str(failed.of), percent_interval(share)

    rows = [
        row("wrong, caught by the samples", rates.wrong_by_samples),
        row("wrong, caught by the cases", rates.wrong_by_cases),
        row("right, failed by the samples", rates.alarms_by_samples),
        row("right, failed by the cases", rates.alarms_by_cases),
        row("right, not drawn, failed by the cases", rates.alarms_not_drawn),
    ]
    columns = [
        ("labelled submissions", "name"),
        ("fail", "right"),
        ("of", "right"),
        ("share %, 95 %", "right"),
    ]
    print_table(f"What the cases of {plural(rates.problems, 'kept problem')} catch", columns, rows)
    print(
        f"{rates.only_cases} wrong ones fail the cases alone and {rates.only_samples} the samples alone: "
        f"McNemar's exact p = {scientific(rates.p_value)}."
    )


def _share(part: int | None, whole: int | None) -> str:
    return f"{part / whole:.0%}" if part is not None and whole else "–"
