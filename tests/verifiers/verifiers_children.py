"""A worker for the tests of `verifiers.process`."""

import os
import signal
import time

from verifiers.process import serve


def serve_main():
    serve(answer)


def answer(question):
    if question == "sleep":
        time.sleep(60)
    if question == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if question == "print":
        print("this must not disturb the pipe", flush=True)
    return question
