"""What is evaluated: a checkpoint in this process, one in vLLM, or a model behind an endpoint."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evals.score import CheckpointFacts
from repro.checkpoint_source import locate
from repro.errors import InputError

if TYPE_CHECKING:
    from evals.endpoint import Endpoint
    from evals.model import Model
    from evals.types import Problem


@dataclass(frozen=True)
class Local:
    """transformers in this process, on a device; `batch` responses are drawn at a time."""

    device: str
    batch: int
    dtype = "float32"  # where none is asked for

    def name(self, dtype: str) -> str:
        """For scores: the engine and the precision."""
        return f"local {dtype}"


@dataclass(frozen=True)
class Vllm:
    """vLLM in this process; see `training.engine.vllm.VllmModel`."""

    tensor_parallel: int = 1
    max_model_len: int | None = None
    gpu_memory: float = 0.9
    dtype = "auto"  # as it was saved

    def name(self, dtype: str) -> str:
        """For scores: the engine, the precision, and the room that replies have."""
        return f"vllm {dtype}" + (f" {self.max_model_len}" if self.max_model_len else "")


@dataclass(frozen=True)
class Subject:
    """A model that has not been loaded yet: facts for its scores, and how to open it."""

    facts: CheckpointFacts
    open: "Callable[[], Model]"


def model_caveats(model: "Model", problems: "Sequence[Problem]") -> tuple[str, ...]:
    """What the reader of a score must know of how this model was asked these problems."""
    from evals.generations import CachedModel

    asked = model.model if isinstance(model, CachedModel) else model
    apply = getattr(getattr(asked, "engine", asked), "apply_template", None)
    if apply is None:  # an endpoint has its template to itself
        return ()
    from training.chat_template import template_caveats

    return template_caveats([problem.prompt for problem in problems], apply)


def subject_of_endpoint(endpoint: "Endpoint", on_wait: Callable[[str], None]) -> Subject:
    """A model behind an endpoint, named by the endpoint's name of it."""
    from evals.endpoint import EndpointModel

    facts = CheckpointFacts(
        endpoint.model,
        "external",
        None,
        (),
        endpoint.digest,
        f"endpoint {endpoint.base_url}",
        endpoint.digest,
    )
    return Subject(facts, lambda: EndpointModel(endpoint, on_wait=on_wait))


def subject_of_checkpoint(source: str, engine: Local | Vllm, dtype: str) -> Subject:
    """A checkpoint directory, GGUF file or `package:NAME/FILE`, run by an engine in a precision.

    Raises `InputError` where there is none, and `CheckpointError` where it is damaged.
    """
    from training.checkpoint import facts_of

    path = locate(source)
    if isinstance(engine, Vllm) and path.is_file():
        raise InputError(
            f"vLLM is given a checkpoint directory here, not {path.name}; run it by the local engine."
        )
    facts = facts_of(path, engine.name(dtype))

    def open_model() -> "Model":
        return _local(path, engine, dtype) if isinstance(engine, Local) else _vllm(path, engine, dtype)

    return Subject(facts, open_model)


def _local(path: Path, engine: Local, dtype: str) -> "Model":
    from evals.model import EngineModel
    from training.checkpoint import load_checkpoint
    from training.engine.local import LocalEngine
    from training.engine.repetition import RepeatStop
    from training.engine.vision import MAX_BATCH, is_vision, load_vision_model

    if is_vision(path):
        return load_vision_model(path, engine.device, dtype, max_batch=min(engine.batch, MAX_BATCH))
    model, tokenizer = load_checkpoint(path, engine.device, dtype)
    return EngineModel(LocalEngine(model, tokenizer, max_batch=engine.batch, repeat_stop=RepeatStop()))


def _vllm(path: Path, engine: Vllm, dtype: str) -> "Model":
    from training.engine.vllm import VllmModel

    return VllmModel(
        path,
        tensor_parallel_size=engine.tensor_parallel,
        dtype=dtype,  # type: ignore[arg-type]  # its names are torch's
        max_model_len=engine.max_model_len,
        gpu_memory_utilization=engine.gpu_memory,
    )
