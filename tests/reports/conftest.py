"""A synthetic run directory that is true to docs/run-directory.md: small, seeded, no training."""

import json
import math
import random
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from evals.types import Interval, Sampling, Score, Slice

BENCHMARK = "embedded"
LEVELS = {
    "countdown": {"countdown-2": 0.25, "countdown-3": 0.5, "countdown-4": 0.85},
    "ordering": {"ordering-4": 0.35, "ordering-6": 0.6},
}
CLAIMS = {
    "C1": {
        "rule": {"min_checkpoints": 4},
        "text": "Over RL checkpoints without penalty, the slopes of accuracy and of mean response tokens "
        "over iterations lie above 0, and the hardest level lengthens faster than the easiest.",
    },
    "C2": {
        "rule": {"min_checkpoints": 4},
        "text": "The slope of accuracy on mean response tokens lies above 0.",
    },
    "C3": {
        "rule": {"margin": 0.03},
        "text": "Long2short RL keeps the long model's accuracy within 3 points, and no other method is both "
        "as accurate and as short.",
    },
}
PROBLEMS_PER_LEVEL = 24
SAMPLES = 4


def _problems(split: str) -> list[dict[str, Any]]:
    rng = random.Random(f"problems-{split}")
    rows = []
    for family, levels in LEVELS.items():
        for level, hardness in levels.items():
            for i in range(PROBLEMS_PER_LEVEL):
                numbers = [rng.randint(1, 13) for _ in range(int(level[-1]))]
                target = rng.randint(10, 99)
                prompt = (
                    f"Use {' '.join(map(str, numbers))} to make {target} ."
                    if family == "countdown"
                    else f"Order {' '.join(map(str, numbers))} by the rule {target} ."
                )
                rows.append(
                    {
                        "id": f"{family}:{level}:{i:03d}",
                        "prompt": prompt,
                        "hardness": min(0.98, max(0.02, hardness + rng.gauss(0, 0.12))),
                        "tags": {"family": family, "level": level},
                    }
                )
    return rows


def _responses(
    checkpoint: str, split: str, skill: float, length: float, seed: int, cap: int
) -> list[dict[str, Any]]:
    rng = random.Random(f"{checkpoint}-{split}-{seed}")
    rows = []
    for problem in _problems(split):
        chance = 1 / (1 + math.exp(-6 * (skill - problem["hardness"])))
        for k in range(SAMPLES):
            correct = rng.random() < chance
            tokens = int(max(6, length * (0.35 + 1.5 * problem["hardness"]) * rng.lognormvariate(0, 0.35)))
            status = "correct" if correct else rng.choice(["wrong", "wrong", "wrong", "no_answer"])
            finish = "stop"
            if tokens >= cap:
                tokens, status, finish = cap, "truncated", "length"
            if status == "wrong" and rng.random() < 0.02:
                finish = "repeat"
            steps = [
                f"try {rng.randint(1, 13)} * {rng.randint(1, 13)} = {rng.randint(1, 120)} , no"
                for _ in range(tokens // 9)
            ]
            answer = f"( {rng.randint(1, 13)} + {rng.randint(1, 13)} ) * {rng.randint(1, 13)}"
            shown = answer if status in ("correct", "wrong") else None
            rows.append(
                {
                    "problem_id": problem["id"],
                    "sample_index": k,
                    "prompt": problem["prompt"],
                    "response": "plan : reach the target\n"
                    + "\n".join(steps)
                    + (f"\nanswer {answer}" if shown else ""),
                    "response_tokens": tokens,
                    "finish_reason": finish,
                    "status": status,
                    "score": 1.0 if status == "correct" else 0.0,
                    "answer": shown,
                    "layer": "expression" if shown else "extract",
                    "reason": {
                        "correct": "The expression uses each number once and equals the target.",
                        "wrong": f"The expression equals {rng.randint(1, 99)}, not the target.",
                        "no_answer": "There is no `answer` line.",
                        "truncated": "The response was cut at the token limit before an answer.",
                    }[status],
                    "verifier": "countdown",
                    "verifier_version": "1",
                    "seed": rng.randint(0, 2**31),
                    "tags": json.dumps(problem["tags"]),
                }
            )
    return rows


def _interval(rows: list[dict[str, Any]]) -> Interval:
    by: dict[str, list[float]] = {}
    for r in rows:
        by.setdefault(r["problem_id"], []).append(r["score"])
    means = [sum(v) / len(v) for v in by.values()]
    mean = sum(means) / len(means)
    sd = math.sqrt(sum((m - mean) ** 2 for m in means) / (len(means) - 1))
    half = 1.96 * sd / math.sqrt(len(means))
    return Interval(mean, max(0.0, mean - half), min(1.0, mean + half))


def _score(
    checkpoint: str,
    stage: str,
    iteration: int | None,
    parents: list[str],
    split: str,
    rows: list[dict[str, Any]],
    cap: int,
) -> Score:
    tokens = sorted(r["response_tokens"] for r in rows)
    slices = {}
    for family, levels in LEVELS.items():
        for tag, wanted in [(f"family={family}", family), *((f"level={x}", x) for x in levels)]:
            mine = [r for r in rows if wanted in json.loads(r["tags"]).values()]
            slices[tag] = Slice(
                _interval(mine),
                len({r["problem_id"] for r in mine}),
                len(mine),
                sum(r["response_tokens"] for r in mine) / len(mine),
                sum(r["finish_reason"] == "length" for r in mine) / len(mine),
            )
    share = lambda key, names: {n: sum(r[key] == n for r in rows) / len(rows) for n in names}  # noqa: E731
    accuracy = _interval(rows)
    return Score(
        checkpoint=checkpoint,
        stage=stage,
        iteration=iteration,
        parents=tuple(parents),
        weights_digest=f"sha256:{random.Random(checkpoint).getrandbits(256):064x}",
        benchmark=BENCHMARK,
        benchmark_version="1",
        data_digest=f"sha256:{random.Random(split).getrandbits(256):064x}",
        split=split,
        sampling=Sampling(1.0, 1.0, 0, cap),
        seed=0,
        problems=len({r["problem_id"] for r in rows}),
        samples_per_problem=SAMPLES,
        accuracy=accuracy,
        pass_at_k={"1": accuracy.value, "4": min(1.0, accuracy.value + 0.15)},
        response_tokens_mean=sum(tokens) / len(tokens),
        response_tokens_percentiles={
            str(p): float(tokens[int(p / 100 * (len(tokens) - 1))]) for p in (50, 90, 99)
        },
        status_shares=share("status", ["correct", "wrong", "no_answer", "truncated", "timeout", "error"]),
        finish_shares=share("finish_reason", ["stop", "length", "repeat"]),
        by_tag=slices,
    )


def _write_jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r, sort_keys=True) + "\n" for r in rows), encoding="utf-8")


def checkpoints() -> list[tuple[str, str, int | None, list[str], float, float]]:
    """(id, stage, iteration, parents, skill, mean length) of every checkpoint of the synthetic run."""
    rows: list[tuple[str, str, int | None, list[str], float, float]] = [
        ("sft", "sft", None, [], 0.18, 14),
        ("long_cot_sft", "long_cot_sft", None, ["sft"], 0.42, 120),
    ]
    parent = "long_cot_sft"
    for i in range(10, 61, 10):
        name = f"rl/{i:04d}"
        rows.append((name, "rl", i, ["long_cot_sft"], 0.42 + 0.38 * (1 - math.exp(-i / 30)), 120 + 1.1 * i))
        parent = name
    rows += [
        ("long2short/merge-0.30", "long2short", None, [parent, "sft"], 0.72, 150),
        ("long2short/merge-0.50", "long2short", None, [parent, "sft"], 0.62, 95),
        ("long2short/merge-0.70", "long2short", None, [parent, "sft"], 0.35, 40),
        ("long2short/control-short", "long2short", None, [], 0.2, 15),
        ("long2short/control-merge", "long2short", None, [parent, "long2short/control-short"], -0.4, 180),
        ("long2short/shortest_rejection", "long2short", None, [parent], 0.70, 112),
        ("long2short/merge_rejection", "long2short", None, ["long2short/merge-0.50"], 0.66, 90),
        ("long2short/dpo", "long2short", None, [parent], 0.68, 100),
        ("long2short/rl/0010", "long2short", 10, [parent], 0.78, 110),
        ("long2short/rl/0020", "long2short", 20, [parent], 0.80, 84),
    ]
    return rows


def make_run(
    root: Path, *, upto: int | None = None, timings_seed: int = 0, cap: int = 320, rl: str = "up"
) -> Path:
    """Write the run; `upto` keeps only the first checkpoints, `rl="flat"` takes RL's trend away."""
    root.mkdir(parents=True, exist_ok=True)
    recipe = {
        "name": "countdown",
        "seed": 0,
        "claims": CLAIMS,
        "rl": {"k": 8, "tau": 0.02, "length_normalised": False},
    }
    (root / "recipe.yaml").write_text(yaml.safe_dump(recipe, sort_keys=True), encoding="utf-8")
    environment = {
        "command": "repro run countdown --seed 0",
        "revision": "4545b10cafe4545b10cafe4545b10cafe4545b10",
        "revision_dirty": False,
        "python": "3.11.2",
        "packages": {"numpy": "2.4.6", "tokenizers": "0.23.3", "torch": "2.13.0", "transformers": "5.23.0"},
        "machine": {"processor": "Intel Xeon", "cores": 2, "memory_gib": 24, "accelerator": None},
        "recipe_digest": f"sha256:{random.Random('recipe').getrandbits(256):064x}",
    }
    (root / "environment.json").write_text(json.dumps(environment), encoding="utf-8")
    made = checkpoints()[:upto]
    (root / "samples").mkdir(exist_ok=True)
    scores = []
    for name, stage, iteration, parents, skill, length in made:
        if rl == "flat" and stage == "rl":
            skill, length = 0.5, 130
        for split in ("validation", "test"):
            rows = _responses(name, split, skill, length, 0, cap)
            path = root / "samples" / f"{name.replace('/', '__')}.{BENCHMARK}.{split}.parquet"
            pq.write_table(pa.Table.from_pylist(rows), path)
            scores.append(asdict(_score(name, stage, iteration, parents, split, rows, cap)))
    _write_jsonl(root / "scores.jsonl", scores)
    stages = root / "stages"
    present = {stage for _, stage, *_ in made}
    rng = random.Random(7)
    for number, stage in enumerate(("sft", "curate", "long_cot_sft", "rl", "long2short"), 1):
        if stage not in present and stage != "curate":
            continue
        here = stages / f"{number:02d}-{stage}"
        here.mkdir(parents=True, exist_ok=True)
        if upto is None or stage in ("sft", "curate"):
            (here / "done.json").write_text("{}", encoding="utf-8")
        if stage in ("sft", "long_cot_sft"):
            _write_jsonl(
                here / "metrics.jsonl",
                [
                    {"step": s, "loss": 3 * math.exp(-s / 40) + 0.4, "learning_rate": 1e-3, "tokens": 8192}
                    for s in range(0, 120, 4)
                ],
            )
        if stage == "rl":
            _write_jsonl(here / "metrics.jsonl", [_rl_row(i, rng) for i in range(1, 61)])
        if stage == "long2short":
            _write_jsonl(
                here / "dpo" / "metrics.jsonl",
                [
                    {"step": s, "loss": 0.69 - s / 300, "learning_rate": 1e-5, "tokens": 4096}
                    for s in range(40)
                ],
            )
    if "sft" in present:
        summary = {
            "candidates": 3000,
            "kept": 1210,
            "removed": {"trivial": 610, "guessable": 842, "excluded": 0, "unbalanced": 338},
            "by_tag": {
                f"level={x}": {"candidates": 600, "kept": 200 + 20 * n, "mean_pass_rate": 0.8 - 0.15 * n}
                for n, x in enumerate(y for levels in LEVELS.values() for y in levels)
            },
            "pass_rate_histogram": [760, 310, 240, 190, 170, 150, 140, 130, 150, 150, 610],
        }
        (stages / "02-curate" / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    clock = random.Random(timings_seed)
    pieces = [
        ("sft", "train", 2_500_000),
        ("sft", "score", 40_000),
        ("curate", "rollout", 300_000),
        ("long_cot_sft", "train", 900_000),
        ("rl", "rollout", 3_100_000),
        ("rl", "train", 2_600_000),
        ("rl", "score", 400_000),
        ("long2short", "train", 700_000),
        ("long2short", "rollout", 600_000),
        ("long2short", "merge", None),
    ]
    _write_jsonl(
        root / "timings.jsonl",
        [{"stage": s, "what": w, "seconds": 10 + 80 * clock.random(), "tokens": t} for s, w, t in pieces],
    )
    return root


def _rl_row(i: int, rng: random.Random) -> dict[str, Any]:
    accuracy = 0.35 + 0.4 * (1 - math.exp(-i / 30)) + rng.gauss(0, 0.015)
    return {
        "iteration": i,
        "accuracy": accuracy,
        "reward_mean": accuracy,
        "response_tokens_mean": 120 + 1.1 * i + rng.gauss(0, 4),
        "response_tokens_p90": 210 + 1.4 * i,
        "truncated_share": 0.04,
        "repeat_share": 0.01,
        "groups": 64,
        "zero_variance_groups": rng.randint(8, 22),
        "groups_pending": 0,
        "length_penalty_weight": 0.0,
        "loss": 0.2,
        "log_ratio_mean": -0.02 + rng.gauss(0, 0.01),
        "log_ratio_abs_mean": 0.08 + abs(rng.gauss(0, 0.02)),
        "sampler_gap_mean": 2e-6,
        "sampler_gap_max": 4e-5,
        "canary_gap": 1e-6,
        "minibatches": 2,
        "status_shares": {"correct": accuracy, "wrong": 1 - accuracy},
        "by_tag": {"level=countdown-4": {"accuracy": accuracy - 0.2, "responses": 128}},
        "length_normalised": False,
    }


@pytest.fixture(scope="session")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run. Do not write into it."""
    return make_run(tmp_path_factory.mktemp("runs") / "countdown-seed0")


@pytest.fixture
def new_run(tmp_path: Path) -> Callable[..., Path]:
    """Make a run of one's own, with `make_run`'s options."""

    def make(name: str = "run", **options: Any) -> Path:
        return make_run(tmp_path / name, **options)

    return make
