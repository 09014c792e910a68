"""Our sandbox beside other ways to run a program, on the same programs.

    python benchmarks/sandbox.py [--runs 400] [--workers N] [--seed 0] [--json]

A plain `python -I -S` subprocess protects from nothing; a bubblewrap started cold for each run protects from
most; a runner in the style of LiveCodeBench's (a forked process and a manager per program) from little. Each
has a process of its own, with the same number of workers; they take turns, block by block, so that a noisy
machine hits all of them. Every run's output is compared with the right one.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sandbox_programs import Task, tasks

NAMES = {
    "ours": "k15-repro",
    "subprocess": "python -I -S, unprotected",
    "bubblewrap": "bubblewrap, cold",
    "livecodebench": "LiveCodeBench-style",
}
BLOCK = 40
"""Runs of one runner before it is the next one's turn."""
ALONE = 10
"""Runs one at a time, for the time that a single one takes, in each turn."""
RUNNERS = Path(__file__).with_name("sandbox_runners.py")


@dataclass(frozen=True)
class Result:
    """One runner. Seconds are by the clock, but for `processor`, of which each run takes so many."""

    runner: str
    runs: int
    per_second: float
    times_subprocess: float
    times_livecodebench: float
    processor: float
    alone: float
    first: float
    wrong: int


class Runner:
    """A way to run programs, in its own process."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name = name
        self._process = process
        self.hello = self._read()
        self.seconds = self.processor = 0.0
        self.runs = self.wrong = 0
        self.alone: list[float] = []

    def take_turn(self, block: list[Task]) -> None:
        before = self._ask([])["processor"]
        started = time.perf_counter()
        found = self._ask(block)
        self.seconds += time.perf_counter() - started
        self.processor += found["processor"] - before
        self.runs += len(block)
        self.wrong += sum(said != task.stdout for (_, said), task in zip(found["runs"], block, strict=True))
        for task in block[:ALONE]:
            [[seconds, _]] = self._ask([task])["runs"]
            self.alone.append(seconds)

    def _ask(self, block: list[Task]):
        print(json.dumps([(task.source, task.stdin) for task in block]), file=self._process.stdin, flush=True)
        return self._read()

    def _read(self):
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"benchmarks/sandbox.py: the process of {self.name} ended.")
        return json.loads(line)


@contextmanager
def running(name: str, workers: int) -> Iterator[Runner]:
    # -P: this file's folder must not come first in the import path, where it would hide the package's modules.
    command = [sys.executable, "-P", str(RUNNERS), name, str(workers)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Runner(name, process)
        process.stdin.close()


def compare(runs: int, workers: int, seed: int) -> list[Result]:
    with ExitStack() as stack:
        runners = [stack.enter_context(running(name, workers)) for name in NAMES]
        for runner in runners:
            if "missing" in runner.hello:
                raise SystemExit(
                    f"benchmarks/sandbox.py: {NAMES[runner.name]} lacks {runner.hello['missing']}."
                )
        for turn in range(max(1, runs // BLOCK)):
            block = [task for number in range(BLOCK) for task in tasks(seed * runs + turn * BLOCK + number)][
                :BLOCK
            ]
            for runner in runners:
                runner.take_turn(block)
    rates = {runner.name: runner.runs / runner.seconds for runner in runners}
    return [
        Result(
            runner=runner.name,
            runs=runner.runs,
            per_second=rates[runner.name],
            times_subprocess=rates[runner.name] / rates["subprocess"],
            times_livecodebench=rates[runner.name] / rates["livecodebench"],
            processor=runner.processor / runner.runs,
            alone=statistics.median(runner.alone),
            first=runner.hello["first"],
            wrong=runner.wrong,
        )
        for runner in runners
    ]


def table(results: list[Result], workers: int) -> Table:
    shown = Table(title=f"{results[0].runs:,} runs of short Python programs, {workers} at a time")
    for column in ("runner", "runs/s", "× subprocess", "× LiveCodeBench", "processor time of a run",
                   "one alone", "until the first is done", "wrong"):  # fmt: skip
        shown.add_column(column, justify="left" if column == "runner" else "right")
    for row in results:
        shown.add_row(NAMES[row.runner], f"{row.per_second:,.0f}", f"{row.times_subprocess:,.2f}",
                      f"{row.times_livecodebench:,.2f}", f"{row.processor * 1000:,.1f} ms",
                      f"{row.alone * 1000:,.1f} ms", f"{row.first * 1000:,.0f} ms", str(row.wrong))  # fmt: skip
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    results = compare(arguments.runs, arguments.workers, arguments.seed)
    if arguments.json:
        print(
            json.dumps({"workers": arguments.workers, "results": [asdict(row) for row in results]}, indent=2)
        )
        return
    Console(width=None if sys.stdout.isatty() else 140).print(table(results, arguments.workers))


if __name__ == "__main__":
    main()
