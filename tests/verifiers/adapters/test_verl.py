"""verl: loaded by its own loader from its own configuration, run by its reward managers in asyncio and in Ray."""

import asyncio

import pytest
from adapter_libraries import library

library("verl")
import numpy as np  # noqa: E402
import ray  # noqa: E402
import torch  # noqa: E402
from hydra import compose, initialize_config_module  # noqa: E402
from verl import DataProto  # noqa: E402
from verl.trainer.ppo.metric_utils import process_validation_metrics  # noqa: E402
from verl.trainer.ppo.reward import get_custom_reward_fn, load_reward_manager  # noqa: E402

OVERRIDES = [
    "reward.custom_reward_function.path=pkg://verifiers.adapters.verl",
    "+reward.custom_reward_function.reward_kwargs.kinds={openai/gsm8k: math, puzzles: countdown, x: text}",
    "+reward.custom_reward_function.reward_kwargs.options={text: {match: exact}}",
    "reward.num_workers=1",
]
SAMPLES = [
    ("openai/gsm8k", r"So \boxed{1/2}", "0.5", 1.0),
    ("openai/gsm8k", r"So \boxed{1/3}", "0.5", 0.0),
    ("openai/gsm8k", r"So \boxed{\int_0^1 x dx}", "0.5", 1.0),  # decided in a worker process
    ("puzzles", "<answer> 3 * 4 + 5 </answer>", '{"numbers": [3, 4, 5], "target": 17}', 1.0),
    ("x", "<answer>Paris.</answer>", "paris", 0.0),
    ("x", "<answer>paris</answer>", "paris", 1.0),
]


class Characters:
    """A tokenizer whose tokens are characters."""

    def decode(self, ids, skip_special_tokens=True):
        return "".join(map(chr, ids.tolist()))


def configuration(*overrides):
    with initialize_config_module("verl.trainer.config", version_base=None):
        return compose("ppo_trainer", overrides=[*OVERRIDES, *overrides])


def rollout(data_source, response, ground_truth):
    ids = torch.tensor([[ord(character) for character in response]])
    return DataProto.from_dict(
        tensors={"responses": ids, "attention_mask": torch.ones(1, ids.shape[1] + 3, dtype=torch.long)},
        non_tensors={
            "data_source": np.array([data_source], dtype=object),
            "reward_model": np.array([{"ground_truth": ground_truth}], dtype=object),
            "extra_info": np.array([{}], dtype=object),
        },
    )


async def all_scores(manager, samples):
    return await asyncio.gather(*(manager.run_single(rollout(*sample[:3])) for sample in samples))


def scores_of(manager, times):
    found = manager.loop.run_until_complete(all_scores(manager, SAMPLES * times))
    return [one["reward_score"] for one in found], [one["reward_extra_info"] for one in found]


@pytest.fixture
def loop():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


def test_its_loader_finds_the_function():
    score = get_custom_reward_fn(configuration())
    for data_source, solution, truth, expected in SAMPLES:
        found = score(data_source=data_source, solution_str=solution, ground_truth=truth, extra_info={})
        assert found["score"] == expected


def test_its_reward_manager_runs_it_in_an_event_loop(loop):
    scores, infos = scores_of(load_reward_manager(configuration(), Characters()), times=8)
    assert scores == [expected for *_, expected in SAMPLES] * 8
    sources = [data_source for data_source, *_ in SAMPLES] * 8
    columns = {name: [info[name] for info in infos] for name in infos[0]}
    problems = [str(place % len(SAMPLES)) for place in range(len(sources))]
    summary = process_validation_metrics(sources, problems, columns)
    assert summary["openai/gsm8k"]["acc"]["mean@8"] == pytest.approx(2 / 3)
    assert summary["openai/gsm8k"]["verifier_failed"]["mean@8"] == 0.0


def test_its_remote_reward_manager_runs_it_in_ray(loop):
    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
    try:
        manager = load_reward_manager(configuration("reward.reward_manager.name=remote"), Characters())
        scores, _ = scores_of(manager, times=2)
    finally:
        ray.shutdown()
    assert scores == [expected for *_, expected in SAMPLES] * 2
