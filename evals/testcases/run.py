"""Many problems: resumable, several at a time, each result written as soon as it is there."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.files import digest
from evals.testcases.catch import Judged, judge
from evals.testcases.curate import VERSION, Curated, curate_problem
from evals.testcases.problem import Case, CodingProblem
from evals.testcases.settings import Settings
from evals.testcases.stored import stored
from verifiers.sandbox.types import Sandbox

Labels = Mapping[str, Mapping[str, str | None]]
"""Problem id to what is known of its submissions."""


@dataclass(frozen=True, slots=True)
class Result:
    """A problem's test cases, and its labelled submissions put before them."""

    curated: Curated
    judged: tuple[Judged, ...]


def run(
    problems: Sequence[CodingProblem],
    labels: Labels,
    sandbox: Sandbox,
    settings: Settings,
    folder: Path,
    *,
    workers: int = 1,
    on_done: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """The results in the order of the problems, `workers` of which are under way at a time.

    What `folder` holds already is not done again. `on_done` is told each result as it comes. Raises
    `SandboxFailed` where the sandbox does, with all that was done by then kept; `ValueError` for two problems
    with the same id, or an id that is no name of a file.
    """
    if len({problem.id for problem in problems}) < len(problems):
        raise ValueError("Two problems have the same id.")
    for problem in problems:
        if problem.id != Path(problem.id).name or problem.id in ("", ".."):
            raise ValueError(f"A problem's id is {problem.id!r}; it must be good for the name of a file.")

    def one(problem: CodingProblem) -> Result:
        return result_of(problem, labels.get(problem.id, {}), sandbox, settings, folder)

    pool = ThreadPoolExecutor(workers, thread_name_prefix="testcases")
    try:
        pending = [pool.submit(one, problem) for problem in problems]
        for future in as_completed(pending):
            on_done(future.result())
        return [future.result() for future in pending]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def result_of(
    problem: CodingProblem,
    labels: Mapping[str, str | None],
    sandbox: Sandbox,
    settings: Settings,
    folder: Path,
) -> Result:
    """The result of one problem, from `folder` where it is there. The cases never follow from the labels."""
    made_from = digest({"problem": asdict(problem), "settings": asdict(settings), "version": VERSION})
    curated = _curated(
        stored(
            folder / "cases" / f"{problem.id}.json",
            made_from,
            lambda: asdict(curate_problem(problem, sandbox, settings)),
        )
    )
    rows = stored(
        folder / "judged" / f"{problem.id}.json",
        digest([made_from, dict(labels)]),
        lambda: [asdict(one) for one in judge(problem, curated, labels, sandbox, settings)],
    )
    return Result(curated, tuple(Judged(**row) for row in rows))


def _curated(row: dict[str, Any]) -> Curated:
    lists = {"cases": tuple(Case(**case) for case in row["cases"]), "not_run": tuple(row["not_run"])}
    return Curated(**(row | lists))
