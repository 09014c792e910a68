"""What long2short trains on: the tokens that were drawn, and no others; and what it says without any data."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from evals.types import Message, Problem, Sample
from repro.stages.long2short import sampled_examples
from training.tokenizer import build_tokenizer
from verifiers import Verdict


def test_a_cut_response_gets_no_end_token() -> None:
    tokenizer = build_tokenizer()
    problem = Problem("p", (Message("user", "Use 1 2 to make 3 ."),), {}, "countdown")
    verdict = Verdict("wrong", 0.0, None, "x", "", "countdown", "1")
    samples = [
        Sample("p", index, "<think> 1 + 2", 4, reason, verdict, 0)
        for index, reason in enumerate(("stop", "length", "repeat"))
    ]
    stopped, cut, repeated = sampled_examples(tokenizer, [(problem, sample) for sample in samples])
    assert stopped.response == (*cut.response, tokenizer.eos_token_id)
    assert cut.response == repeated.response
    assert tokenizer.decode(cut.response) == "<think> 1 + 2"


def test_methods_without_data_are_told_and_the_others_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run whose model solves nothing still ends with its report."""
    from reports.run import load
    from repro.recipe import load_recipe
    from repro.run import Run
    from repro.stages import long2short

    run = Run(load_recipe("smoke"), tmp_path, Console(file=io.StringIO()))
    run.stage_dir("rl").mkdir(parents=True)
    run.finish("rl", {"checkpoint": "rl/0004"})
    (tmp_path / "recipe.yaml").write_text(run.recipe.to_yaml())
    made: list[str] = []
    monkeypatch.setattr(Run, "has", lambda self, name: False)
    monkeypatch.setattr(Run, "load", lambda self, name: (None, build_tokenizer()))
    monkeypatch.setattr(long2short, "merge_sweep", lambda run, long: "long2short/merge-0.30")
    monkeypatch.setattr(long2short, "merge_control", lambda run, long: None)
    monkeypatch.setattr(long2short, "judged_responses", lambda run, start: [])
    monkeypatch.setattr(long2short, "rl_start", lambda run: "rl/0002")
    monkeypatch.setattr(long2short, "train", lambda run, config, start, name, folder: made.append(name))
    long2short.run(run)
    assert made == ["long2short/rl"]
    facts = json.loads((run.stage_dir("long2short") / "done.json").read_text())
    assert facts["not_made"].keys() == {
        "long2short/shortest_rejection",
        "long2short/merge_rejection",
        "long2short/dpo",
    }
    missing = load(tmp_path).missing
    assert "long2short/dpo was not made: rl/0004 has no right response" in " ".join(missing)


def test_the_mark_of_thinking_that_the_prompt_opens_is_trained_on_once() -> None:
    tokenizer = build_tokenizer()
    assert isinstance(tokenizer.chat_template, str)
    tokenizer.chat_template += "<think>"
    problem = Problem("p", (Message("user", "Use 1 2 to make 3 ."),), {}, "countdown")
    verdict = Verdict("wrong", 0.0, None, "x", "", "countdown", "1")
    sample = Sample("p", 0, "<think> 1 + 2 </think>", 5, "stop", verdict, 0)
    (example,) = sampled_examples(tokenizer, [(problem, sample)])
    assert tokenizer.decode(example.prompt).endswith("<|assistant|> <think>")
    assert tokenizer.decode(example.response) == "1 + 2 </think> <|end|>"
