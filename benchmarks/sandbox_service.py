"""The sandbox through its service on loopback beside the sandbox itself, for 1, 4 and 16 client threads.

    python -P benchmarks/sandbox_service.py [--requests 300] [--seconds 10] [--inputs 1] [--rounds 3] [--json]

A request is a small Python program on `--inputs` inputs. Both have as many workers as there are cores; they take
turns, round by round, so that a noisy machine hits both, and the median round counts. A round ends after
`--requests` requests or `--seconds` seconds. The clients share the cores with what they measure, as a trainer on
the same machine does.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

from verifiers.sandbox import Limits, LocalSandbox, Program, Sandbox, Stdin
from verifiers.sandbox.client import RemoteSandbox

THREADS = (1, 4, 16)
PROGRAM = Program("print(sum(int(word) for word in input().split()))")
INPUT, OUTPUT = Stdin(b"1 2 3 4 5\n"), b"15\n"


@dataclass(frozen=True)
class Result:
    """One way at one number of client threads. Latencies are of a whole request, in milliseconds."""

    way: str
    threads: int
    requests: int
    per_second: float
    of_direct: float
    median_ms: float
    p95_ms: float
    p99_ms: float


@contextmanager
def service(workers: int) -> Iterator[str]:
    """The URL of a service in a process of its own."""
    command = [sys.executable, "-m", "repro", "sandbox", "serve", "--port", "0", "--workers", str(workers)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        first = process.stderr.readline()
        if '"listening"' not in first:
            raise SystemExit(f"benchmarks/sandbox_service.py: {first.strip()}")
        threading.Thread(target=lambda: list(process.stderr), daemon=True).start()
        yield json.loads(first)["url"]
    finally:
        process.terminate()
        process.wait(60)


def load(
    sandbox: Sandbox, threads: int, requests: int, seconds: float, inputs: int
) -> tuple[list[float], float]:
    """The seconds that each request took, and all of them together."""
    numbers, latencies = itertools.count(), []
    end = time.perf_counter() + seconds

    def work() -> None:
        while next(numbers) < requests and time.perf_counter() < end:
            begun = time.perf_counter()
            outputs = [one.stdout for one in sandbox.run(PROGRAM, [INPUT] * inputs, Limits())]
            latencies.append(time.perf_counter() - begun)
            if outputs != [OUTPUT] * inputs:
                raise SystemExit("benchmarks/sandbox_service.py: a program printed something else.")

    begun = time.perf_counter()
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return latencies, time.perf_counter() - begun


def compare(ways: dict[str, Sandbox], threads: int, arguments: argparse.Namespace) -> list[Result]:
    rounds: dict[str, list[tuple[list[float], float]]] = {way: [] for way in ways}
    for _ in range(arguments.rounds):
        for way, sandbox in ways.items():
            rounds[way].append(
                load(sandbox, threads, arguments.requests, arguments.seconds, arguments.inputs)
            )
    rates = {
        way: statistics.median(len(latencies) / total for latencies, total in found)
        for way, found in rounds.items()
    }
    results = []
    for way, found in rounds.items():
        times = sorted(1000 * one for latencies, _ in found for one in latencies)
        results.append(
            Result(
                way=way,
                threads=threads,
                requests=len(times),
                per_second=rates[way],
                of_direct=rates[way] / rates["direct"],
                median_ms=times[len(times) // 2],
                p95_ms=times[len(times) * 95 // 100],
                p99_ms=times[len(times) * 99 // 100],
            )
        )
    return results


def table(results: list[Result], workers: int, inputs: int) -> Table:
    shown = Table(title=f"{workers} workers, {inputs} inputs a request")
    for column in ("threads", "way", "requests/s", "of direct", "median", "95 % within", "99 % within"):
        shown.add_column(column, justify="left" if column == "way" else "right")
    for row in results:
        shown.add_row(str(row.threads), row.way, f"{row.per_second:,.0f}", f"{row.of_direct:.2f}",
                      f"{row.median_ms:,.1f} ms", f"{row.p95_ms:,.1f} ms", f"{row.p99_ms:,.1f} ms")  # fmt: skip
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--inputs", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    workers = len(os.sched_getaffinity(0))
    with service(workers) as url, LocalSandbox(workers) as direct, RemoteSandbox(url) as remote:
        ways: dict[str, Sandbox] = {"direct": direct, "service": remote}
        for sandbox in ways.values():
            load(sandbox, workers, 10, arguments.seconds, 1)  # what starts late starts now
        results = [row for threads in THREADS for row in compare(ways, threads, arguments)]
    if arguments.json:
        print(json.dumps({"workers": workers, "results": [asdict(row) for row in results]}, indent=2))
    else:
        Console(width=None if sys.stdout.isatty() else 100).print(table(results, workers, arguments.inputs))


if __name__ == "__main__":
    main()
