"""The whole pipeline in real processes: an unbroken run, and one that is killed in every stage and resumed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from transformers import AutoModelForCausalLM, AutoTokenizer

from evals.store import samples_path_of, score_from_json

pytestmark = pytest.mark.slow
STAGES = ("sft", "curate", "long_cot_sft", "rl", "long2short")


def start(out: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "repro", "run", "smoke", "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(out: Path) -> str:
    process = start(out)
    output = process.communicate(timeout=600)[0]
    assert process.returncode == 0, output
    return output


def repro(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "repro", *map(str, arguments)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "run"
    run(out)
    return out


def kill_when(out: Path, ready: Callable[[], bool]) -> None:
    """Start the run and kill it, with SIGKILL, as soon as `ready` says."""
    process = start(out)
    deadline = time.monotonic() + 300
    while not ready():
        assert process.poll() is None, f"the run ended before it could be killed: {process.communicate()[0]}"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run killed at least once in every stage, then finished."""
    out = tmp_path_factory.mktemp("broken") / "run"
    stages = out / "stages"

    def any_of(pattern: str) -> Callable[[], bool]:
        return lambda: any(stages.glob(pattern))

    moments = {
        "sft": any_of("01-sft/state/[0-9]*"),
        "curate": any_of("02-curate"),
        "long_cot_sft": any_of("03-long_cot_sft/state/[0-9]*"),
        "rl": any_of("04-rl/state/000002"),
        "rl, while scoring": any_of("04-rl/checkpoints/0003"),
        "long2short, merging": any_of("05-long2short/checkpoints/merge-0.30"),
        "long2short, RL": any_of("05-long2short/rl/state/000001"),
    }
    for stage, ready in moments.items():
        kill_when(out, ready)
        name = stage.split(",")[0]
        folder = f"{STAGES.index(name) + 1:02d}-{name}"
        assert not (stages / folder / "done.json").exists(), f"the kill in {stage} came after its end"
    run(out)
    return out


def test_every_stage_leaves_checkpoints_that_transformers_loads(whole: Path) -> None:
    checkpoints = sorted(path.parent for path in whole.glob("stages/*/checkpoints/*/config.json"))
    assert len(checkpoints) >= 10
    for path in (checkpoints[0], checkpoints[-1]):
        AutoModelForCausalLM.from_pretrained(path)
        AutoTokenizer.from_pretrained(path)
    assert [path.parent.name[3:] for path in sorted(whole.glob("stages/*/done.json"))] == list(STAGES)


def test_every_checkpoint_is_scored_and_every_sample_kept(whole: Path) -> None:
    scores = [json.loads(line) for line in (whole / "scores.jsonl").read_text().splitlines()]
    saved = {
        json.loads(path.read_text())["id"] for path in whole.glob("stages/*/checkpoints/*/checkpoint.json")
    }
    ours = [score for score in scores if score["benchmark"] == "puzzles"]
    assert {score["checkpoint"] for score in ours if score["split"] == "test"} == saved
    for score in scores:
        path = samples_path_of(whole, score_from_json(json.dumps(score)))
        samples = pd.read_parquet(path)
        assert len(samples) == score["problems"] * score["samples_per_problem"]
        assert (samples.status == "correct").mean() == pytest.approx(score["accuracy"]["value"])
        assert samples.response_tokens.mean() == pytest.approx(score["response_tokens_mean"])
    parents = {score["checkpoint"]: score["parents"] for score in scores}
    assert parents["sft"] == []
    assert parents["long_cot_sft"] == ["sft"]
    assert parents["rl/0004"] == ["long_cot_sft"]
    assert parents["long2short/merge-0.30"] == ["rl/0004", "sft"]


def test_a_public_benchmark_is_scored_as_the_recipe_asks(whole: Path) -> None:
    scores = [json.loads(line) for line in (whole / "scores.jsonl").read_text().splitlines()]
    (row,) = [score for score in scores if score["protocol"]]
    assert (row["checkpoint"], row["benchmark"], row["protocol"]) == ("rl/0004", "humaneval", "chat-greedy")
    assert (row["problems"], row["sampling"]["max_tokens"]) == (4, 48)
    assert "the first 4 of 164 problems" in row["caveats"]
    report = (whole / "report.md").read_text()
    assert "## Public benchmarks" in report
    assert "humaneval (chat-greedy): the first 4 of 164 problems" in report


def test_train_validation_and_test_problems_are_disjoint(whole: Path) -> None:
    kept = [json.loads(line) for line in (whole / "stages/02-curate/prompts.jsonl").read_text().splitlines()]
    removed = [
        json.loads(line) for line in (whole / "stages/02-curate/removed.jsonl").read_text().splitlines()
    ]
    train = {problem["id"] for problem in kept} | {row["problem"]["id"] for row in removed}
    test = set(pd.read_parquet(whole / "samples" / "sft.puzzles.test.parquet").problem_id)
    validation = set(pd.read_parquet(whole / "samples" / "rl__0001.puzzles.validation.parquet").problem_id)
    assert train
    assert not train & test
    assert not train & validation
    assert not test & validation


def test_a_run_killed_in_every_stage_ends_with_the_same_bytes(whole: Path, broken: Path) -> None:
    assert (broken / "scores.jsonl").read_bytes() == (whole / "scores.jsonl").read_bytes()
    for path in sorted(whole.glob("samples/*.parquet")) + sorted(whole.glob("stages/*/metrics.jsonl")):
        assert (broken / path.relative_to(whole)).read_bytes() == path.read_bytes(), path.name
    leftovers = [path for path in broken.rglob("*") if path.name.endswith(".tmp")]
    assert leftovers == []


def test_equal_runs_give_equal_reports_but_for_the_timings(whole: Path, broken: Path) -> None:
    for run_dir in (whole, broken):
        repro("report", run_dir, "--no-timings")
    for name in ("report.html", "report.md", "report.json"):
        assert (broken / name).read_bytes() == (whole / name).read_bytes(), name


def test_the_report_is_rebuilt_byte_for_byte(whole: Path) -> None:
    repro("report", whole)
    first = {path.name: path.read_bytes() for path in whole.glob("report.*")}
    repro("report", whole)
    assert first == {path.name: path.read_bytes() for path in whole.glob("report.*")}
    assert set(first) == {"report.html", "report.md", "report.json"}


def test_a_finished_run_is_left_alone(whole: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in whole.glob("stages/**/*") if path.is_file()}
    assert "done already" in run(whole)
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_the_directory_of_another_recipe_is_refused_and_untouched(whole: Path) -> None:
    before = (whole / "recipe.yaml").read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "repro", "run", "smoke", "--set", "rl.tau=0.5", "--out", str(whole)],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert done.returncode == 2
    assert "rl.tau differ" in done.stderr
    assert "Traceback" not in done.stderr
    assert (whole / "recipe.yaml").read_bytes() == before
