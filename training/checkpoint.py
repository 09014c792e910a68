"""Checkpoints: Hugging Face directories with a `checkpoint.json` beside the weights, written aside and renamed."""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from evals.files import digest
from evals.score import CheckpointFacts
from training.errors import first_line


class CheckpointError(ValueError):
    """A checkpoint is missing, corrupt or not what it says it is."""


@dataclass(frozen=True, slots=True)
class CheckpointInfo:
    """What made a checkpoint. `id` names it in scores and reports; `weights_digest` is over the weight files."""

    id: str
    stage: str
    iteration: int | None
    parents: tuple[str, ...]
    recipe_digest: str
    seed: int
    weights_digest: str = ""


def weights_digest(path: Path) -> str:
    """sha256 over the names and bytes of the weight files. Raises `CheckpointError` when there is none."""
    gguf = [path] if path.is_file() else []
    files = gguf or sorted(path.glob("*.safetensors")) or sorted(path.glob("pytorch_model*.bin"))
    if not files:
        raise CheckpointError(
            f"{path} holds no model weights (*.safetensors); name a Hugging Face checkpoint directory."
        )
    made = hashlib.sha256()
    for file in files:
        made.update(file.name.encode())
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                made.update(block)
    return f"sha256:{made.hexdigest()}"


def replace_directory(temporary: Path, final: Path) -> None:
    """Sync a finished directory and move it to its place; whatever was there goes first."""
    for path in [*temporary.iterdir(), temporary]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    if final.exists():
        shutil.rmtree(final)
    temporary.replace(final)


def save_checkpoint(
    path: Path, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, info: CheckpointInfo
) -> CheckpointInfo:
    """Write the checkpoint whole (a temporary directory, then a rename); returns `info` with its digest."""
    temporary = path.with_name(f".{path.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    model.save_pretrained(temporary)
    tokenizer.save_pretrained(temporary)
    _check_tokenizer(temporary, tokenizer)
    complete = CheckpointInfo(**{**asdict(info), "weights_digest": weights_digest(temporary)})
    (temporary / "checkpoint.json").write_text(json.dumps(asdict(complete), indent=1, sort_keys=True) + "\n")
    replace_directory(temporary, path)
    return complete


def _check_tokenizer(path: Path, tokenizer: PreTrainedTokenizerBase) -> None:
    """The saved tokenizer must come back the same: AutoTokenizer picks some classes by the model's type."""
    loaded = AutoTokenizer.from_pretrained(path)
    probe = " ".join(sorted(tokenizer.get_vocab())[:200])
    ids = tokenizer(probe, add_special_tokens=False)["input_ids"]
    same = loaded(probe, add_special_tokens=False)["input_ids"] == ids
    if not same or loaded.decode(ids) != tokenizer.decode(ids):
        raise CheckpointError(
            f"The tokenizer saved in {path} reads and writes text differently once loaded "
            f"({type(loaded).__name__}); this model type does not fit this tokenizer."
        )


def read_info(path: Path) -> CheckpointInfo | None:
    """The checkpoint's own description; None for a checkpoint of somebody else."""
    file = path / "checkpoint.json"
    if not file.exists():
        return None
    try:
        data = json.loads(file.read_text())
        return CheckpointInfo(**{**data, "parents": tuple(data["parents"])})
    except (ValueError, TypeError, KeyError) as error:
        raise CheckpointError(
            f"{file} is not readable ({error}); restore it or train the stage again."
        ) from error


def load_checkpoint(
    path: Path, device: str = "cpu", dtype: str = "float32"
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Model and tokenizer of any Hugging Face checkpoint directory, or of a GGUF file (which becomes dense weights).

    Raises `CheckpointError` when it is missing, unreadable, or its weights differ from its `checkpoint.json`.
    """
    gguf = {"gguf_file": path.name} if path.suffix == ".gguf" else {}
    if gguf and not path.is_file():
        raise CheckpointError(f"There is no file {path}.")
    if not gguf and not (path / "config.json").is_file():
        raise CheckpointError(
            f"{path} is not a checkpoint: it has no config.json; name a Hugging Face directory."
        )
    info = read_info(path)
    if info is not None and info.weights_digest != (found := weights_digest(path)):
        raise CheckpointError(
            f"The weights in {path} are corrupt: their digest is {found[:19]}…, checkpoint.json says "
            f"{info.weights_digest[:19]}…; delete the directory and run the recipe again."
        )
    try:
        folder = path.parent if gguf else path
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, dtype), **gguf)
        tokenizer = AutoTokenizer.from_pretrained(folder, **gguf)
    except Exception as error:  # transformers raises many kinds; the sentence keeps the cause
        raise CheckpointError(f"The checkpoint {path} cannot be loaded: {first_line(error)}") from error
    return model.to(device), tokenizer


def model_digest(path: Path, weights: str, engine: str) -> str:
    """sha256 over all that replies follow from: weights, configuration, tokenizer, chat template, and `engine`.

    The configuration includes `generation_config.json`, which says where a reply ends.
    `weights` is the digest of the weights, and `engine` says what draws the replies and how.
    """
    texts = [] if path.is_file() else [*path.glob("*.json"), *path.glob("*.jinja"), *path.glob("*.model")]
    described = sorted(file for file in texts if file.name != "checkpoint.json")
    files = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in described}
    return digest({"weights": weights, "files": files, "engine": engine})


def facts_of(path: Path, engine: str = "") -> CheckpointFacts:
    """What a score says of the checkpoint, run by `engine`; one of somebody else is named by its directory."""
    info = read_info(path)
    weights = weights_digest(path) if info is None else info.weights_digest
    whole = model_digest(path, weights, engine)
    if info is None:
        name = path.resolve().name.removesuffix(".gguf")
        return CheckpointFacts(name, "external", None, (), weights, engine, whole)
    return CheckpointFacts(info.id, info.stage, info.iteration, info.parents, weights, engine, whole)
