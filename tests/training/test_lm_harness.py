"""What `training.lm_harness` says before it needs lm-eval; tests/evals/adapters has the rest."""

import sys

import pytest

from evals.lm_eval_results import LmEvalError
from evals.score import CheckpointFacts
from training.lm_harness import LmEvalTask, run_task

FACTS = CheckpointFacts("mine", "external", None, (), "sha256:w")


def test_lm_eval_missing_is_one_sentence(model, tokenizer, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "lm_eval", None)
    monkeypatch.setitem(sys.modules, "lm_eval.tasks", None)
    with pytest.raises(
        LmEvalError, match=r"need lm-eval, which is not installed: pip install 'k15-repro\[lm-eval\]'"
    ):
        run_task(model, tokenizer, FACTS, LmEvalTask("gsm8k"), scores=tmp_path / "scores.jsonl")


def test_a_chat_template_asked_for_must_be_there(model, tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr(tokenizer, "chat_template", None)
    with pytest.raises(LmEvalError, match="mine has no chat template; run gsm8k without one"):
        run_task(model, tokenizer, FACTS, LmEvalTask("gsm8k", chat=True), scores=tmp_path / "scores.jsonl")
