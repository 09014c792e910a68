"""TRL: the reward function in a real GRPO run of a random model."""

import pytest
from adapter_libraries import library

library("trl")
library("torch")
from datasets import Dataset  # noqa: E402
from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, set_seed  # noqa: E402
from trl import GRPOConfig, GRPOTrainer  # noqa: E402

from verifiers.adapters.trl import reward_function  # noqa: E402

WORDS = ["<pad>", "<end>", "question", r"\boxed{4}", r"\boxed{5}"]


def tiny_tokenizer():
    backend = Tokenizer(
        models.WordLevel({word: index for index, word in enumerate(WORDS)}, unk_token="<pad>")
    )
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(
        tokenizer_object=backend, pad_token="<pad>", eos_token="<end>", unk_token="<pad>"
    )


def tiny_model():
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(WORDS), hidden_size=8, intermediate_size=16, num_hidden_layers=1,
            num_attention_heads=1, pad_token_id=0, eos_token_id=1,
        )
    )  # fmt: skip


def test_grpo_uses_the_reward_function(tmp_path):
    set_seed(0)
    steps = []
    judge = reward_function("math", reference="answer")

    def math_reward(completions, **columns):
        steps.append((completions, judge(completions=completions, **columns)))
        return steps[-1][1]

    trainer = GRPOTrainer(
        model=tiny_model(),
        processing_class=tiny_tokenizer(),
        reward_funcs=math_reward,
        train_dataset=Dataset.from_list(
            [{"prompt": "question", "answer": "4"}, {"prompt": "question question", "answer": ""}]
        ),
        args=GRPOConfig(
            str(tmp_path), per_device_train_batch_size=8, num_generations=4, max_completion_length=1,
            max_steps=2, logging_steps=1, save_strategy="no", report_to=[], use_cpu=True,
        ),
    )  # fmt: skip
    trainer.train()

    assert len(steps) == 2
    for (completions, rewards), entry in zip(steps, trainer.state.log_history, strict=False):
        assert rewards.count(None) == 4  # those of the problem without a reference
        scores = [reward for reward in rewards if reward is not None]
        assert entry["rewards/math_reward/mean"] == pytest.approx(sum(scores) / 4)
        assert entry["verifier_failed"] == 0.5
        for completion, reward in zip(completions, rewards, strict=True):
            assert reward is None or reward == float("{4}" in completion)
    assert {1.0, 0.0} <= {reward for _, rewards in steps for reward in rewards}
