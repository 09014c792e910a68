"""Our benchmarks from the `lm_eval` command: its figures are those of our own judging of the same responses."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from adapter_libraries import library

library("lm_eval")
library("accelerate")
from lm_eval.tasks import TaskManager  # noqa: E402
from lm_eval_support import save_tiny  # noqa: E402

from evals.benchmarks import SPECS  # noqa: E402
from evals.lm_eval_tasks import asked_by_lm_eval, task_name, write_tasks  # noqa: E402
from evals.score import CheckpointFacts, score  # noqa: E402
from evals.store import append_score  # noqa: E402
from evals.types import Sample  # noqa: E402
from training.checkpoint import load_checkpoint  # noqa: E402
from training.lm_harness import LmEvalTask, run_task  # noqa: E402

AIME = [{"id": f"I-{n}", "problem": f"Which number is {n} ?", "answer": f"00{n}"} for n in range(1, 5)]
MMLU = [
    {"question": "Which number ?", "subject": subject, "choices": ["1", "2", "3", "4"], "answer": place}
    for place, subject in enumerate(["algebra", "algebra", "anatomy"])
]


def write_rows(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(scope="module")
def tasks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tasks")
    write_tasks(folder)
    return folder


def test_every_benchmark_and_protocol_that_it_can_ask_is_a_task_of_lm_eval(tasks):
    known = TaskManager(include_path=str(tasks), include_defaults=False).all_subtasks
    assert set(known) == {task_name(spec, protocol) for spec, protocol in asked_by_lm_eval()}
    assert {"k15_gsm8k", "k15_math500_sampled", "k15_codeforces_standings"} <= set(known)


def test_files_that_stand_for_nothing_any_more_are_removed_and_others_left(tasks, tmp_path):
    written = (tasks / "k15_gsm8k.yaml").read_text()
    (tmp_path / "k15_gone.yaml").write_text(written)
    (tmp_path / "k15_mine.yaml").write_text("task: k15_mine\n")
    write_tasks(tmp_path)
    assert not (tmp_path / "k15_gone.yaml").exists()
    assert (tmp_path / "k15_mine.yaml").exists()
    assert (tmp_path / "k15_gsm8k.yaml").read_text() == written


@pytest.mark.slow
def test_the_command_agrees_with_our_own_score(tmp_path):
    """Sampled responses, judged by `lm_eval` as it runs and afterwards by us."""
    info = save_tiny(tmp_path / "tiny")
    data = {
        "aime2024": str(write_rows(tmp_path / "aime.jsonl", AIME)),
        "mmlu": str(write_rows(tmp_path / "mmlu.jsonl", MMLU)),
    }
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "CUDA_VISIBLE_DEVICES": "",
    }
    made = subprocess.run(
        [sys.executable, "-m", "evals.lm_eval_tasks", str(tmp_path / "tasks")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    arguments = {
        "model": "hf", "model_args": f"pretrained={tmp_path / 'tiny'},dtype=float32", "device": "cpu",
        "include_path": made.stdout.strip(), "tasks": "k15_aime2024_mean-of-64,k15_mmlu", "batch_size": "64",
        "metadata": json.dumps({"data": data}), "gen_kwargs": "max_gen_toks=4", "output_path": str(tmp_path / "out"),
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-m", "lm_eval", "--apply_chat_template", "--log_samples"]
        + [part for name, value in arguments.items() for part in (f"--{name}", value)],
        capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    results = json.loads(next((tmp_path / "out").glob("**/results_*.json")).read_text())["results"]
    for task, name, protocol in [
        ("k15_aime2024_mean-of-64", "aime2024", "mean-of-64"),
        ("k15_mmlu", "mmlu", None),
    ]:
        log = next((tmp_path / "out").glob(f"**/samples_{task}_*.jsonl")).read_text()
        ours = score_of(SPECS[name].benchmark(data=Path(data[name]), protocol=protocol), log, info)
        assert results[task]["acc,none"] == ours.accuracy.value
        assert results[task]["no_answer,none"] == ours.status_shares["no_answer"]
        for k, value in list(ours.pass_at_k.items())[1:]:
            assert results[task][f"pass@{k},none"] == pytest.approx(value, abs=1e-12)
        for measure, figure in ours.measures.items():
            assert results[task][f"{measure},none"] == figure.value
    assert 0 < results["k15_aime2024_mean-of-64"]["acc,none"] < 1


def score_of(benchmark, log, info):
    """Our score of the responses in a log of lm-eval."""
    from evals.judge import judge

    rows = [json.loads(line) for line in log.splitlines()]
    problems = benchmark.load()
    assert [row["doc"]["id"] for row in rows] == [problem.id for problem in problems]
    assert {len(row["resps"][0]) for row in rows} == {benchmark.samples_per_problem}
    answers = [(p, text, None) for p, row in zip(problems, rows, strict=True) for text in row["resps"][0]]
    samples = [
        Sample(problem.id, number, text, 0, "stop", verdict, 0, problem.tags)
        for number, ((problem, text, _), verdict) in enumerate(zip(answers, judge(answers), strict=True))
    ]
    facts = CheckpointFacts(info.id, info.stage, None, (), info.weights_digest)
    return score(samples, checkpoint=facts, benchmark=benchmark, data_digest="d", split="test", seed=0)


def test_our_task_through_lm_eval_is_our_verifiers_score(tasks, tmp_path):
    """Both ways at once: `run_task` on a task file of ours."""
    info = save_tiny(tmp_path / "tiny")
    data = write_rows(tmp_path / "aime.jsonl", AIME)
    model, tokenizer = load_checkpoint(tmp_path / "tiny")
    task = LmEvalTask(
        "k15_aime2024_mean-of-64", include_path=tasks, max_tokens=4, metadata={"data": str(data)}
    )
    facts = CheckpointFacts(info.id, info.stage, None, (), info.weights_digest)
    scores = tmp_path / "scores.jsonl"
    made = run_task(model, tokenizer, facts, task, scores=scores, batch=64)
    append_score(scores, made)
    assert (made.problems, made.samples_per_problem, made.metric) == (4, 64, "avg@k")
    assert made.sampling == replace(SPECS["aime2024"].protocol("mean-of-64").sampling, max_tokens=4)
    assert 0 < made.accuracy.value < 1
    assert made.pass_at_k["64"] == pytest.approx(made.measures["pass@64,none"].value)
