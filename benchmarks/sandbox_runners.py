"""The runners that `sandbox.py` compares, each in a process of its own: `python sandbox_runners.py NAME WORKERS`.

Reads lines of JSON, each a list of tasks; answers each with the seconds of each task, what it printed, and the
processor time of all processes so far.
"""

import contextlib
import faulthandler
import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

SECONDS = 10
PYTHON = [sys.executable, "-I", "-S"]

Run = Callable[[str, str], str]
"""Source and standard input to what it printed."""


def plain_subprocess(folder: str) -> Run:
    """A fresh interpreter; protects from nothing."""
    return lambda source, stdin: fresh(PYTHON, folder, source, stdin)


def cold_bubblewrap(folder: str) -> Run:
    """A fresh bubblewrap with a fresh interpreter, as sandboxes without a pool start them."""
    from verifiers.sandbox import bubblewrap

    binds = []
    for path in ("/usr", "/lib", "/lib64", "/bin", sys.base_prefix, folder):
        binds += ["--ro-bind-try", path, path]
    program = bubblewrap.find()
    if program is None:
        raise ImportError("bubblewrap")
    command = [program, "--unshare-all", "--die-with-parent", "--as-pid-1", "--new-session", "--clearenv",
               "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", *binds, "--", bubblewrap.python(),
               *PYTHON[1:]]  # fmt: skip
    return lambda source, stdin: fresh(command, folder, source, stdin)


def fresh(command: list[str], folder: str, source: str, stdin: str) -> str:
    """One run of a file by a new process."""
    with tempfile.NamedTemporaryFile("w", suffix=".py", dir=folder) as file:
        file.write(source)
        file.flush()
        done = subprocess.run(
            [*command, file.name], input=stdin, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    return done.stdout


def in_the_style_of_livecodebench() -> Run:
    """A forked process per program, whose results come back by a manager's list; guards, but no isolation."""
    import numpy  # noqa: F401, as its evaluation does, and with the loading of its problems the other
    import pandas  # noqa: F401

    def run(source: str, stdin: str) -> str:
        manager = multiprocessing.Manager()
        result = manager.list()
        process = multiprocessing.Process(target=guarded, args=(source, stdin, result))
        process.start()
        process.join(SECONDS + 1)
        if process.is_alive():
            process.kill()
        printed = result[0] if result else ""
        manager.shutdown()
        return printed

    return run


PRELUDE = "".join(
    f"from {name} import *\n"
    for name in ("string", "re", "collections", "heapq", "bisect", "copy", "math", "random", "statistics", "itertools",
                 "functools", "operator", "io", "json", "builtins", "typing")
)  # fmt: skip
"""That runner puts imports ahead of each program."""


def guarded(source: str, stdin: str, result: list) -> None:
    """Take away what a program could do harm with, by its names, and execute it here."""
    faulthandler.disable()
    signal.alarm(SECONDS)
    for name in ("kill", "system", "putenv", "remove", "removedirs", "rmdir", "fork", "forkpty", "killpg", "rename",
                 "truncate", "unlink", "fchmod", "fchown", "chmod", "chown", "chroot", "getcwd", "chdir"):  # fmt: skip
        setattr(os, name, None)
    subprocess.Popen = None
    printed = io.StringIO()
    sys.stdin = io.StringIO(stdin)
    with contextlib.redirect_stdout(printed), contextlib.suppress(BaseException):
        exec(compile(PRELUDE + source, "solution", "exec"), {"__name__": "__main__"})
    signal.alarm(0)
    result.append(printed.getvalue())


def ours(workers: int) -> Run:
    """The sandbox's pool."""
    from verifiers.sandbox import Limits, LocalSandbox, Program, Stdin

    sandbox = LocalSandbox(workers=workers)
    limits = Limits(cpu_seconds=SECONDS)

    def run(source: str, stdin: str) -> str:
        [execution] = sandbox.run(Program(source), [Stdin(stdin.encode())], limits)
        return execution.stdout.decode()

    return run


def timed(run: Run, task: tuple[str, str]) -> tuple[float, str]:
    started = time.perf_counter()
    printed = run(*task)
    return time.perf_counter() - started, printed


def tree_seconds() -> float:
    """Processor time of this process, those it has started, and those that they have."""
    parents, ticks = {}, {}
    for name in os.listdir("/proc"):  # noqa: PTH208
        if name.isdigit():
            with contextlib.suppress(OSError):
                fields = Path("/proc", name, "stat").read_bytes().rpartition(b")")[2].split()
                parents[int(name)], ticks[int(name)] = int(fields[1]), sum(map(int, fields[11:15]))
    found = [os.getpid()]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return sum(ticks[process] for process in found) / os.sysconf("SC_CLK_TCK")


_run: Run | None = None


def in_a_worker(task: tuple[str, str]) -> tuple[float, str]:
    """The part of a worker process, which is forked with the runner made."""
    assert _run is not None
    return timed(_run, task)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        serve(sys.argv[1], int(sys.argv[2]), folder)


def serve(name: str, workers: int, folder: str) -> None:
    global _run
    started = time.perf_counter()
    try:
        run = {
            "ours": lambda: ours(workers),
            "subprocess": lambda: plain_subprocess(folder),
            "bubblewrap": lambda: cold_bubblewrap(folder),
            "livecodebench": in_the_style_of_livecodebench,
        }[name]()
    except ImportError as error:
        print(json.dumps({"missing": error.name or str(error)}), flush=True)
        return
    _, printed = timed(run, ("print(1)", ""))
    assert printed == "1\n", printed
    print(json.dumps({"first": time.perf_counter() - started}), flush=True)
    _run = run
    pool = ProcessPoolExecutor if name == "livecodebench" else ThreadPoolExecutor
    with pool(workers) as each:
        for line in sys.stdin:
            found = list(each.map(in_a_worker, map(tuple, json.loads(line))))
            print(json.dumps({"runs": found, "processor": tree_seconds()}), flush=True)


if __name__ == "__main__":
    main()
