"""The tests' side of a check: their own process, where the program's function is a stand-in.

What comes over the line is the program's and may be anything; only plain values and built-in exceptions are
made of it. Where the program's process is gone, or breaks the line, this process ends at once with
`PROGRAM_ENDED`, so that no `except` of the tests can take that for something else.
"""

import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from . import frames, plain
from .script import end

PROGRAM_ENDED = 99


def run_tests(function: str, tests: str, line: int) -> NoReturn:
    """Execute the tests with a stand-in under the function's name; exits with 0 where they run to their end."""
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    namespace[function.rpartition(".")[2]] = stand_in(function, line)
    end(lambda: exec(compile(tests, "tests", "exec", dont_inherit=True), namespace))


def stand_in(name: str, line: int) -> Callable[..., Any]:
    """A function that has the program's process do the work."""

    def call(*arguments: Any, **named: Any) -> Any:
        try:
            question = plain.dump([list(arguments), named])
        except plain.NotPlain as error:
            raise TypeError(f"The tests give {name} {error}, which cannot cross to the program.") from None
        head, parts = _ask(line, question)
        if "raised" in head and len(parts) == 1:
            raise plain.exception(head["raised"], parts[0])
        if "refused" in head:
            raise TypeError(f"{name} returned something that is no plain value.")
        if len(parts) not in (1, 2):
            _gone("broke the line to its tests")
        try:
            value = plain.load(parts[0])
            after = plain.load(parts[1]) if len(parts) == 2 else []
        except plain.NotPlain:
            _gone("broke the line to its tests")
        if isinstance(after, list):
            for argument, changed in zip(arguments, after):  # noqa: B905
                plain.update(argument, changed)
        return value

    call.__name__ = call.__qualname__ = name.rpartition(".")[2]
    return call


def _ask(line: int, question: bytes) -> tuple[dict[str, Any], list[bytes]]:
    try:
        frames.send(line, {}, [question])
        answer = frames.receive(line)
    except (OSError, frames.LineBroken):
        answer = None
    if answer is None:
        _gone("ended before its tests did")
    return answer


def _gone(how: str) -> NoReturn:
    sys.stdout.flush()
    os.write(2, f"The program {how}.\n".encode())
    os._exit(PROGRAM_ENDED)
