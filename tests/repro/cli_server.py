"""Runs `python -m repro` many times for one import of torch: each command in a fork of this process.

A request is a line of JSON (argv, cwd, before: Python run first; no argv: nothing else is run); the reply has
the exit code and the output.
"""

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

import pandas  # noqa: F401
import rich.table  # noqa: F401

import evals.beside
import evals.compare  # noqa: F401
import reports.build
import reports.html  # noqa: F401
import repro.cli
import repro.commands.scored
import repro.pipeline  # noqa: F401
import training.engine.local  # noqa: F401
from repro.__main__ import main


def child(request: dict, out: int, err: int) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.chdir(request["cwd"])
    sys.argv = ["repro", *request["argv"]]
    code = 1
    try:
        exec(request["before"], {})
        if request["argv"]:
            main()
        code = 0
    except SystemExit as stop:
        code = stop.code or 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def serve() -> None:
    replies = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            pid = os.fork()
            if pid == 0:
                child(json.loads(line), out.fileno(), err.fileno())
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            texts = []
            for stream in (out, err):
                stream.seek(0)
                texts.append(stream.read().decode())
        replies.write(json.dumps({"code": code, "out": texts[0], "err": texts[1]}) + "\n")
        replies.flush()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    serve()
