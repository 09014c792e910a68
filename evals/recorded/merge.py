"""Several files of one directory: which of them are of the benchmark, and which of their responses share a problem."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.data import DataError
from evals.figures import plain
from evals.recorded.record import Record


@dataclass(frozen=True, slots=True)
class FileRecords:
    """The records of one file; `label` and `task` are those of `evals.recorded.files.Part`."""

    file: Path
    label: str
    task: str | None
    records: tuple[Record, ...]


def merged(files: Sequence[FileRecords]) -> list[Record]:
    """The records of all files, with problems named among all.

    Files that answer the same questions, such as two runs of a task, hold samples of the same problems. Where files
    with different labels share ids, names begin with the label.
    """
    if len(files) == 1:
        return list(files[0].records)
    owners: dict[str, set[str]] = defaultdict(set)
    for file in files:
        for record in file.records:
            owners[record.name].add(file.label)
    clash = any(len(labels) > 1 for labels in owners.values())
    names: dict[tuple[str, ...], str] = {}
    counted: Counter[str] = Counter()
    made: list[Record] = []
    for file in files:
        known = _known_as(file, names, clash)
        samples: Counter[str] = Counter()
        for record in file.records:
            name, sample = known[record.name], record.sample or 0
            samples[name] = max(samples[name], sample + 1)
            # A place counts the rows of its own file.
            made.append(replace(record, cluster=name, sample=counted[name] + sample, place=None))
        counted += samples
    return made


def _known_as(file: FileRecords, names: dict[tuple[str, ...], str], clash: bool) -> dict[str, str]:
    """What the problems of a file are called among all files, by their names in it; new ones are put into `names`."""
    taken = set(names.values())
    known: dict[str, str] = {}
    repeats: Counter[str] = Counter()
    for record in file.records:
        if record.name in known:
            continue
        question = question_of(record)
        repeats[question] += 1
        key = (question, str(repeats[question])) if question else (file.label, record.name, "")
        if key not in names:
            name = own = f"{file.label}/{record.name}" if clash else record.name
            number = 1
            while name in taken:
                number += 1
                name = f"{own}#{number}"
            taken.add(name)
            names[key] = name
        known[record.name] = names[key]
    return known


def question_of(record: Record) -> str:
    """What tells a question from others whatever its id: its text, else its row, and its reference; or nothing."""
    asked = " ".join((record.question or "").split())
    if not asked and record.row is not None:
        asked = json.dumps(record.row, sort_keys=True, default=str)
    return f"{asked}\n{record.reference}" if asked else ""


def of_benchmark(
    files: Sequence[FileRecords], name: str, is_row: Callable[[Any], bool]
) -> tuple[list[FileRecords], list[str]]:
    """The files that hold outputs of the benchmark called `name`, and notes on what was left out.

    Only files that a harness has named by their tasks are left out. `is_row` says whether a document is one of the
    benchmark: where it is for some tasks, the others are left out; else those whose name has not the benchmark's in it.
    Of tasks that ask the same questions in several ways, the one with the shortest name is taken. Raises `DataError`
    where no task is of the benchmark.
    """
    tasks: dict[str, list[FileRecords]] = defaultdict(list)
    for file in files:
        if file.task is not None and file.records:
            tasks[file.task].append(file)
    if len(tasks) < 2:
        return list(files), _of_several_runs(tasks)
    by_row = [task for task, own in tasks.items() if _has_rows(own, is_row)]
    chosen = by_row or [task for task in tasks if _plain(name) in _plain(task)]
    if not chosen:
        raise DataError(
            f"The tasks of these files are {', '.join(sorted(tasks))}, and none is {name}; name one file."
        )
    taken: dict[str, set[str]] = {}
    for task in sorted(chosen, key=lambda task: (_plain(name) not in _plain(task), len(task), task)):
        questions = {
            question for file in tasks[task] for question in map(question_of, file.records) if question
        }
        if not any(questions & others for others in taken.values()):
            taken[task] = questions
    kept = [file for file in files if file.task is None or file.task in taken]
    left_out = sorted(tasks.keys() - taken.keys())
    notes = [f"Left out, as other tasks than {name}: {', '.join(left_out)}."] if left_out else []
    return kept, [*notes, *_of_several_runs({task: tasks[task] for task in taken})]


def _of_several_runs(tasks: Mapping[str, Sequence[FileRecords]]) -> list[str]:
    return [
        f"{task} is in {len(files)} files, of several runs: their responses to a question are samples of one problem. "
        "Name one file to judge one run."
        for task, files in tasks.items()
        if len(files) > 1
    ]


def _has_rows(files: Sequence[FileRecords], is_row: Callable[[Any], bool]) -> bool:
    row = next((record.row for file in files for record in file.records if record.row is not None), None)
    return row is not None and is_row(row)


def _plain(name: str) -> str:
    """Letters and digits in lower case, the century left out: AIME 2024 is `aime24` in most harnesses."""
    return re.sub(r"20(?=\d\d(?!\d))", "", plain(name))
