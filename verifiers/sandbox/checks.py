"""A caller's mistakes, found before anything runs."""

from dataclasses import fields
from pathlib import PurePosixPath

from verifiers.sandbox.types import LANGUAGES, Call, Check, Input, Limits, Program, Stdin

_MOST = 1 << 62


def check_program(program: Program) -> None:
    """Raise `ValueError` where a program cannot be one."""
    if program.language not in LANGUAGES:
        raise ValueError(
            f"Program.language is {program.language!r}; it must be one of {', '.join(LANGUAGES)}."
        )
    for name in program.files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
            raise ValueError(
                f"Program.files has {name!r}; names must be relative and stay within the folder."
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
