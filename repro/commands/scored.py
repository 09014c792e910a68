"""The scores that the arguments of `repro compare` name."""

import difflib
import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from evals.metrics import mean, problem_means
from evals.score import outcomes_by_problem
from evals.store import Identity, identity, read_key, read_samples, read_scores, samples_path_of
from evals.types import Sample, Score
from repro.errors import InputError, bad_input

KEY_FIELDS = ("weights_digest", "data_digest", "seed", "samples_per_problem")
"""What stored samples and their score must have in common."""


@dataclass(frozen=True)
class Scored:
    """A score, the file it is from, and the name it goes by in this comparison."""

    file: Path
    score: Score
    label: str

    @property
    def labelled(self) -> Score:
        """The score with its label for the checkpoint's id."""
        return replace(self.score, checkpoint=self.label)


def gather(arguments: Sequence[str], scores_file: Path, split: str) -> list[Scored]:
    """The scores on `split` of everything that is named, in order and each once.

    An id that several files have is told apart by its folder. Raises `InputError` for an argument that names
    nothing, or nothing scored on `split`.
    """
    found: dict[tuple[Path, Identity], tuple[Path, Score]] = {}
    for argument in arguments:
        file, rows = _named(argument, scores_file)
        chosen = [row for row in rows if row.split == split]
        if not chosen:
            splits = ", ".join(sorted({row.split for row in rows}))
            raise InputError(f"{argument} has no score on the {split} split; it has some on: {splits}.")
        for row in chosen:
            found.setdefault((file.resolve(), identity(row)), (file, row))
    files = defaultdict(set)
    for file, row in found.values():
        files[row.checkpoint].add(file)
    folders = defaultdict(set)
    for file in {file for file, _ in found.values()}:
        folders[_name(file)].add(file)

    def label(file: Path, checkpoint: str) -> str:
        if len(files[checkpoint]) == 1:
            return checkpoint
        return f"{_name(file) if len(folders[_name(file)]) == 1 else file}:{checkpoint}"

    return [Scored(file, row, label(file, row.checkpoint)) for file, row in found.values()]


def samples_of(found: Sequence[Scored]) -> tuple[dict[Identity, list[Sample]], list[str]]:
    """Samples by the identity of the labelled score, and the labels of scores whose samples are not there."""
    there: dict[Identity, list[Sample]] = {}
    without = []
    for one in found:
        samples = _samples(one)
        if samples is None:
            without.append(one.label)
        else:
            there[identity(one.labelled)] = samples
    return there, list(dict.fromkeys(without))


def _samples(one: Scored) -> list[Sample] | None:
    """The samples of a score; None if there are none, or the file is damaged or of another score."""
    score = one.score
    path = samples_path_of(one.file.parent, score)
    if not path.exists():
        return None
    try:
        samples = read_samples(path)
    except (pa.ArrowInvalid, pa.ArrowKeyError, KeyError, ValueError):
        return None
    key = read_key(path) or {}
    if any(key.get(field, getattr(score, field)) != getattr(score, field) for field in KEY_FIELDS):
        return None
    means = problem_means(list(outcomes_by_problem(samples).values()))
    fits = len(means) == score.problems and math.isclose(mean(means), score.accuracy.value, abs_tol=1e-9)
    return samples if fits else None


def _named(argument: str, scores_file: Path) -> tuple[Path, list[Score]]:
    """The scores file behind an argument, and those of its rows that the argument names (some)."""
    path = Path(argument)
    if path.is_file():
        return path, _rows(path)
    if (path / "scores.jsonl").is_file():
        return path / "scores.jsonl", _rows(path / "scores.jsonl")
    if (path / "recipe.yaml").is_file():
        raise InputError(f"No checkpoint of {argument} has been scored yet.")
    if (path / "config.json").is_file():
        return _of_checkpoint(path, scores_file)
    folder, _, checkpoint = argument.rpartition(":")
    if folder and Path(folder).is_dir():
        return _of_run(Path(folder), checkpoint)
    if path.is_dir():
        raise InputError(f"{argument} is neither a run directory nor a checkpoint directory.")
    raise InputError(
        f"There is no {argument}; name a run directory, RUN:CHECKPOINT, a scores file "
        "or a checkpoint directory."
    )


def _rows(file: Path) -> list[Score]:
    with bad_input():
        rows = read_scores(file)
    if not rows:
        raise InputError(f"{file} holds no score.")
    return rows


def _of_run(run: Path, checkpoint: str) -> tuple[Path, list[Score]]:
    """The scores of one checkpoint of a run, by its id."""
    file = run / "scores.jsonl"
    rows = _rows(file)
    chosen = [row for row in rows if row.checkpoint == checkpoint]
    if not chosen:
        known = list(dict.fromkeys(row.checkpoint for row in rows))
        raise InputError(f"{run} has no scored checkpoint {checkpoint!r}; {one_of(checkpoint, known)}")
    return file, chosen


def _of_checkpoint(path: Path, scores_file: Path) -> tuple[Path, list[Score]]:
    """The scores of a checkpoint directory: by its id in the run it lies in, else by its weights."""
    name, digest = _facts(path)
    run = next((parent for parent in path.resolve().parents if (parent / "recipe.yaml").is_file()), None)
    if run is not None and name is not None:
        file = run / "scores.jsonl"
        chosen = [
            row for row in read_scores_of(file) if row.checkpoint == name and row.weights_digest == digest
        ]
        if chosen:
            return file, chosen
    chosen = [row for row in read_scores_of(scores_file) if row.weights_digest == digest]
    if not chosen:
        raise InputError(
            f"{path} has no score in {scores_file}; score it with `repro eval {path} --benchmark ...` first, "
            "or name its scores file with --scores."
        )
    return scores_file, chosen


def read_scores_of(file: Path) -> list[Score]:
    """The rows of a scores file; none if there is none. Raises `InputError` for damage in it."""
    with bad_input():
        return read_scores(file)


def _facts(path: Path) -> tuple[str | None, str]:
    """Id (None for a checkpoint of somebody else) and weights digest of a checkpoint directory."""
    file = path / "checkpoint.json"
    if not file.exists():
        from training.checkpoint import weights_digest  # with torch, which only this case needs

        return None, weights_digest(path)
    try:
        info = json.loads(file.read_text())
        return str(info["id"]), str(info["weights_digest"])
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"{file} is not readable ({error}).") from error


def _name(file: Path) -> str:
    """What a scores file is called: its run directory's name."""
    return file.resolve().parent.name if file.name == "scores.jsonl" else file.stem


def one_of(wrong: str, known: Sequence[str]) -> str:
    """The end of a sentence about a name that there is not."""
    close = difflib.get_close_matches(wrong, known, 1)
    return f"did you mean {close[0]!r}?" if close else f"choose from {', '.join(known)}."
