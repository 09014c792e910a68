"""Running the command line, and small run directories to run it on."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.run import data_digest
from evals.score import CheckpointFacts, score
from evals.store import append_score, samples_path, write_samples
from evals.types import Benchmark, Message, Problem, Sample, Sampling
from verifiers import Verdict

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "OMP_NUM_THREADS": "1",
    "COLUMNS": "80",
    "HF_HUB_OFFLINE": "1",
    "TERM": "dumb",
}


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    def refused(self, *words: str) -> None:
        """Bad input: exit code 2, nothing on standard output, one sentence on standard error with `words`."""
        assert (self.code, self.out) == (2, ""), self
        assert self.err.startswith("repro: "), self
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        for word in words:
            assert word in self.err, self.err


def repro(*argv: object, cwd: Path = ROOT, stdin: str = "", before: str = "", **options) -> Result:
    """Run the command in a process of its own; `before` is Python that it runs first."""
    start = ["-c", f"import sys; sys.argv[0] = 'repro'\n{before}\nfrom repro.__main__ import main; main()"]
    done = subprocess.run(
        [sys.executable, *(start if before else ["-m", "repro"]), *map(str, argv)],
        cwd=cwd,
        env=ENVIRONMENT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        **options,
    )
    return Result(done.returncode, done.stdout, done.stderr)


class Server:
    """`repro` for commands that need torch, which is imported once (see cli_server.py)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("cli_server.py"))],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *argv: object, cwd: Path = ROOT, before: str = "") -> Result:
        request = {"argv": [str(a) for a in argv], "cwd": str(cwd), "before": before}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return Result(**json.loads(self._process.stdout.readline()))

    def python(self, code: str, cwd: Path = ROOT) -> str:
        """Run Python where torch is there already; returns what it printed."""
        done = self(cwd=cwd, before=code)
        assert done.code == 0, done.err
        return done.out

    def close(self) -> None:
        self._process.communicate(timeout=30)


# --- Run directories ----------------------------------------------------------------------------------------


def problems(count: int) -> list[Problem]:
    return [
        Problem(f"p{i:03d}", (Message("user", f"Question {i}?"),), "yes", "text", {"family": "toy"})
        for i in range(count)
    ]


def add_score(
    run: Path,
    checkpoint: str,
    right: Sequence[int],
    *,
    benchmark: str = "toy",
    split: str = "test",
    stage: str = "rl",
    tokens: int = 20,
    temperature: float = 1.0,
    weights: str = "",
    samples: bool = True,
) -> None:
    """Add a score with one sample to each problem, right where `right` says 1, and the samples."""
    asked = problems(len(right))
    made = Benchmark(benchmark, "1", "", lambda: asked, Sampling(temperature, max_tokens=64), 1)
    drawn = [
        Sample(
            problem_id=problem.id,
            sample_index=0,
            response="<answer> yes </answer>",
            response_tokens=tokens,
            finish_reason="stop",
            verdict=Verdict("correct" if ok else "wrong", float(ok), "yes", "exact", "It is.", "text", "1"),
            seed=0,
            tags=dict(problem.tags),
        )
        for problem, ok in zip(asked, right, strict=True)
    ]
    facts = CheckpointFacts(checkpoint, stage, None, (), weights or f"sha256:{checkpoint}")
    row = score(drawn, checkpoint=facts, benchmark=made, data_digest=data_digest(asked), split=split, seed=0)
    append_score(run / "scores.jsonl", row)
    if samples:
        key = {
            "weights_digest": facts.weights_digest,
            "data_digest": row.data_digest,
            "sampling": asdict(row.sampling),
        }
        path = samples_path(run, checkpoint, benchmark, split)
        write_samples(path, drawn, {p.id: p.prompt[0].content for p in asked}, key)


def make_run(root: Path) -> Path:
    """A run of two checkpoints: `rl/0010` solves 30 problems of 40 and `sft` 10 of them."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "recipe.yaml").write_text("name: toy\nseed: 0\n")
    add_score(root, "sft", [1] * 10 + [0] * 30, stage="sft", tokens=10)
    add_score(root, "rl/0010", [1] * 30 + [0] * 10)
    add_score(root, "rl/0010", [1] * 5, split="validation")
    return root
