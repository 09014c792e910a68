"""A programming problem, as read from a folder. docs/test-cases.md describes the folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from verifiers.sandbox.types import Language

LANGUAGE_OF: Mapping[str, Language] = {
    ".py": "python",
    ".cpp": "cpp",
    ".java": "java",
    ".js": "javascript",
    ".ts": "typescript",
    ".php": "php",
    ".sh": "bash",
    ".cs": "csharp",
}
"""The language of a submission, by the end of its file's name."""

SHIPPED = Path(__file__).parent / "problems"
"""The problems that were written for this project."""

_KEYS = {"title", "time_limit", "special_judge", "samples", "rejected"}


@dataclass(frozen=True, slots=True)
class Case:
    """An input and the output that is right for it."""

    input: str
    output: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A program that somebody handed in. `accepted`: the site where it was handed in took it for right."""

    name: str
    language: Language
    source: str
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class CodingProblem:
    """A problem on standard input and output. `time_limit` is in seconds of processor time for one input.

    `special_judge` says why a program must judge its outputs, or is None. `generator` is a Python program that
    prints an input, or None where there is none yet. There are no labels here: see `read_labels`.
    """

    id: str
    title: str
    statement: str
    samples: tuple[Case, ...]
    submissions: tuple[Submission, ...]
    time_limit: float = 1.0
    special_judge: str | None = None
    generator: str | None = None


def read_problems(root: Path) -> list[CodingProblem]:
    """The problems in the folders of `root`, by name. Raises `ValueError` where one is none, or there are none."""
    if not root.is_dir():
        raise ValueError(f"There is no folder {root}.")
    folders = sorted(
        path for path in root.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))
    )
    if not folders:
        raise ValueError(f"{root} holds no problems: it should have a folder for each, with a problem.yaml.")
    return [read_problem(folder) for folder in folders]


def read_problem(folder: Path) -> CodingProblem:
    """The problem in `folder`. Raises `ValueError` with file and reason where it is none."""
    facts = _read_yaml(folder / "problem.yaml")
    if unknown := set(facts) - _KEYS:
        raise ValueError(
            f"{folder / 'problem.yaml'} has an unknown key {min(unknown)!r}; it may have {', '.join(sorted(_KEYS))}."
        )
    generator = folder / "generator.py"
    rejected = _names(folder, facts.get("rejected", []))
    try:
        return CodingProblem(
            id=folder.name,
            title=str(facts.get("title", folder.name)),
            statement=_text(folder / "statement.md"),
            samples=tuple(Case(str(one["input"]), str(one["output"])) for one in facts["samples"]),
            submissions=tuple(_submission(path, rejected) for path in _sources(folder)),
            time_limit=_seconds(facts.get("time_limit", 1.0)),
            special_judge=_reason(folder, facts.get("special_judge")),
            generator=_text(generator) if generator.exists() else None,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"{folder / 'problem.yaml'} needs samples, each with an input and an output; "
            "its time_limit is in seconds, below 3600."
        ) from error


def read_labels(folder: Path) -> dict[str, str | None]:
    """What is known of a problem's submissions: None for a right one, else what is wrong with it.

    Test cases are made without them: they only say afterwards how well the cases tell right from wrong. None
    are known where there is no labels.yaml. Raises `ValueError` where it is damaged.
    """
    path = folder / "labels.yaml"
    if not path.exists():
        return {}
    found = _read_yaml(path)
    _names(folder, found)
    return {name: None if text == "right" else str(text) for name, text in found.items()}


def _sources(folder: Path) -> list[Path]:
    found = sorted(path for path in (folder / "submissions").glob("*") if path.suffix in LANGUAGE_OF)
    if not found:
        raise ValueError(f"{folder / 'submissions'} holds no program ({', '.join(LANGUAGE_OF)}).")
    return found


def _submission(path: Path, rejected: set[str]) -> Submission:
    return Submission(path.name, LANGUAGE_OF[path.suffix], _text(path), path.name not in rejected)


def _names(folder: Path, named: Any) -> set[str]:
    """`named` as a set of submissions. Raises `ValueError` for one that is not there."""
    if not isinstance(named, list | dict):
        raise ValueError(f"{folder}: `rejected` is {named!r}; it must be a list of submissions.")
    names = {str(name) for name in named}
    if missing := names - {path.name for path in _sources(folder)}:
        raise ValueError(
            f"{folder} has no submission {min(missing)!r}, which problem.yaml or labels.yaml names."
        )
    return names


def _reason(folder: Path, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(
            f"{folder / 'problem.yaml'}: special_judge is {value!r}; it must say in words why one is needed."
        )
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 3600:
        raise TypeError("a time limit")
    return float(value)


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(_text(path))
    except yaml.YAMLError as error:
        raise ValueError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path} must be a mapping of names to values.")
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise ValueError(f"There is no file {path}.") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 text.") from error
