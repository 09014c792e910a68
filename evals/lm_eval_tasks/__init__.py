"""Our public benchmarks as tasks of the `lm_eval` command (lm-evaluation-harness, 0.4.13).

    lm_eval --model hf --model_args pretrained=MODEL --apply_chat_template --tasks k15_gsm8k \
        --include_path "$(python -m evals.lm_eval_tasks FOLDER)" --metadata data=test.jsonl

The task files are written from `evals.benchmarks.SPECS`, one per benchmark and protocol that lm-eval can ask, so that
none can differ from the benchmark that it stands for. What they name is in `evals.lm_eval_tasks.functions`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from evals.benchmarks import SPECS
from evals.benchmarks.spec import Protocol, Spec
from evals.files import atomic_write_text
from evals.score import powers_of_two
from evals.vote import PROTOCOL as VOTE

PREFIX = "k15_"
_HEAD = "# Written by `python -m evals.lm_eval_tasks`; changes here are lost.\n"


def write_tasks(folder: Path) -> list[str]:
    """Write a task file per benchmark and protocol that lm-eval can ask into `folder`; return the names of the tasks.

    Files that an earlier call wrote and that no benchmark stands behind any more are removed. Raises `OSError`.
    """
    files = {folder / f"{task_name(spec, p)}.yaml": (spec, p) for spec, p in asked_by_lm_eval()}
    for file in folder.glob(f"{PREFIX}*.yaml"):
        if file not in files and file.read_text("utf-8").startswith(_HEAD):
            file.unlink()
    for file, (spec, protocol) in files.items():
        text = yaml.dump(task(spec, protocol), Dumper=_Dumper, sort_keys=False, allow_unicode=True)
        atomic_write_text(file, _HEAD + text)
    return [file.stem for file in files]


def task_name(spec: Spec, protocol: Protocol) -> str:
    """`k15_gsm8k` for a benchmark under its first protocol, `k15_gsm8k_<protocol>` under another."""
    return f"{PREFIX}{spec.name}" + ("" if protocol == spec.protocols[0] else f"_{protocol.name}")


def task(spec: Spec, protocol: Protocol) -> dict[str, Any]:
    """What the task file says: lm-eval's `TaskConfig`.

    `acc` is avg@k, the mean over problems of the share of their k responses that are correct.
    """
    k, sampling = protocol.samples_per_problem, protocol.sampling
    shares = ["acc", *(f"pass@{size}" for size in powers_of_two(k)[1:])]
    return {
        "task": task_name(spec, protocol),
        "custom_dataset": _Function("documents"),
        "test_split": "test",
        "output_type": "generate_until",
        "num_fewshot": 0,
        "description": "system",
        "doc_to_text": "question",
        "doc_to_target": "target",
        "process_results": _Function("process_results"),
        "repeats": k,
        "filter_list": [{"name": "none", "filter": [{"function": "take_first_k", "k": k}]}],
        "generation_kwargs": {
            "until": [],  # the end token alone
            "max_gen_toks": sampling.max_tokens,
            **_drawing(protocol),
        },
        "metric_list": [
            *(_metric(name) for name in shares),
            *(_metric(name, higher=False) for name in ("no_answer", "verifier_failed")),
            *(_metric(name, _Function(f"{spec.name}:{name}")) for name in spec.measures),
        ],
        "metadata": {"version": spec.version, "benchmark": spec.name, "protocol": protocol.name},
    }


def asked_by_lm_eval() -> Iterator[tuple[Spec, Protocol]]:
    """Every benchmark and protocol but those with pictures, earlier turns, or a vote for which more is drawn."""
    return (
        (spec, protocol)
        for spec in SPECS.values()
        for protocol in spec.protocols
        if protocol.one_message and protocol.name != VOTE
    )


def _drawing(protocol: Protocol) -> dict[str, Any]:
    """As transformers and vLLM take it. They read a `top_k` that is left out as their own default, not as off."""
    sampling = protocol.sampling
    if sampling.temperature == 0:
        return {"do_sample": False}
    return {
        "do_sample": True,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
    }


def _metric(name: str, aggregation: str = "mean", *, higher: bool = True) -> dict[str, Any]:
    return {"metric": name, "aggregation": aggregation, "higher_is_better": higher}


class _Function(str):
    """The name of a function of `evals.lm_eval_tasks.functions`, written with lm-eval's tag for one."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _tagged(dumper: yaml.SafeDumper, name: _Function) -> yaml.ScalarNode:
    return dumper.represent_scalar("!function", f"evals.lm_eval_tasks.functions.{name}")


_Dumper.add_representer(_Function, _tagged)
