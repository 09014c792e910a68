"""The tests' side of a check: their own process, where the program's function is a stand-in.

What comes over the line is the program's and may be anything; only plain values, built-in exceptions and stand-ins
for objects are made of it (see `remote`). Where the program's process is gone, or breaks the line, this process ends
at once with `PROGRAM_ENDED`, so that no `except` of the tests can take that for something else.
"""

import builtins
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from . import plain
from .remote import Refused, Side, made
from .script import end

PROGRAM_ENDED = 99


def run_tests(function: str, tests: str, line: int) -> NoReturn:
    """Execute the tests with a stand-in under the function's name; exits with 0 where they run to their end."""
    side = Side(line, _gone, guarded=True)
    namespace = _Names(side, {"__name__": "__main__", "__builtins__": __builtins__})
    namespace[function.rpartition(".")[2]] = stand_in(function, side)
    end(lambda: exec(compile(tests, "tests", "exec", dont_inherit=True), namespace))


class _Names(dict[str, Any]):
    """The tests' names. One that they do not define may be a module of Python's own, or a class of the program.

    Nothing else of the program is looked up, or tests that call a function which only the program defines would
    leave their judgement to it.
    """

    def __init__(self, side: Side, names: dict[str, Any]) -> None:
        super().__init__(names)
        self._side = side

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name) or name.startswith("_"):
            raise KeyError(name)
        if name in sys.stdlib_module_names:
            self[name] = importlib.import_module(name)
        else:
            try:
                self[name] = _maker(self._side.ask("find", name))
            except (NameError, Refused):
                raise KeyError(name) from None
        return self[name]


def _maker(found: Any) -> Callable[..., Any]:
    """For the tests to call in place of a class of the program's."""

    def make(*arguments: Any, **named: Any) -> Any:
        return made(found(*arguments, **named))

    return make


def stand_in(name: str, side: Side) -> Callable[..., Any]:
    """A function that has the program's process do the work."""

    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return side.ask("call", name, list(arguments), named)
        except plain.NotPlain as error:
            raise TypeError(f"The tests give {name} {error}, which cannot cross to the program.") from None
        except Refused:
            raise TypeError(f"{name} returned something that cannot cross.") from None

    call.__name__ = call.__qualname__ = name.rpartition(".")[2]
    return call


def _gone(how: str) -> NoReturn:
    sys.stdout.flush()
    os.write(2, f"The program {how}.\n".encode())
    os._exit(PROGRAM_ENDED)
