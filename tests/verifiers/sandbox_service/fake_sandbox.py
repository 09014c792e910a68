"""A sandbox for tests of the service and its client, and a service around it: `python fake_sandbox.py SETTINGS`.

Its programs are one line: `echo`, `sleep SECONDS`, `bytes COUNT`, `crash`, `refuse`, `refuse INPUT`, `note FILE`
(append each input to it), `die FILE INPUT` (end the whole service at that input, unless FILE exists, which it
then does), `die always INPUT`.
"""

import json
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from verifiers.sandbox.types import Execution, Input, Limits, Program, Stdin


class FakeSandbox:
    def __init__(self) -> None:
        self._closed = threading.Event()

    def run(self, program: Program, inputs: Iterable[Input], limits: Limits) -> Iterator[Execution]:
        words = program.source.split()
        if words == ["refuse"]:
            raise ValueError("This sandbox refuses.")
        return (self._one(words or ["echo"], one) for one in inputs)

    def close(self) -> None:
        self._closed.set()

    def _one(self, words: list[str], one: Input) -> Execution:
        data = one.data if isinstance(one, Stdin) else repr(one).encode()
        name, *rest = words
        if name == "sleep" and self._closed.wait(float(rest[0])):
            return Execution("failed", "The sandbox is closed.")
        if name == "bytes":
            data = b"x" * int(rest[0])
        if name == "crash":
            raise RuntimeError("a bug of the sandbox")
        if name == "refuse" and data == rest[0].encode():
            raise ValueError("This sandbox refuses this input.")
        if name == "note":
            with Path(rest[0]).open("ab") as notes:
                notes.write(data + b"\n")
        if name == "die" and data == rest[1].encode() and not Path(rest[0]).exists():
            if rest[0] != "always":
                Path(rest[0]).touch()
            os._exit(9)
        return Execution("exited", "Ended by itself.", exit_code=0, stdout=data)


def main() -> None:
    from verifiers.sandbox.service import Bounds, Service
    from verifiers.sandbox.service_server import serve

    settings = json.loads(sys.argv[1])
    service = Service(FakeSandbox, Bounds(**settings["bounds"]), settings["token"], {"toolchains": {}})
    serve(service, settings["host"], settings["port"], settings["token"] is not None)


if __name__ == "__main__":
    main()
