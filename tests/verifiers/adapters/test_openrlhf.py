"""OpenRLHF: a reward file loaded and called by its own executor, and made a training experience of."""

import asyncio
import sys
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from adapter_libraries import library

library("openrlhf")
import torch  # noqa: E402
from openrlhf.utils.agent import SingleTurnAgentExecutor  # noqa: E402

REWARD_FILE = """
from verifiers.adapters.openrlhf import reward_function

reward_func = reward_function("math")
"""
PROMPT = r"user: the answer is not \boxed{2}, what is it? assistant:"


class Characters:
    """A tokenizer whose tokens are characters."""

    def __call__(self, text, **_):
        return {"input_ids": torch.tensor([[ord(character) for character in text]])}

    def decode(self, ids, **_):
        return "".join(map(chr, ids))


class Engine:
    """Answers with one text."""

    def __init__(self, text):
        self.text = text

    async def generate(self, token_ids, params, **_):
        output = SimpleNamespace(
            token_ids=[ord(character) for character in self.text], text=self.text, finish_reason="stop", logprobs=None
        )  # fmt: skip
        return SimpleNamespace(outputs=[output])


@pytest.fixture
def executor(tmp_path):
    path = tmp_path / "reward.py"
    path.write_text(REWARD_FILE)
    return SingleTurnAgentExecutor([str(path)])


def answer(executor, text, label, max_length=500):
    params = SimpleNamespace(max_tokens=100, logprobs=None)
    return executor.execute(PROMPT, label, params, max_length, Characters(), Engine(text))


async def answers(executor, pairs):
    return await asyncio.gather(*(answer(executor, text, label) for text, label in pairs))


def test_its_executor_loads_and_calls_the_function(executor):
    pairs = [(r"\boxed{\frac12}</s>", "0.5"), ("no idea", "2"), (r"\boxed{1/3}", "0.5"), ("2", "")] * 5
    found = asyncio.run(answers(executor, pairs))
    assert [one["reward"].item() for one in found] == [1.0, 0.0, 0.0, 0.0] * 5
    failed = [one["extra_logs"]["verifier_failed"].item() for one in found]
    assert failed == [0.0, 0.0, 0.0, 1.0] * 5


def test_a_prompt_cut_at_its_beginning_is_still_recognised(executor):
    found = asyncio.run(answer(executor, "no idea", "2", max_length=100 + len(PROMPT) - 10))
    assert found["reward"].item() == 0.0
    assert found["extra_logs"]["verifier_failed"].item() == 0.0


def test_the_reward_reaches_the_experience(executor, monkeypatch):
    for name in ("vllm", "openrlhf.trainer.ray.vllm_engine"):  # needs a GPU, and is not used here
        monkeypatch.setitem(sys.modules, name, MagicMock())
    from openrlhf.trainer.ppo_utils.samples_generator import SamplesGenerator

    found = asyncio.run(answer(executor, r"\boxed{1/2}", "0.5"))
    generator = SamplesGenerator.__new__(SamplesGenerator)
    experience = generator._process_response_into_experience(found, max_len=500)
    assert experience.rewards.tolist() == [1.0]
    assert experience.scores.tolist() == [1.0]
    assert experience.info["verifier_failed"].tolist() == [0.0]
