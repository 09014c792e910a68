"""The run directory: where it lies, whose it is, what made it."""

import fcntl
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml

from evals.files import atomic_write_text
from repro.recipe import PretrainedModel, Recipe

PACKAGES = (
    "torch",
    "transformers",
    "tokenizers",
    "safetensors",
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "pydantic",
    "sympy",
    "math-verify",
    "altair",
    "vl-convert-python",
    "jinja2",
    "k15-repro",
)
STAGES = ("sft", "curate", "long_cot_sft", "rl", "long2short")


class RunDirError(ValueError):
    """The run directory cannot be used."""


def stage_dir(root: Path, stage: str) -> Path:
    """The folder of a stage, such as `stages/04-rl`."""
    return root / "stages" / f"{STAGES.index(stage) + 1:02d}-{stage}"


def checkpoint_dir(root: Path, checkpoint: str) -> Path:
    """The folder of a checkpoint by its id, such as `rl/0010` or `long2short/dpo`."""
    stage, _, rest = checkpoint.partition("/")
    return stage_dir(root, stage) / "checkpoints" / (rest.replace("/", "-") or "final")


def open_run(root: Path, recipe: Recipe, command: str) -> None:
    """Make the run directory, or check that the one there is of the same recipe.

    Keys of parts that have not begun may differ: the recipe there is replaced, and `environment.json` notes which keys
    were changed. Raises `RunDirError` with the keys that differ in the parts that have begun.
    """
    file = root / "recipe.yaml"
    if file.exists():
        try:
            there = yaml.safe_load(file.read_text())
        except yaml.YAMLError as error:
            raise RunDirError(f"{file} is not readable; name another directory with --out.") from error
        differing = _differences(there, recipe.model_dump(mode="json"))
        fixed = [key for key in differing if _has_begun(root, key)]
        if fixed:
            raise RunDirError(
                f"{root} is the run directory of another recipe or seed ({', '.join(fixed[:4])} differ); "
                "name another with --out, or delete it."
            )
        now = environment(recipe, command)
        _note_changes(root / "environment.json", now)
        _check_base_model(root, now)
        if differing:
            _note_recipe(root / "environment.json", now, differing)
            atomic_write_text(file, recipe.to_yaml())
        return
    atomic_write_text(root / "environment.json", json.dumps(environment(recipe, command), indent=1) + "\n")
    atomic_write_text(file, recipe.to_yaml())


def _note_changes(file: Path, now: dict[str, Any]) -> None:
    """Where a run goes on under other code, packages or hardware, add that to `environment.json`."""
    try:
        there = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise RunDirError(f"{file} is not readable ({error}); restore it, or use --out.") from error
    sessions = [there, *there.get("resumed_under", [])]
    facts = ("revision", "revision_dirty", "python", "packages", "machine")
    if any(name in sessions[-1] and sessions[-1][name] != now[name] for name in facts):
        there["resumed_under"] = [*sessions[1:], {name: now[name] for name in facts}]
        atomic_write_text(file, json.dumps(there, indent=1) + "\n")


def _note_recipe(file: Path, now: dict[str, Any], keys: list[str]) -> None:
    """Keep the command and the digest of the recipe that was changed, and which keys were."""
    there = json.loads(file.read_text())
    before = {"command": there["command"], "recipe_digest": there["recipe_digest"], "keys": keys}
    there["recipe_changes"] = [*there.get("recipe_changes", []), before]
    there |= {"command": now["command"], "recipe_digest": now["recipe_digest"]}
    atomic_write_text(file, json.dumps(there, indent=1) + "\n")


def _has_begun(root: Path, key: str) -> bool:
    """Whether something in the run directory was made by the value of this dotted key of the recipe."""
    stage, _, part = key.partition(".")
    if stage == "public":
        return (root / "public.json").exists()
    if stage not in STAGES:
        return True
    folder = stage_dir(root, stage)
    if stage == "long2short":
        made = {
            "dpo": ["checkpoints/dpo"],
            "shortest_rejection": ["responses"],
            "rl": ["rl"],
            "merge": ["checkpoints"],
        }
        return any((folder / path).exists() for path in made.get(part.partition(".")[0], ["."]))
    return folder.exists()


def _refuse_foreign(root: Path) -> None:
    """Raise `RunDirError` for a directory that holds something else than a run."""
    if root.exists() and not (root / "recipe.yaml").exists():
        ours = {".lock", "environment.json"}  # what a run killed at its very start has written
        if any(item.name not in ours and not item.name.endswith(".tmp") for item in root.iterdir()):
            raise RunDirError(f"{root} is not empty and is no run directory; name another with --out.")


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Keep other processes out of the run directory. Raises `RunDirError` when one is at work in it."""
    _refuse_foreign(root)
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RunDirError(f"Another process is at work in {root}; wait for it or stop it.") from error
        yield


def remove_leftovers(root: Path) -> None:
    """Remove what a killed run was still writing aside; nothing finished is touched."""
    for path in [*root.rglob(".*.tmp")]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def environment(recipe: Recipe, command: str) -> dict[str, Any]:
    """What made the run: command, code revision, versions, machine."""
    revision, dirty = code_revision()
    return {
        "command": command,
        "revision": revision,
        "revision_dirty": dirty,
        "python": platform.python_version(),
        "packages": package_versions(),
        "machine": machine(),
        "recipe_digest": recipe.digest(),
        **base_model(recipe),
    }


def base_model(recipe: Recipe) -> dict[str, Any]:
    """The checkpoint that training starts from, under the key `base_model`; nothing for a model from scratch.

    Raises `CheckpointError` when it has no weights.
    """
    if not isinstance(recipe.model, PretrainedModel):
        return {}
    from training.checkpoint import weights_digest

    path = recipe.model.path
    return {"base_model": {"path": path, "weights_digest": weights_digest(Path(path))}}


def _check_base_model(root: Path, now: dict[str, Any]) -> None:
    """Raise `RunDirError` where the run would go on from other weights than it began with."""
    there = json.loads((root / "environment.json").read_text()).get("base_model")
    here = now.get("base_model")
    if there is not None and here is not None and there["weights_digest"] != here["weights_digest"]:
        raise RunDirError(
            f"The weights in {here['path']} are not those that this run began with (their digest is "
            f"{here['weights_digest'][:19]}…, environment.json says {there['weights_digest'][:19]}…); restore them, or "
            "start over in another directory with --out."
        )


def package_versions() -> dict[str, str]:
    """Versions of the packages that results depend on, those installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def code_revision() -> tuple[str | None, bool | None]:
    """Git revision of the code and whether it had changes; (None, None) outside a checkout."""
    here = Path(__file__).resolve().parent

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=here, capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        if Path(git("rev-parse", "--show-toplevel")).resolve() != here.parent:
            return None, None  # installed inside somebody else's checkout
        return git("rev-parse", "HEAD"), bool(git("status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.CalledProcessError):
        return None, None


def machine() -> dict[str, Any]:
    """Processor, cores, memory and accelerator."""
    import torch

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": _processor(),
        "cores": usable_cores(),
        "memory_gib": round(memory),
        "accelerator": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
    }


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine()
    )


def _differences(there: Any, here: Any, prefix: str = "") -> list[str]:
    """Dotted keys whose values differ."""
    if isinstance(there, dict) and isinstance(here, dict):
        return [
            key
            for name in sorted(there.keys() | here.keys())
            for key in _differences(there.get(name), here.get(name), f"{prefix}{name}.")
        ]
    return [] if there == here else [prefix.rstrip(".")]
