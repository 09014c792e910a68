"""What the commands `python -m verifiers` and `repro verify` have in common: their arguments, and where output goes."""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any


def parse_reference(kind: str, text: str) -> Any:
    """A reference as given on a command line: a JSON object or list as such, except for math, else the text.

    >>> parse_reference("text", '["Danube", "Donau"]'), parse_reference("math", "[1, 2]")
    (['Danube', 'Donau'], '[1, 2]')
    """
    if kind == "math" or not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def parse_options(pairs: Iterable[str]) -> dict[str, Any]:
    """Options given as `name=value`: values are JSON where they can be, else text.

    >>> parse_options(["timeout=2.5", "units=required"])
    {'timeout': 2.5, 'units': 'required'}

    Raises `ValueError` for what is no pair.
    """
    options = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not all(part.isidentifier() for part in name.split(".")) or not equals:
            raise ValueError(f"An option is written name=value, not {pair[:200]!r}.")
        try:
            options[name] = json.loads(value)
        except ValueError:
            options[name] = value
    return options


def shows_progress(out: str | None) -> bool:
    """Whether progress goes to standard error: on a terminal on which no verdicts are printed.

    They are printed unless they go to the file `out`.
    """
    return sys.stderr.isatty() and (out is not None or not sys.stdout.isatty())


def drop_output() -> None:
    """Let what is still to be written to standard output go nowhere: its reader has ended, or its disk is full."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
