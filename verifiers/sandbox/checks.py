"""A caller's mistakes, found before anything runs."""

from collections.abc import Collection
from dataclasses import fields

from verifiers.sandbox.types import LANGUAGES, Call, Check, Input, Limits, Program, Stdin

_MOST = 1 << 62
_LONGEST_NAME = 255
_LONGEST_PATH = 1000


def check_program(program: Program) -> None:
    """Raise `ValueError` where a program cannot be one."""
    if program.language not in LANGUAGES:
        raise ValueError(
            f"Program.language is {program.language!r}; it must be one of {', '.join(LANGUAGES)}."
        )
    for name in program.files:
        _check_name(name, program.files)


def _check_name(name: str, names: Collection[str]) -> None:
    """Raise `ValueError` where no file can have the name, or another one has it as its folder."""
    parts = name.split("/")
    if not name or name.startswith("/") or ".." in parts or "\0" in name:
        raise ValueError(f"Program.files has {name!r}; names must be relative and stay within the folder.")
    if "" in parts or "." in parts:
        raise ValueError(f"Program.files has {name!r}; a name has no empty part and no part '.'.")
    if any("\ud800" <= letter <= "\udfff" for letter in name):
        raise ValueError(f"Program.files has {name!r}; a name must be Unicode text, without lone surrogates.")
    if len(name.encode()) > _LONGEST_PATH or any(len(part.encode()) > _LONGEST_NAME for part in parts):
        raise ValueError(
            f"Program.files has a name of {len(name)} characters, {name[:40]!r}…; "
            f"a part may have {_LONGEST_NAME} bytes, all of it {_LONGEST_PATH}."
        )
    for end in range(1, len(parts)):
        if (folder := "/".join(parts[:end])) in names:
            raise ValueError(
                f"Program.files has {name!r} and {folder!r}, which would be a file and a folder."
            )


def check_limits(limits: Limits) -> None:
    """Raise `ValueError` where a limit is no number above zero that a machine could keep."""
    for item in fields(limits):
        value = getattr(limits, item.name)
        whole = not item.name.endswith("_seconds")
        if not isinstance(value, int if whole else int | float) or not 0 < value < _MOST:
            kind = "a whole number" if whole else "a number"
            raise ValueError(
                f"Limits.{item.name} is {value!r}; it must be {kind} above 0 and below {_MOST:,}."
            )


def check_input(one: Input, program: Program) -> None:
    """Raise `ValueError` where the input is not one for the program."""
    if not isinstance(one, (Stdin, Call, Check)):
        raise ValueError(f"An input is a {type(one).__name__}; it must be a Stdin, a Call or a Check.")
    if isinstance(one, (Call, Check)) and program.language != "python":
        raise ValueError(
            f"A {type(one).__name__} is an input for Python programs, and this one's language is {program.language}."
        )
