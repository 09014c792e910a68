"""Run any task of lm-eval (lm-evaluation-harness, 0.4.13) on a model, into our samples and scores."""

import logging
import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from evals.files import digest
from evals.lm_eval_results import Asked, LmEvalError, TaskResult, benchmark_name, to_score
from evals.run import SHARD_SIZE, shards_folder
from evals.score import CheckpointFacts
from evals.store import read_scores, samples_path, write_samples
from evals.types import Sampling, Score
from training.errors import first_line

if TYPE_CHECKING:
    from lm_eval.api.instance import Instance
    from lm_eval.api.task import Task
    from lm_eval.tasks.manager import TaskDict, TaskManager

    from training.lm_harness_model import HarnessModel

T = TypeVar("T")

BOOTSTRAPS = 1000
"""Draws for the standard errors of lm-eval's figures that have no formula for one."""
HF_TOP_K = 50
"""transformers' `top_k` where neither a task nor a model sets it."""


@dataclass(frozen=True, slots=True)
class LmEvalTask:
    """What to ask of lm-eval.

    `name` is a task's, a group's (`mmlu`), a tag's or a task file's path; `include_path` a folder with more task
    files. `metric` is the one that decides which documents are right, as `metric,filter`. Where not given, the
    first such metric, the task's own few-shot examples, temperature and token limit hold, all documents are asked,
    and prompts go through the chat template if the tokenizer has one. `metadata` goes to the task, as `--metadata`.
    """

    name: str
    include_path: Path | None = None
    metric: str | None = None
    few_shot: int | None = None
    limit: int | None = None
    chat: bool | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    run_unsafe_code: bool = False


def run_task(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    checkpoint: CheckpointFacts,
    task: LmEvalTask,
    *,
    scores: Path,
    seed: int = 0,
    batch: int = 16,
    shard_size: int = SHARD_SIZE,
    on_progress: Callable[[int, int], None] | None = None,
) -> Score:
    """The score of a model on a task; a group's tasks have one score together, with a slice for each.

    The samples go to `samples/` beside `scores`. If that file has the score already, it is returned and nothing is
    run; the caller appends a new one. A call after a kill goes on after the last finished shard of requests. `batch`
    is the number of prompts in one forward pass. `on_progress` is told how many requests of how many are answered.
    Raises `LmEvalError`.
    """
    chat = bool(tokenizer.chat_template) if task.chat is None else task.chat
    if chat and not tokenizer.chat_template:
        raise LmEvalError(f"{checkpoint.id} has no chat template; run {task.name} without one.")
    with _quiet():
        random.seed(seed)  # some tasks make their documents with these
        np.random.seed(seed)
        loaded = _load(task)
        lm = _harness(model, tokenizer, batch)
        requests = _requests(loaded["tasks"], task, lm, chat, seed)
        asked = _asked(loaded, task, requests, lm, chat, seed)
        known = _known(scores, checkpoint, asked, task.metric)
        if known is not None:
            return known
        shards = shards_folder(_samples_file(scores, checkpoint, asked, asked.way))
        key = {
            "weights": checkpoint.weights_digest,
            "dtype": str(model.dtype),
            "batch": batch,
            "lm-eval": asked.version,
        }
        total = sum(one.repeats for one in requests)
        lm.prepare(shards, key, seed, shard_size, _progress(on_progress, total))
        results, figures = _evaluate(lm, loaded, task, chat, seed)
    made, samples, prompts = to_score(results, replace(asked, figures=figures), checkpoint, task.metric)
    file = _samples_file(scores, checkpoint, asked, made.protocol)
    write_samples(file, samples, prompts, _key(asked, checkpoint) | {"protocol": made.protocol})
    shutil.rmtree(shards, ignore_errors=True)
    return made


# --- lm-eval ----------------------------------------------------------------------------------------------


def _load(task: LmEvalTask) -> "TaskDict":
    """The task, or a group's tasks, as they are to be run. Raises `LmEvalError`."""
    try:
        from lm_eval.tasks import TaskManager
    except ImportError as error:
        raise _missing(error) from error
    if task.include_path is not None and not task.include_path.is_dir():
        raise LmEvalError(f"There is no folder {task.include_path} with task files.")

    def manager_of(**which: Any) -> "TaskManager":
        return TaskManager(
            include_path=None if task.include_path is None else str(task.include_path),
            metadata=dict(task.metadata),
            **which,
        )

    own_file = task.name.endswith(".yaml") and Path(task.name).is_file()
    manager = manager_of(include_defaults=False)
    # A group may have tasks of lm-eval's own, whose 14,000 files take many seconds to read.
    if not own_file and (task.name not in manager.all_tasks or task.name in manager.all_groups):
        manager = manager_of()
    if not own_file and task.name not in manager.all_tasks:
        close = get_close_matches(task.name, manager.all_tasks, n=3)
        hint = f"did you mean {' or '.join(close)}?" if close else "`lm_eval ls tasks` lists those there are."
        raise LmEvalError(f"lm-eval has no task {task.name!r}; {hint}")
    try:
        loaded = manager.load([task.name])
    except Exception as error:  # whatever a task's own code, the hub or the network answers with
        raise LmEvalError(f"lm-eval cannot load the task {task.name}: {first_line(error)[:300]}") from error
    for one in loaded["tasks"].values():
        _configure(one, task)
    return loaded


def _configure(one: "Task", task: LmEvalTask) -> None:
    """As `lm_eval.simple_evaluate` does. Raises `LmEvalError` for a task that cannot be run here."""
    if getattr(one, "MULTIMODAL", False):
        raise LmEvalError(f"lm-eval's {one.task_name} has images or sound, and this model reads text alone.")
    if getattr(one, "UNSAFE_CODE", False) and not task.run_unsafe_code:
        raise LmEvalError(
            f"lm-eval's {one.task_name} runs what the model writes on this machine, in no sandbox; allow that with "
            "--run-unsafe-code, or use a benchmark of ours."
        )
    if one.OUTPUT_TYPE == "generate_until":
        drawing: dict[str, Any] = {}
        if task.max_tokens is not None:
            drawing["max_gen_toks"] = task.max_tokens
        if task.temperature is not None:
            drawing |= {"do_sample": task.temperature > 0, "temperature": task.temperature}
        one.set_config("generation_kwargs", drawing, update=True)
    own = one.get_config("num_fewshot")
    if (
        own == 0 and task.few_shot
    ):  # 0 is a task's way to say that it takes none, and lm-eval then ignores the option
        raise LmEvalError(
            f"lm-eval's {one.task_name} takes no examples (its num_fewshot is 0), so --few-shot {task.few_shot} would "
            "have no effect; leave it out."
        )
    if own is None or task.few_shot is not None:
        one.set_config("num_fewshot", task.few_shot or 0)


def _harness(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, batch: int) -> "HarnessModel":
    try:
        from training.lm_harness_model import HarnessModel
    except ImportError as error:
        raise _missing(error) from error
    return HarnessModel(model, tokenizer, batch)


def _missing(error: ImportError) -> LmEvalError:
    name = (error.name or "lm_eval").split(".")[0].replace("_", "-")
    return LmEvalError(
        f"Tasks of lm-eval need {name}, which is not installed: pip install 'k15-repro[lm-eval]'."
    )


def _requests(
    tasks: "Mapping[str, Task]", task: LmEvalTask, lm: "HarnessModel", chat: bool, seed: int
) -> "list[Instance]":
    """What will be asked, before anything is. Raises `LmEvalError` for what has no right answer, or no room."""
    found: list[Instance] = []
    for one in tasks.values():
        one.set_fewshot_seed(seed)
        one.build_all_requests(
            limit=task.limit,
            apply_chat_template=chat,
            fewshot_as_multiturn=chat,
            chat_template=lm.apply_chat_template if chat else None,
            tokenizer_name=lm.tokenizer_name if chat else "",
        )
        found += one.instances
    rolling = next((one for one in found if one.request_type == "loglikelihood_rolling"), None)
    if rolling is not None:
        raise LmEvalError(
            f"lm-eval's {rolling.task_name} measures perplexity, and a score here is a share of right answers; "
            "run it with `lm_eval` itself."
        )
    return found


def _evaluate(
    lm: "HarnessModel", loaded: "TaskDict", task: LmEvalTask, chat: bool, seed: int
) -> tuple[list[TaskResult], Mapping[str, Any]]:
    """Each task's results, and the figures of what was named."""
    from lm_eval import evaluate

    for one in loaded["tasks"].values():
        one.set_fewshot_seed(seed)  # building the requests drew from it
    found = evaluate(
        lm,
        loaded,
        limit=task.limit,
        bootstrap_iters=BOOTSTRAPS,
        apply_chat_template=chat,
        fewshot_as_multiturn=chat,
        confirm_run_unsafe_code=task.run_unsafe_code,
    )
    results = [
        TaskResult(
            name=name,
            rows=found["samples"][name],
            figures=found["results"][name],
            higher_is_better=found["higher_is_better"].get(name) or {},
            costs={document: costs for (of, document), costs in lm.costs.items() if of == name},
            judge_one=_judge_one(one),
        )
        for name, one in loaded["tasks"].items()
    ]
    return results, found["results"].get(_name(loaded, task), {})


def _judge_one(task: "Task") -> Callable[[Any, str], Mapping[str, Any]]:
    return lambda document, response: task.process_results(document, [[response]])


# --- What was asked ---------------------------------------------------------------------------------------


def _asked(
    loaded: "TaskDict",
    task: LmEvalTask,
    requests: "Sequence[Instance]",
    lm: "HarnessModel",
    chat: bool,
    seed: int,
) -> Asked:
    """Everything that a score says but its results. Raises `LmEvalError` for tasks that do not go together."""
    from importlib.metadata import version

    tasks, name = loaded["tasks"], _name(loaded, task)
    shots = _same(name, "numbers of examples", (one.get_config("num_fewshot") for one in tasks.values()))
    sampling = _same(name, "ways to draw", (_sampling(one, lm) for one in requests))
    if sampling.max_tokens >= lm.max_length:
        raise LmEvalError(
            f"{name} asks for {sampling.max_tokens} tokens, and the model has room for {lm.max_length} with the "
            "prompt; ask for fewer with --max-tokens."
        )
    documents = len({(one.task_name, one.doc_id) for one in requests})
    total = sum(len(one.eval_docs) for one in tasks.values())
    penalty = getattr(lm.model.generation_config, "repetition_penalty", None) or 1.0
    notes = {
        f"the first {documents:,} of {total:,} documents": documents < total,
        f"drawn with the model's own repetition penalty of {penalty:g}": sampling.max_tokens and penalty != 1,
    }
    return Asked(
        name=name,
        task_version=",".join(sorted({str(one.VERSION) for one in tasks.values()})),
        version=version("lm-eval"),
        way=f"{shots}-shot{',chat' if chat else ''}",
        sampling=sampling,
        seed=seed,
        split="test" if all(one.has_test_docs() for one in tasks.values()) else "validation",
        data_digest=digest([_question(tasks[one.task_name], one) for one in requests]),
        figures={},
        caveats=tuple(note for note, applies in notes.items() if applies),
    )


def _name(loaded: "TaskDict", task: LmEvalTask) -> str:
    """The name of the group or the task; a task file's own where that was named."""
    groups, tasks = loaded.get("groups") or {}, loaded["tasks"]
    return next(iter(groups), next(iter(tasks)) if len(tasks) == 1 else task.name)


def _question(task: "Task", request: "Instance") -> list[Any]:
    """What the data digest is made of: the request itself, but for how it is drawn, and what is right."""
    asked = request.args[:1] if request.request_type == "generate_until" else request.args
    return [request.task_name, request.doc_id, *map(str, asked), str(task.doc_to_target(request.doc))]


def _sampling(request: "Instance", lm: "HarnessModel") -> Sampling:
    """How a text is drawn; no tokens are where log-likelihoods are compared. transformers fills in what is left out."""
    from lm_eval.models.utils import normalize_gen_kwargs

    if request.request_type != "generate_until":
        return Sampling(temperature=0.0, max_tokens=0)
    given = normalize_gen_kwargs(request.args[1], lm.max_gen_toks)
    if not given.get("do_sample", given.get("temperature", 0.0) > 0):
        return Sampling(temperature=0.0, max_tokens=given["max_gen_toks"])
    own = lm.model.generation_config
    return Sampling(
        temperature=given["temperature"],
        top_p=given.get("top_p", getattr(own, "top_p", None) or 1.0),
        top_k=given.get("top_k", HF_TOP_K if getattr(own, "top_k", None) is None else own.top_k),
        max_tokens=given["max_gen_toks"],
    )


def _same(name: str, what: str, values: Iterable[T]) -> T:
    """The one value that there is."""
    first, *others = dict.fromkeys(values)
    if others:
        raise LmEvalError(f"The tasks of {name} have different {what}; name them one by one.")
    return first


# --- The store --------------------------------------------------------------------------------------------


def _known(scores: Path, checkpoint: CheckpointFacts, asked: Asked, metric: str | None) -> Score | None:
    """The score that is there already. Raises `LmEvalError` where another one is in its place."""
    key = _key(asked, checkpoint)
    for row in read_scores(scores):
        fits = row.protocol == f"{metric},{asked.way}" if metric else row.protocol.endswith(f",{asked.way}")
        place = (row.checkpoint, row.benchmark, row.split)
        if not fits or place != (checkpoint.id, benchmark_name(asked.name), asked.split):
            continue
        if key == {field: getattr(row, field) for field in key} | {"sampling": asdict(row.sampling)}:
            return row
        what = "other weights" if row.weights_digest != checkpoint.weights_digest else "other settings"
        raise LmEvalError(
            f"{scores} already holds a score of {checkpoint.id} on {row.benchmark} ({row.split}) with {what}; "
            "name a scores file in another folder with --scores."
        )
    return None


def _key(asked: Asked, checkpoint: CheckpointFacts) -> dict[str, Any]:
    """What the samples follow from, by the names that scores have for it."""
    return {
        "benchmark": benchmark_name(asked.name),
        "benchmark_version": asked.task_version,
        "data_digest": asked.data_digest,
        "weights_digest": checkpoint.weights_digest,
        "model_digest": checkpoint.model_digest,
        "sampling": asdict(asked.sampling),
        "seed": asked.seed,
    }


def _samples_file(scores: Path, checkpoint: CheckpointFacts, asked: Asked, protocol: str) -> Path:
    return samples_path(scores.parent, checkpoint.id, benchmark_name(asked.name), asked.split, protocol)


def _progress(on_progress: Callable[[int, int], None] | None, total: int) -> Callable[[int], None] | None:
    if on_progress is None:
        return None
    done = 0

    def answered(count: int) -> None:
        nonlocal done
        done += count
        on_progress(done, total)

    return answered


@contextmanager
def _quiet() -> Iterator[None]:
    """Only lm-eval's errors: its advice is on its own command."""
    log = logging.getLogger("lm_eval")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
