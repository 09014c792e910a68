"""The program's side, for Python: run as a script, answer one call, or answer the calls of tests.

All of it is in the program's own process, so nothing here is secret or trusted.
"""

# Part of every run, where pathlib takes time.
# ruff: noqa: PTH120

import atexit
import builtins
import contextlib
import gc
import io
import json
import os
import random
import sys
import threading
import types
from collections.abc import Callable
from typing import Any, NoReturn

from . import plain, remote


def run_script(source: str) -> NoReturn:
    """Run the source as `__main__`, and end as an interpreter does."""
    end(lambda: load(source, "__main__"))


def run_call(source: str, function: str, arguments: str, line: int) -> NoReturn:
    """Load the source, call the function with a JSON array of arguments, write what it returns as JSON."""

    def call() -> None:
        found = find(load(source, "program"), function)
        value = plain.to_json(found(*json.loads(arguments)))
        if value is not None:
            left = memoryview(value.encode())
            while left:
                left = left[os.write(line, left) :]

    end(call)


def serve_calls(source: str, function: str, line: int) -> NoReturn:
    """Load the source and answer calls of the function until the other side is gone."""

    def serve() -> None:
        namespace = load(source, "program")
        found: dict[str, Callable[..., Any]] = {}

        def named(name: str) -> Callable[..., Any]:
            if name == function and name not in found:
                try:
                    found[name] = find(namespace, name)
                except (
                    Exception
                ) as error:  # the end of the program: no test is to take it for what a call raises
                    _report(error)
                    raise SystemExit(1) from None
            return found[name] if name in found else remote.class_called(name, namespace)

        remote.Side(line, _leave, named).serve()

    end(serve)


def _leave(how: str) -> NoReturn:
    """The tests are gone, or do not understand this process any more."""
    raise SystemExit(1)


def load(path: str, name: str) -> dict[str, Any]:
    """The namespace of the source at `path`, executed as a module of this name."""
    module = types.ModuleType(name)
    module.__dict__.update(__builtins__=builtins, __file__=path)
    sys.modules[name] = module
    sys.argv[:] = [path]
    sys.path[:] = [os.path.dirname(path), *sys.path]
    random.seed(0)
    gc.enable()
    with io.open_code(path) as file:
        source = file.read()
    exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
    return module.__dict__


def find(namespace: dict[str, Any], function: str) -> Callable[..., Any]:
    """`f`, or `C.f` of an instance of `C`. Raises `NameError` where the program has no such thing."""
    first, _, rest = function.partition(".")
    if first not in namespace:
        raise NameError(f"name {first!r} is not defined")
    found = namespace[first]
    for name in rest.split(".") if rest else ():
        if isinstance(found, type):
            found = found()
        found = getattr(found, name)
    return found  # type: ignore[no-any-return]


def end(body: Callable[[], object]) -> NoReturn:
    """Do `body`, then what an interpreter does at its end, and exit with its code."""
    code = 0
    try:
        body()
    except SystemExit as stop:
        code = _exit_code(stop.code)
    except BaseException as error:
        code = 130 if isinstance(error, KeyboardInterrupt) else 1
        _report(error)
    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    except BaseException as error:
        code = code or 1
        _report(error)
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except BaseException:
            code = code or 120
    _flush_what_was_replaced()
    os._exit(code)


def _flush_what_was_replaced() -> None:
    """What a program put aside or opened itself is written when the interpreter lets go of it."""
    own = vars(sys.modules["__main__"]).values()
    for stream in (sys.__stdout__, sys.__stderr__, *(value for value in own if isinstance(value, io.IOBase))):
        with contextlib.suppress(BaseException):
            if stream is not None and not stream.closed and stream.writable():
                stream.flush()


def _exit_code(said: object) -> int:
    if said is None:
        return 0
    if isinstance(said, int):
        return said & 0xFF
    try:
        print(said, file=sys.stderr)
    except BaseException:
        return 1
    return 1


def _report(error: BaseException) -> None:
    """As the interpreter does, without the frames of this folder."""
    place, ours = error.__traceback__, os.path.dirname(__file__)
    while place is not None and place.tb_frame.f_code.co_filename.startswith(ours):
        place = place.tb_next
    with contextlib.suppress(BaseException):  # reported at the end, by the exit code
        sys.stdout.flush()
    try:
        sys.excepthook(type(error), error.with_traceback(place), place)
    except BaseException:
        sys.__excepthook__(type(error), error, place)
