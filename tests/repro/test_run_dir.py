"""The run directory: whose it is, who is in it, what made it."""

import json
from pathlib import Path

import pytest

from repro import run_dir
from repro.recipe import RecipeError, load_recipe
from repro.run_dir import RunDirError, locked, open_run, remove_leftovers


@pytest.fixture(scope="module")
def recipe():
    return load_recipe("smoke")


def test_a_new_directory_gets_recipe_and_environment(tmp_path: Path, recipe) -> None:
    root = tmp_path / "run"
    with locked(root):
        open_run(root, recipe, "repro run smoke --seed 0")
    facts = json.loads((root / "environment.json").read_text())
    assert facts["command"] == "repro run smoke --seed 0"
    assert facts["recipe_digest"] == recipe.digest()
    assert facts["packages"]["torch"]
    before = (root / "environment.json").read_bytes()
    open_run(root, recipe, "repro run smoke --seed 0")
    assert (root / "environment.json").read_bytes() == before


def test_going_on_under_other_packages_is_noted(
    tmp_path: Path, recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "run"
    open_run(root, recipe, "x")
    first = json.loads((root / "environment.json").read_text())
    for version in ("9.9", "9.9", "10.0"):
        monkeypatch.setattr(run_dir, "package_versions", lambda version=version: {"torch": version})
        open_run(root, recipe, "x")
    facts = json.loads((root / "environment.json").read_text())
    assert {name: facts[name] for name in first} == first
    assert [session["packages"] for session in facts["resumed_under"]] == [
        {"torch": "9.9"},
        {"torch": "10.0"},
    ]


def test_a_foreign_directory_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(RunDirError, match="no run directory"), locked(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_start_that_was_killed_can_be_repeated(tmp_path: Path, recipe) -> None:
    root = tmp_path / "run"
    root.mkdir()
    (root / "environment.json").write_text("{}")
    (root / ".recipe.yaml.123.tmp").write_text("half")
    with locked(root):
        open_run(root, recipe, "x")
        remove_leftovers(root)
    assert {path.name for path in root.iterdir()} == {".lock", "environment.json", "recipe.yaml"}


def test_two_processes_cannot_share_a_directory(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "run"),
        pytest.raises(RunDirError, match="Another process"),
        locked(tmp_path / "run"),
    ):
        pass


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("rl.iteration=4", "did you mean 'iterations'"),
        ("seed=-1", "seed"),
        ("long2short.merge.coefficients=[1.5]", "coefficients must be in"),
        ("long2short.merge.coefficients=[0.701, 0.699]", "differ in the first two decimals"),
        ("rl.minibatches=1", "no gradient at the first update"),
        ("model={kind: pretrained, path: x}", "merge.control needs a model from scratch"),
        ("nonsense", "key=value"),
        ("model.hiden=3", "did you mean 'hidden_size'"),
        ("model={kind: pretrained, path: x, layrs: 2}", "known keys: kind, path, trust_remote_code"),
        ("public=[{benchmark: humaneval, checkpoint: rl, limitt: 3}]", "did you mean 'limit'"),
    ],
)
def test_wrong_settings_are_one_sentence(override: str, sentence: str) -> None:
    with pytest.raises(RecipeError, match=sentence) as caught:
        load_recipe("smoke", [override])
    assert "\n" not in str(caught.value)


def test_keys_of_parts_that_have_not_begun_may_change(tmp_path: Path, recipe) -> None:
    root = tmp_path / "run"
    open_run(root, recipe, "repro run smoke --seed 0")
    (root / "stages" / "04-rl").mkdir(parents=True)
    changed = load_recipe("smoke", ["long2short.dpo.train.optimizer.learning_rate=0.01", "public=[]"])
    open_run(root, changed, "repro run smoke --seed 0 --set x")
    facts = json.loads((root / "environment.json").read_text())
    assert facts["recipe_digest"] == changed.digest()
    assert facts["command"] == "repro run smoke --seed 0 --set x"
    (change,) = facts["recipe_changes"]
    assert change["keys"] == ["long2short.dpo.train.optimizer.learning_rate", "public"]
    assert change["recipe_digest"] == recipe.digest()
    open_run(root, changed, "x")  # and it is this recipe's directory now
    (root / "stages/05-long2short/checkpoints/dpo").mkdir(parents=True)
    with pytest.raises(RunDirError, match=r"long2short\.dpo"):
        open_run(root, recipe, "x")


@pytest.mark.parametrize(
    ("override", "begun"),
    [
        ("seed=4", "."),
        ("model.layers=1", "."),
        ("evaluation.problems_per_level=3", "."),
        ("claims={}", "."),
        ("rl.iterations=3", "stages/04-rl"),
        ("curate.rules.samples=2", "stages/02-curate"),
        ("long2short.rl.margin=0.1", "stages/05-long2short/rl"),
        ("long2short.merge.coefficients=[0.5]", "stages/05-long2short/checkpoints"),
        ("long2short.shortest_rejection.samples=2", "stages/05-long2short/responses"),
    ],
)
def test_keys_of_parts_that_have_begun_may_not(tmp_path: Path, recipe, override: str, begun: str) -> None:
    root = tmp_path / "run"
    open_run(root, recipe, "x")
    (root / begun).mkdir(parents=True, exist_ok=True)
    before = (root / "recipe.yaml").read_bytes()
    with pytest.raises(RunDirError, match=override.partition("=")[0].replace(".", r"\.")):
        open_run(root, load_recipe("smoke", [override]), "x")
    assert (root / "recipe.yaml").read_bytes() == before


def test_a_run_does_not_go_on_from_other_weights(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    (base / "model.safetensors").write_bytes(b"one")
    model = f"model={{kind: pretrained, path: {base}}}"
    recipe = load_recipe("smoke", [model, "long2short.merge.control=false"])
    root = tmp_path / "run"
    open_run(root, recipe, "x")
    facts = json.loads((root / "environment.json").read_text())["base_model"]
    assert facts["path"] == str(base)
    assert facts["weights_digest"].startswith("sha256:")
    open_run(root, recipe, "x")
    (base / "model.safetensors").write_bytes(b"two")
    with pytest.raises(RunDirError, match="not those that this run began with"):
        open_run(root, recipe, "x")
