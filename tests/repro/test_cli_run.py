"""`repro run`: what it is given and what becomes of it. Training itself is not tested here."""

import json

import pytest
import yaml

TRAIN = {"optimizer": {"learning_rate": 0.001}}
RL = TRAIN | {"iterations": 2, "problems_per_iteration": 2, "tau": 0.02, "max_response_tokens": 16}
RECIPE = {
    "name": "tiny",
    "description": "For tests.",
    "evaluation": {"problems_per_level": 2, "validation_problems_per_level": 2},
    "sft": {"problems": {"countdown-3": 4}, "train": TRAIN},
    "curate": {"candidates": {"countdown-3": 4}},
    "long_cot_sft": {"problems": {"countdown-3": 4}, "train": TRAIN},
    "rl": RL,
    "long2short": {
        "merge": {"control": False},
        "shortest_rejection": {"train": TRAIN},
        "dpo": {"train": TRAIN},
        "rl": {"train": RL},
    },
}
STAGES = ("sft", "curate", "long_cot_sft", "rl", "long2short")
PIPELINE = """
import repro.pipeline
def pipeline(recipe, root, console, command):
    console.print(f"{recipe.rl.iterations} {recipe.seed} {root}", soft_wrap=True)
    console.print(command, soft_wrap=True)
    return root / "report.html"
repro.pipeline.run_recipe = pipeline
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tiny.yaml").write_text(yaml.safe_dump(RECIPE))
    return tmp_path


def test_the_run_directory_the_seed_and_the_reproducing_command(warm, folder):
    done = warm("run", "tiny.yaml", cwd=folder, before=PIPELINE)
    assert (done.code, done.out) == (0, "Report: runs/tiny-seed0/report.html\n")
    assert done.err.splitlines() == ["2 0 runs/tiny-seed0", "repro run tiny.yaml --seed 0"]

    settings = ["--set", "rl.iterations=4", "--set", "seed=3", "--set", "description=a b"]
    done = warm(
        "run", folder / "tiny.yaml", *settings, "--out", folder / "x", "--json", cwd=folder, before=PIPELINE
    )
    page = str(folder / "x" / "report.html")
    assert done.json == {"recipe": "tiny", "seed": 3, "run": str(folder / "x"), "report": page}
    command = f"repro run {folder / 'tiny.yaml'} --seed 3 --set rl.iterations=4 --set 'description=a b'"
    assert done.err.splitlines() == [f"4 3 {folder / 'x'}", command]

    (folder / "model").mkdir()
    (folder / "model" / "config.json").write_text("{}")
    model = f"model={{kind: pretrained, path: {folder / 'model'}}}"
    done = warm("run", "tiny.yaml", "--seed", "7", "--set", model, cwd=folder, before=PIPELINE)
    assert done.err.splitlines()[0] == "2 7 runs/tiny-seed7"
    command = f"repro run tiny.yaml --seed 7 --set 'model={{kind: pretrained, path: {folder / 'model'}}}'"
    assert done.err.splitlines()[1] == command


def test_a_shipped_recipe_by_name(warm, folder):
    done = warm("run", "smoke", "--seed", "2", cwd=folder, before=PIPELINE)
    assert (done.code, done.out) == (0, "Report: runs/smoke-seed2/report.html\n")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["cuntdown"], ["no recipe 'cuntdown'", "did you mean 'countdown'?"]),
        (["nowhere.yaml"], ["no recipe file nowhere.yaml"]),
        (["broken.yaml"], ["broken.yaml is not valid YAML"]),
        (["latin.yaml"], ["not UTF-8"]),
        (["tiny.yaml", "--set", "rl.iteration=4"], ["no key 'rl.iteration'", "did you mean 'iterations'?"]),
        (["tiny.yaml", "--set", "rl.iterations=four"], ["rl.iterations", "'four'"]),
        (["tiny.yaml", "--set", "rl.iterations"], ["key=value"]),
        (["tiny.yaml", "--set", "evaluation.benchmark=puzles"], ["no benchmark 'puzles'", "puzzles"]),
        (
            [
                "tiny.yaml",
                "--set",
                "evaluation.levels=[countdown-2]",
                "--set",
                "evaluation.problems_per_level=99",
            ],
            ["only"],
        ),
        (
            ["tiny.yaml", "--set", "sft.problems={countdown-9: 1}"],
            ["sft.problems", "'countdown-9'", "countdown-2"],
        ),
        (["tiny.yaml", "--set", "device=tpu9"], ["no device 'tpu9'"]),
        (["tiny.yaml", "--set", "device=cuda:99"], ["cuda:99"]),
        (
            ["tiny.yaml", "--set", "model={kind: pretrained, path: gone}"],
            ["gone is not a Hugging Face checkpoint"],
        ),
        (["tiny.yaml", "--out", "tiny.yaml"], ["tiny.yaml"]),
    ],
)
def test_bad_input_is_one_sentence_and_makes_nothing(warm, folder, argv, words):
    (folder / "broken.yaml").write_text("a: [")
    (folder / "latin.yaml").write_bytes(b"name: \xe9\n")
    there = sorted(folder.rglob("*"))
    warm("run", *argv, cwd=folder).refused(*words)
    assert sorted(folder.rglob("*")) == there


NO_SANDBOX = """
import verifiers.sandbox
from verifiers.sandbox import SandboxUnavailable
def shared(): raise SandboxUnavailable("bubblewrap is not installed.")
verifiers.sandbox.shared = shared
"""


def test_programs_without_a_sandbox_are_refused_before_anything_is_trained(warm, folder):
    there = sorted(folder.rglob("*"))
    levels = ("--set", "evaluation.levels=[countdown-3, programs-1]")
    done = warm("run", "tiny.yaml", *levels, cwd=folder, before=NO_SANDBOX)
    done.refused("Preflight", "the sandbox runs", "bubblewrap is not installed")
    assert sorted(folder.rglob("*")) == there


def make_finished(warm, folder, **changes):
    """A run directory of tiny.yaml whose stages are all done."""
    root = folder / "runs" / "tiny-seed0"
    for number, stage in enumerate(STAGES, 1):
        path = root / "stages" / f"{number:02d}-{stage}"
        path.mkdir(parents=True)
        (path / "done.json").write_text("{}")
    resolve = (
        f"import repro.recipe\nprint(repro.recipe.Recipe.model_validate({RECIPE | changes!r}).to_yaml())"
    )
    (root / "recipe.yaml").write_text(warm.python(resolve))
    (root / "environment.json").write_text(json.dumps({"command": "the first"}))
    return root


def test_a_finished_run_is_only_reported(warm, folder):
    root = make_finished(warm, folder)
    done = warm("run", "tiny.yaml", cwd=folder)
    assert (done.code, done.out) == (0, "Report: runs/tiny-seed0/report.html\n")
    assert [line for line in done.err.splitlines() if "done already" in line] == [
        f"[{s}] done already" for s in STAGES
    ]
    assert (root / "report.html").exists()
    assert json.loads((root / "environment.json").read_text()) == {"command": "the first"}


def test_the_run_directory_of_another_recipe_is_left_alone(warm, folder):
    root = make_finished(warm, folder, threads=7)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    warm("run", "tiny.yaml", cwd=folder).refused("another recipe", "threads", "--out")
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file() and p.name != ".lock"} == before
    (root / "scores.jsonl").write_text("{}\n")
    warm("run", "tiny.yaml", cwd=folder).refused("scores.jsonl, line 1")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("training.engine.canary.HandOverError('The hand-over was skipped')", 1),
        ("training.preflight.PreflightError('Preflight: nothing varies')", 2),
        ("training.checkpoint.CheckpointError('The weights are corrupt')", 2),
        ("OSError(28, 'No space left on device while writing', '/runs/x')", 2),
        ("safetensors.SafetensorError('I/O error: No space left on device (os error 28)')", 2),
        ("KeyboardInterrupt()", 130),
        ("ValueError('a bug')", "traceback"),
        ("safetensors.SafetensorError('a bug')", "traceback"),
    ],
)
def test_how_a_run_may_end(warm, folder, error, code):
    before = (
        "import repro.pipeline, safetensors\n"
        "import training.checkpoint, training.engine.canary, training.preflight\n"
        f"def pipeline(*a): raise {error}\nrepro.pipeline.run_recipe = pipeline"
    )
    done = warm("run", "tiny.yaml", "--json", cwd=folder, before=before)
    assert done.out == ""
    if code == "traceback":
        assert done.code == 1
        assert "Traceback" in done.err
    else:
        assert done.code == code
        assert done.err.startswith("repro: ")
        assert done.err.count("\n") == 1
        assert done.err.rstrip().endswith(".")


def test_every_class_with_an_exit_code_exists(warm, folder):
    check = (
        "import importlib, repro.errors\n"
        "for name in repro.errors.CODES:\n"
        "    module, _, cls = name.rpartition('.')\n"
        "    assert issubclass(getattr(importlib.import_module(module), cls), Exception), name"
    )
    assert warm("recipes", "--json", cwd=folder, before=check).code == 0
