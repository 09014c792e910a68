"""One run: the process that watches the program, as the first of a pid namespace of its own.

It is forked from the server, reads the job, prepares the namespace, forks the program and enforces what the
program may take: processor time of the whole tree, the clock, and output. When the program's process has ended
or a limit has struck, whatever else runs in the namespace is killed, and the result sent.

The program cannot reach this process. Where it is another user's, the kernel lets it do nothing to this one;
where it is the same user's, it is in a pid namespace below, from which this one cannot be named. Nor may this one
be looked into. Where memory runs out, the kernel ends processes of the program first, which they cannot change.
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


def supervise(line: int, mark: int, ready: mmap.mmap, setting: Setting) -> NoReturn:
    """Read a job, run it, send its result, and end. `mark` as for `zygote.serve`."""
    head = frames.receive_head(line)
    if head is None:
        os._exit(1)
    *sizes, size = head["sizes"]
    contents = [frames.receive_part(line, size) for size in sizes]
    given = os.memfd_create("stdin", os.MFD_CLOEXEC)
    if head["kind"] == "stdin":
        frames.copy_part(line, size, given)
        data = b""
    else:
        data = frames.receive_part(line, size)
    job = job_from(head, contents, data, setting)
    if not setting.isolated:
        kernel.die_with_parent(signal.SIGKILL)
        kernel.adopt_orphans()
    confine.make_private(job)
    confine.write_files(job)
    scratch = os.open(setting.scratch, os.O_PATH)
    run = Run(job, ready)
    # From its start; programs may also open it by name.
    stdin = os.open(f"/proc/self/fd/{given}", os.O_RDONLY)
    os.close(given)
    os.pwrite(mark, b"\1", 0)
    _START[job.kind](run, line, stdin)
    os.close(stdin)
    os.close(run.stdout.write_end)
    os.close(run.stderr.write_end)
    limit = run.watch()
    run.end()
    result = run.result(limit, scratch)
    try:
        run.check_ready()
    except RuntimeError:
        os.pwrite(mark, b"\0", 0)
        raise
    frames.send(line, *result)
    os._exit(0)


def _start_script(run: Run, line: int, stdin: int) -> None:
    job = run.job

    def program(streams: Streams) -> Callable[[], object]:
        confine.become_program(job, streams, None)
        return (lambda: confine.execute(job)) if job.command else (lambda: script.run_script(job.source))

    run.fork_program(program, stdin)


def _start_call(run: Run, line: int, stdin: int) -> None:
    job = run.job
    value = run.value = Stream(job.output_bytes)

    def program(streams: Streams) -> Callable[[], object]:
        answers = confine.become_program(job, streams, value.write_end)
        return lambda: script.run_call(
            job.source, job.function, job.data.decode("utf-8", "surrogatepass"), answers
        )

    run.fork_program(program, stdin)
    os.close(value.write_end)


def _start_check(run: Run, line: int, stdin: int) -> None:
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

    run.fork(tests, stdin)
    if job.setting.isolated:
        kernel.unshare(kernel.NEW_PIDS)
    run.fork(program, stdin)
    tests_end.close()
    program_end.close()


_START: dict[str, Callable[[Run, int, int], None]] = {
    "stdin": _start_script,
    "call": _start_call,
    "check": _start_check,
}
