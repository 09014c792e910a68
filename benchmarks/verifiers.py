"""Our math verifier beside Math-Verify and a string grader, on the same labelled pairs.

    python benchmarks/verifiers.py [--easy 2000] [--hard 500] [--seed 0] [--file PAIRS.jsonl] [--json]

The pairs are MATH-like and made from seeded templates (`verifier_pairs.py`), so their labels are right by
construction. `--file` adds a mix of your own: lines of JSON with `answer`, `reference` and `label` (true or
false). Each verifier has a process of its own; they take turns, block by block, so that a noisy machine hits
all of them. Nothing else of this process runs meanwhile.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from verifier_pairs import Pair, mix

NAMES = {"ours": "k15-repro", "math-verify": "Math-Verify", "strings": "string grader"}
BLOCK = 50
"""Pairs that one verifier judges before it is the next one's turn."""
STARTS = 3
"""Fresh processes whose import and first verdict are timed; the fastest counts."""
GRADERS = Path(__file__).with_name("verifier_graders.py")


@dataclass(frozen=True)
class Start:
    """Seconds of processor time: the import alone, and until the first verdict."""

    import_: float
    first: float


@dataclass(frozen=True)
class Result:
    """One verifier on one mix. `seconds` are by the clock."""

    verifier: str
    mix: str
    pairs: int
    seconds: float
    per_second: float
    times_math_verify: float | None
    accuracy: float
    false_accepts: int
    false_rejects: int
    slowest_percent: float
    over_a_second: int
    timeouts: int
    errors: int


class Grader:
    """A verifier in its own process."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name = name
        self._process = process
        self.hello = self._read()

    def judge(self, pairs: list[Pair]) -> list[tuple[str, float]]:
        print(
            json.dumps([(pair.answer, pair.reference) for pair in pairs]),
            file=self._process.stdin,
            flush=True,
        )
        return [(verdict, seconds) for verdict, seconds in self._read()]

    def _read(self):
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"benchmarks/verifiers.py: the process of {self.name} ended.")
        return json.loads(line)


@contextmanager
def running(name: str) -> Iterator[Grader]:
    # -P: this file's folder must not come first in the import path, where it would stand for `verifiers`.
    command = [sys.executable, "-P", str(GRADERS), name]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        yield Grader(name, process)
        process.stdin.close()


def started(name: str) -> Start | None:
    """How long a fresh process takes; None where the verifier is not installed."""
    hellos = []
    for _ in range(STARTS):
        with running(name) as grader:
            hellos.append(grader.hello)
    if "missing" in hellos[0]:
        return None
    return Start(min(hello["import"] for hello in hellos), min(hello["first"] for hello in hellos))


def compare(name: str, pairs: list[Pair], verifiers: list[str]) -> list[Result]:
    """Every verifier's result on one mix."""
    found: dict[str, list[tuple[str, float]]] = {verifier: [] for verifier in verifiers}
    with ExitStack() as stack:
        graders = [stack.enter_context(running(verifier)) for verifier in verifiers]
        for place in range(0, len(pairs), BLOCK):
            for grader in graders:
                found[grader.name] += grader.judge(pairs[place : place + BLOCK])
    theirs = sum(seconds for _, seconds in found.get("math-verify", []))
    return [result(name, verifier, pairs, found[verifier], theirs) for verifier in verifiers]


def result(
    name: str, verifier: str, pairs: list[Pair], found: list[tuple[str, float]], theirs: float
) -> Result:
    times = [seconds for _, seconds in found]
    verdicts = Counter(verdict for verdict, _ in found)
    accepted = [verdict == "correct" for verdict, _ in found]
    total = sum(times)
    return Result(
        verifier=verifier,
        mix=name,
        pairs=len(pairs),
        seconds=total,
        per_second=len(pairs) / total,
        times_math_verify=theirs / total if theirs else None,
        accuracy=statistics.mean(yes == pair.label for yes, pair in zip(accepted, pairs, strict=True)),
        false_accepts=sum(yes and not pair.label for yes, pair in zip(accepted, pairs, strict=True)),
        false_rejects=sum(pair.label and not yes for yes, pair in zip(accepted, pairs, strict=True)),
        slowest_percent=sorted(times)[-max(1, len(times) // 100)],
        over_a_second=sum(seconds > 1 for seconds in times),
        timeouts=verdicts["timeout"],
        errors=verdicts["error"],
    )


def table(results: list[Result]) -> Table:
    shown = Table(title=f"{results[0].mix}: {results[0].pairs:,} pairs")
    for column in ("verifier", "answers/s", "× Math-Verify", "accuracy", "false accepts", "false rejects",
                   "99 % within", "over 1 s", "time-outs"):  # fmt: skip
        shown.add_column(column, justify="left" if column == "verifier" else "right")
    for row in results:
        times = "" if row.times_math_verify is None else f"{row.times_math_verify:,.1f}"
        shown.add_row(NAMES[row.verifier], f"{row.per_second:,.0f}", times, f"{row.accuracy:.2%}",
                      str(row.false_accepts), str(row.false_rejects), f"{row.slowest_percent * 1000:,.2f} ms",
                      str(row.over_a_second), str(row.timeouts))  # fmt: skip
    return shown


def start_table(starts: dict[str, Start]) -> Table:
    shown = Table(title="a fresh process (processor time)")
    for column in ("verifier", "import", "until the first verdict"):
        shown.add_column(column, justify="left" if column == "verifier" else "right")
    for name, start in starts.items():
        shown.add_row(NAMES[name], f"{start.import_:.3f} s", f"{start.first:.3f} s")
    return shown


def read_pairs(path: Path) -> list[Pair]:
    return [read_pair(line, f"line {number} of {path}") for number, line in enumerate(path.open("rb"), 1)]


def read_pair(line: bytes, where: str) -> Pair:
    try:
        row = json.loads(line)
        label = {True: True, False: False}[row["label"]]
        return Pair("file", str(row["answer"]), str(row["reference"]), label)
    except (ValueError, KeyError, TypeError):
        raise SystemExit(
            f"benchmarks/verifiers.py: {where} must be a JSON object with answer, reference and label "
            "(true or false)."
        ) from None


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--easy", type=int, default=2_000)
    parser.add_argument("--hard", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--file", type=Path, help="labelled pairs of your own, as JSON lines")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    mixes = {name: mix(name, count, arguments.seed)
             for name, count in (("easy", arguments.easy), ("hard", arguments.hard)) if count}  # fmt: skip
    if arguments.file:
        mixes[arguments.file.name] = read_pairs(arguments.file)
    starts = {name: start for name in NAMES if (start := started(name)) is not None}
    results = [compare(name, pairs, list(starts)) for name, pairs in mixes.items() if pairs]
    if arguments.json:
        figures = {"start": {name: asdict(start) for name, start in starts.items()},
                   "results": [asdict(row) for rows in results for row in rows]}  # fmt: skip
        print(json.dumps(figures, indent=2))
        return
    console = Console(width=None if sys.stdout.isatty() else 120)
    for shown in [*map(table, results), start_table(starts)]:
        console.print(shown)
    for name in NAMES.keys() - starts.keys():
        console.print(f"{NAMES[name]} is not installed and was left out.")


if __name__ == "__main__":
    main()
