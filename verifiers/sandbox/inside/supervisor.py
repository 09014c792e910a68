"""One run: the process that watches the program, as the first of a pid namespace of its own.

It is forked from the server, reads the job, prepares the namespace, forks the program and enforces what the
program may take: processor time of the whole tree, the clock, and output. When the program's process has ended
or a limit has struck, whatever else runs in the namespace is killed, and the result sent. The program cannot
reach this process: the kernel lets no signal through to the first process of a namespace, and it may not be
looked into.
"""

import mmap
import os
import signal
import socket
from collections.abc import Callable
from typing import NoReturn

from . import confine, frames, kernel, script, tests_side
from .job import Setting, job_from
from .run import Run, Stream, Streams


def supervise(line: int, ready: mmap.mmap, setting: Setting) -> NoReturn:
    """Read a job, run it, send its result, and end."""
    message = frames.receive(line)
    if message is None:
        os._exit(1)
    job = job_from(*message, setting)
    if not setting.isolated:
        kernel.die_with_parent(signal.SIGKILL)
        kernel.adopt_orphans()
    confine.make_private(job)
    confine.write_files(job)
    scratch = os.open(setting.scratch, os.O_PATH)
    run = Run(job, ready)
    _START[job.kind](run, line)
    os.close(run.stdout.write_end)
    os.close(run.stderr.write_end)
    limit = run.watch()
    run.end()
    result = run.result(limit, scratch)
    run.check_ready()
    frames.send(line, *result)
    os._exit(0)


def _start_script(run: Run, line: int) -> None:
    job = run.job

    def program(streams: Streams) -> Callable[[], object]:
        confine.become_program(job, streams, None)
        return (lambda: confine.execute(job)) if job.command else (lambda: script.run_script(job.source))

    stdin = run.feed(job.data)
    run.fork(program, stdin)
    os.close(stdin)


def _start_call(run: Run, line: int) -> None:
    job = run.job
    value = run.value = Stream(job.output_bytes)

    def program(streams: Streams) -> Callable[[], object]:
        answers = confine.become_program(job, streams, value.write_end)
        return lambda: script.run_call(
            job.source, job.function, job.data.decode("utf-8", "surrogatepass"), answers
        )

    stdin = run.feed(b"")
    run.fork(program, stdin)
    os.close(stdin)
    os.close(value.write_end)


def _start_check(run: Run, line: int) -> None:
    """The tests in a process of this namespace, the program in one of a namespace below, which sees only itself.

    The tests are read by their own process, so that no other has ever held them.
    """
    job = run.job
    tests_end, program_end = socket.socketpair()

    def tests(streams: Streams) -> Callable[[], object]:
        message = frames.receive(line)
        assert message is not None
        if job.setting.isolated:
            confine.make_private(job, processes=False)
        calls = confine.become_program(job, streams, tests_end.fileno())
        return lambda: tests_side.run_tests(
            job.function, message[1][0].decode("utf-8", "surrogatepass"), calls
        )

    def program(streams: Streams) -> Callable[[], object]:
        if job.setting.isolated:
            confine.make_private(job, scratch=False)
        calls = confine.become_program(job, streams, program_end.fileno())
        return lambda: script.serve_calls(job.source, job.function, calls)

    stdin = run.feed(b"")
    run.fork(tests, stdin)
    if job.setting.isolated:
        kernel.unshare(kernel.NEW_PIDS)
    run.fork(program, stdin)
    os.close(stdin)
    tests_end.close()
    program_end.close()


_START: dict[str, Callable[[Run, int], None]] = {
    "stdin": _start_script,
    "call": _start_call,
    "check": _start_check,
}
