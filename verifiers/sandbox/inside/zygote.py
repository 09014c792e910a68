"""The server inside: forks a supervisor for each run.

Started as `python -S -c 'from inside.zygote import serve; serve(ORDERS, JOBS, MARK)'` within bubblewrap, which gave it
namespaces of its own and the capabilities to make more of them; or, told to do without, as it is. Orders are
all that it reads. Programs and inputs come by the other line, which only supervisors read, so that nothing of
one program can be in the memory that the next one's process starts from.
"""

import gc
import mmap
import os
import signal
import site
import sys
from collections.abc import Callable

from . import confine, frames, kernel
from .job import KEEPER_ENDED, Setting
from .supervisor import supervise

PRELOADED = (
    "bisect", "builtins", "cmath", "collections", "collections.abc", "copy", "dataclasses", "datetime", "decimal",
    "enum", "fractions", "functools", "heapq", "io", "itertools", "json", "linecache", "math", "operator", "os",
    "random", "re", "statistics", "string", "sys", "textwrap", "threading", "time", "traceback", "typing",
)  # fmt: skip
"""What programs import most; imported before the fork, it costs them nothing."""


def serve(orders: int, jobs: int, mark: int) -> None:
    """Follow orders until their line closes.

    `mark` is a file whose one byte tells whoever gives the orders whether the last run got to its program.
    """
    # The first of a pid namespace gets the signals that it has a handler for.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.set_int_max_str_digits(0)  # in what runs here: in programs, whose time is bounded
    for name in PRELOADED:
        __import__(name)
    site.setquit()
    site.sethelper()
    _hide()
    kernel.forgo_capabilities_by_execution()
    os.set_inheritable(orders, False)
    os.set_inheritable(jobs, False)
    os.set_inheritable(mark, False)
    kernel.set_dumpable(False)
    message = frames.receive(orders)
    if message is None:
        return
    setting = Setting(filter=message[1][0], **message[0]["setting"])
    if setting.isolated:
        kernel.mount("none", "/", "", kernel.RECURSIVE | kernel.PRIVATE)
    else:
        kernel.die_with_parent(signal.SIGKILL)
    frames.send(jobs, {"ready": True})
    own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY)
    ready = mmap.mmap(-1, mmap.PAGESIZE)
    built = False
    gc.disable()
    gc.collect()
    gc.freeze()
    while (message := frames.receive(orders)) is not None:
        order = message[0]["do"]
        if order == "run":
            os.pwrite(mark, b"\0", 0)
            if not _run(own_pids, lambda: supervise(jobs, mark, ready, setting), setting):
                os._exit(KEEPER_ENDED)  # the line may hold half a message: whoever reads it must start anew
        elif order == "seal":
            confine.seal_build(setting)
        elif order == "prepare":
            if built:
                confine.forget_build(setting)
            if built := message[0]["bytes"] > 0:
                confine.prepare_build(setting, message[0]["bytes"])


def _hide() -> None:
    """Programs need not find this package, which stays in use."""
    for name in [name for name in sys.modules if name.partition(".")[0] == __package__]:
        del sys.modules[name]
    sys.path[-1] += "/packages"  # in place of the folder of this package, which stands there


def _run(own_pids: int, body: Callable[[], object], setting: Setting) -> bool:
    """Fork a supervisor that does `body`; whether it ended well."""
    if setting.isolated:
        kernel.unshare(kernel.NEW_PIDS)
    supervisor = os.fork()
    if supervisor == 0:
        try:
            body()
        except BaseException as error:
            os.write(2, f"sandbox: {error!r}\n".encode())
        finally:
            os._exit(1)
    if setting.isolated:
        kernel.children_join(own_pids)
    _, status = os.waitpid(supervisor, 0)
    confine.forget_scratch(setting)
    return status == 0
