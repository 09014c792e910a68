"""`repro eval`."""

import json
import shutil

import pytest
from cli_support import repro

SMALL = ("--problems-per-level", "2", "--max-tokens", "8")


@pytest.fixture
def evaluate(warm, checkpoint, tmp_path):
    """`repro eval` of the tiny checkpoint on a few problems, in a folder of its own."""

    def run(*more, of=checkpoint, before="", small=True):
        return warm("eval", of, *(SMALL if small else ()), *more, cwd=tmp_path, before=before)

    return run


@pytest.fixture
def ours(warm, checkpoint, tmp_path):
    """The tiny checkpoint with the description that a run gives its own."""
    digest = warm.python(
        "import pathlib, training.checkpoint\n"
        f"print(training.checkpoint.weights_digest(pathlib.Path({str(checkpoint)!r})), end='')"
    )
    path = shutil.copytree(checkpoint, tmp_path / "0010")
    info = {
        "id": "rl/0010",
        "stage": "rl",
        "iteration": 10,
        "parents": ["long_cot_sft"],
        "recipe_digest": "",
        "seed": 0,
    }
    (path / "checkpoint.json").write_text(json.dumps(info | {"weights_digest": digest}))
    return path


def test_a_checkpoint_of_somebody_else_in_a_process_of_its_own(checkpoint, tmp_path):
    done = repro(
        "eval",
        checkpoint,
        "--benchmark",
        "puzzles",
        *SMALL,
        "--samples",
        "2",
        "--seed",
        "1",
        "--json",
        cwd=tmp_path,
    )
    assert done.code == 0, done.err
    (row,) = done.json["scores"]
    assert (row["checkpoint"], row["stage"], row["parents"], row["iteration"]) == (
        "somebody-elses",
        "external",
        [],
        None,
    )
    assert (row["benchmark"], row["split"], row["problems"], row["samples_per_problem"]) == (
        "puzzles",
        "test",
        8,
        2,
    )
    assert (row["sampling"]["max_tokens"], row["seed"]) == (8, 1)
    assert done.json["scores_file"] == "scores.jsonl"
    assert json.loads((tmp_path / "scores.jsonl").read_text())["weights_digest"] == row["weights_digest"]
    assert (tmp_path / "samples" / "somebody-elses.puzzles.test.parquet").exists()
    assert "Loading" not in done.err  # no bars of transformers


def test_several_benchmarks_into_one_file_and_again(evaluate, tmp_path):
    first = evaluate("--benchmark", "countdown", "--benchmark", "ordering", "--benchmark", "countdown")
    assert first.code == 0, first.err
    assert "somebody-elses, 2 benchmarks" in first.out
    assert "The scores are in scores.jsonl." in first.err
    rows = (tmp_path / "scores.jsonl").read_bytes()
    assert rows.count(b"\n") == 2
    again = evaluate("--benchmark", "countdown", "--benchmark", "ordering", "--json")
    assert [row["benchmark"] for row in again.json["scores"]] == ["countdown", "ordering"]
    assert again.err.count("already") == 2
    assert (tmp_path / "scores.jsonl").read_bytes() == rows


def test_what_a_stop_left_is_not_drawn_again(evaluate, tmp_path):
    more = ("--benchmark", "puzzles", "--batch", "3", "--scores", "out/mine.jsonl")
    stop = """
import training.engine.local as local
whole, calls = local.LocalEngine.generate, []
def generate(self, requests, *rest):
    calls.append(len(requests))
    if len(calls) == 3:
        raise KeyboardInterrupt
    return whole(self, requests, *rest)
local.LocalEngine.generate = generate
"""
    stopped = evaluate(*more, before=stop)
    assert (stopped.code, stopped.out) == (130, "")
    assert stopped.err.splitlines()[-1] == "repro: stopped. The same command goes on from here."
    assert not (tmp_path / "out" / "mine.jsonl").exists()
    resumed = evaluate(*more, "--json", before=stop)  # 2 of 8 are left, so that it is not stopped
    assert resumed.code == 0, resumed.err
    assert (
        evaluate("--benchmark", "puzzles", "--batch", "8", "--json").json["scores"] == resumed.json["scores"]
    )


def test_our_own_checkpoint_has_its_id_and_stage(evaluate, ours):
    (row,) = evaluate("--benchmark", "puzzles", "--json", "--split", "validation", of=ours).json["scores"]
    assert (row["checkpoint"], row["stage"], row["iteration"]) == ("rl/0010", "rl", 10)
    assert (row["parents"], row["split"]) == (["long_cot_sft"], "validation")


def test_the_samples_of_another_evaluation_are_kept(evaluate, checkpoint, tmp_path):
    assert evaluate("--benchmark", "puzzles").code == 0
    kept = (tmp_path / "samples" / "somebody-elses.puzzles.test.parquet").read_bytes()
    for more in (("--temperature", "0"), ("--samples", "2"), ("--seed", "5")):
        evaluate("--benchmark", "puzzles", *more).refused(
            "already holds a score of somebody-elses", "--scores"
        )
    evaluate("--benchmark", "puzzles", "--seed", "5", "--scores", "b.jsonl").refused(
        "samples of another evaluation"
    )
    other = shutil.copytree(checkpoint, tmp_path / "elsewhere" / "somebody-elses")
    weights = bytearray((other / "model.safetensors").read_bytes())
    weights[-2] ^= 1
    (other / "model.safetensors").write_bytes(weights)
    evaluate("--benchmark", "puzzles", of=other).refused("with other weights")
    assert (tmp_path / "samples" / "somebody-elses.puzzles.test.parquet").read_bytes() == kept
    assert (
        evaluate("--benchmark", "puzzles", "--temperature", "0", "--scores", "greedy/scores.jsonl").code == 0
    )


def test_scored_and_then_compared(evaluate, checkpoint, warm, tmp_path):
    assert evaluate("--benchmark", "puzzles").code == 0
    found = warm("compare", checkpoint, "--json", cwd=tmp_path).json
    assert [row["checkpoint"] for row in found["scores"]] == ["somebody-elses"]


def test_a_public_benchmark_is_scored_in_several_ways_in_one_file(evaluate, tmp_path):
    rows = [{"question": f"What is {n} + {n}?", "answer": f"It is.\n#### {2 * n}"} for n in range(1, 7)]
    (tmp_path / "test.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    before = """
import training.engine.local as local
whole = local.LocalEngine.generate
def generate(self, requests, *rest):
    print("drawn", len(requests), file=__import__("sys").stderr)
    return whole(self, requests, *rest)
local.LocalEngine.generate = generate
"""

    def run(*more):
        done = evaluate(
            "--benchmark", "gsm8k", "--data", "test.jsonl", "--json", *more, before=before, small=False
        )
        assert done.code == 0, done.err
        drawn = [int(line.split()[1]) for line in done.err.splitlines() if line.startswith("drawn")]
        (row,) = done.json["scores"]
        return sum(drawn), row

    short = ("--max-tokens", "8")
    assert run(*short, "--limit", "2")[0] == 2
    drawn, whole = run(*short)
    assert (drawn, whole["problems"]) == (4, 6)  # two are in the cache
    assert run(*short, "--samples", "2")[0] == 6
    assert run(*short)[0] == 0
    drawn, other = run(*short, "--dtype", "bfloat16")
    assert (drawn, whole["engine"], other["engine"]) == (6, "local float32", "local bfloat16")
    assert len((tmp_path / "scores.jsonl").read_text().splitlines()) == 4
    assert len(list((tmp_path / "samples").glob("*.parquet"))) == 4


def test_newer_verifiers_judge_the_stored_samples_again(evaluate, tmp_path):
    (old,) = evaluate("--benchmark", "countdown", "--json").json["scores"]
    before = """
import verifiers.countdown
verifiers.countdown.VERSION = "99"
verifiers.countdown._SELF = type(verifiers.countdown._SELF)("countdown", "99")
from verifiers import batch  # in this process, where the verifier is newer
batch.Workers.verify_batch = lambda self, items, workers, **options: map(batch.judge, items)
import training.engine.local as local
def generate(*arguments): raise AssertionError("drawn again")
local.LocalEngine.generate = generate
"""
    (new,) = evaluate("--benchmark", "countdown", "--json", before=before).json["scores"]
    assert (list(old["verifiers"]), new["verifiers"]) == (["countdown"], {"countdown": "99"})
    assert old | {"verifiers": new["verifiers"]} == new
    (row,) = (tmp_path / "scores.jsonl").read_text().splitlines()
    assert json.loads(row)["verifiers"] == {"countdown": "99"}


def test_a_changed_chat_template_is_another_model(evaluate, checkpoint, tmp_path):
    assert evaluate("--benchmark", "puzzles").code == 0
    other = shutil.copytree(checkpoint, tmp_path / "elsewhere" / "somebody-elses")
    config = json.loads((other / "tokenizer_config.json").read_text())
    if (other / "chat_template.jinja").exists():
        (other / "chat_template.jinja").write_text((other / "chat_template.jinja").read_text() + " ")
    else:
        config["chat_template"] += " "
        (other / "tokenizer_config.json").write_text(json.dumps(config))
    evaluate("--benchmark", "puzzles", of=other).refused("with other settings")


def test_an_option_without_effect_is_refused(evaluate):
    for option in (
        ("--budget", "1"),
        ("--tensor-parallel", "2"),
        ("--few-shot", "1"),
        ("--no-chat",),
    ):
        evaluate("--benchmark", "puzzles", *option).refused(
            option[0].removeprefix("--no-"), "has no effect here"
        )


def test_programs_without_a_sandbox_are_refused(evaluate, tmp_path):
    before = """
import verifiers.sandbox
from verifiers.sandbox import SandboxUnavailable
def shared(): raise SandboxUnavailable("bubblewrap is not installed.")
verifiers.sandbox.shared = shared
"""
    there = sorted(tmp_path.iterdir())
    evaluate("--benchmark", "programs", before=before).refused(
        "the sandbox runs", "bubblewrap is not installed"
    )
    assert sorted(tmp_path.iterdir()) == there
    assert evaluate("--benchmark", "ordering", before=before).code == 0


def test_bad_input_is_one_sentence(evaluate, checkpoint, ours, tmp_path):
    there = sorted(tmp_path.iterdir())
    evaluate("--benchmark", "puzles").refused("no benchmark 'puzles'", "puzzles, countdown, ordering")
    few = "import evals.benchmarks\nevals.benchmarks.LEVELS_OF = {'puzzles': ('countdown-2',)}"
    too_many = ("--benchmark", "puzzles", "--problems-per-level", "250")
    evaluate(*too_many, before=few).refused("countdown-2 has only")
    evaluate("--benchmark", "puzzles", of="nowhere").refused("no checkpoint directory or .gguf file nowhere")
    evaluate("--benchmark", "puzzles", of=".").refused("no model weights")
    evaluate("--benchmark", "puzzles", "--device", "gpu").refused("no device 'gpu'")
    assert sorted(tmp_path.iterdir()) == there


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda path: (path / "model.safetensors").write_bytes(b"x" * 100), "digest"),
        (lambda path: (path / "model.safetensors").unlink(), "no model weights"),
        (lambda path: (path / "checkpoint.json").write_text("{"), "checkpoint.json is not readable"),
        (
            lambda path: (path / "checkpoint.json").unlink() or (path / "config.json").write_text("{"),
            "cannot be loaded",
        ),
        (
            lambda path: (path / "checkpoint.json").unlink() or (path / "tokenizer.json").write_text("{"),
            "cannot be loaded",
        ),
    ],
)
def test_a_corrupt_checkpoint_is_one_sentence(evaluate, ours, tmp_path, damage, word):
    damage(ours)
    evaluate("--benchmark", "puzzles", of=ours).refused(word)
    assert not (tmp_path / "samples").exists()


def test_damaged_scores_are_found_before_anything_is_drawn(evaluate, tmp_path):
    (tmp_path / "scores.jsonl").write_text("[]\n")
    evaluate("--benchmark", "puzzles").refused("scores.jsonl, line 1")
    assert not (tmp_path / "samples").exists()


def test_a_full_disk_is_one_sentence(evaluate, tmp_path):
    full = """
import errno, os, evals.files
def fsync(descriptor): raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
evals.files.os.fsync = fsync
"""
    evaluate("--benchmark", "puzzles", before=full).refused(
        "No space left on device while writing", "parquet"
    )
    assert not (tmp_path / "scores.jsonl").exists()
