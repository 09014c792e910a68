"""A worker for the tests of `verifiers.process`."""

import atexit
import os
import re
import signal
import time
from pathlib import Path

from verifiers.process import serve


def serve_main():
    serve(answer)


def answer(question):
    """What is asked, after some mischief."""
    if question == "processes":
        return os.getpid(), os.getppid()
    if isinstance(question, Path):
        atexit.register(question.touch)  # as a sandbox removes what it has made
    elif question in MISCHIEF:
        MISCHIEF[question]()
    return question


def spin():
    while True:
        pass


def be_busy():
    started = time.process_time()
    while time.process_time() - started < 0.15:
        pass


MISCHIEF = {
    "sleep": lambda: time.sleep(3600),
    "spin": spin,
    "busy": be_busy,
    "regex": lambda: re.match("(a|aa)+b", "a" * 100),  # in C, without a look at signals or other threads
    "power": lambda: str(7**10**9),
    "die": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda: os._exit(3),
    "print": lambda: print("this must not disturb the line", flush=True),
}
