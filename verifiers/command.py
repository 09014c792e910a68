"""What the commands `python -m verifiers` and `repro verify` have in common: how their arguments are read."""

import json
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
        if not name.isidentifier() or not equals:
            raise ValueError(f"An option is written name=value, not {pair[:200]!r}.")
        try:
            options[name] = json.loads(value)
        except ValueError:
            options[name] = value
    return options
