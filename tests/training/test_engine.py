import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from training_support import tiny_model

from evals.engine import Request
from evals.model import Chat, EngineModel
from evals.types import Message, Sampling
from training.engine.local import LocalEngine, choose_tokens
from training.engine.randomness import uniform
from training.engine.repetition import RepeatCounter, RepeatStop
from training.examples import Example
from training.logprobs import response_logprobs
from training.tokenizer import ASSISTANT, build_tokenizer

OFF = RepeatStop(repeats=0)


@pytest.fixture(scope="module")
def engine(tokenizer):
    return LocalEngine(tiny_model(tokenizer, seed=1, scale=2.0), tokenizer, max_batch=16, repeat_stop=OFF)


def requests(engine, count, **more):
    prompts = [
        (Message("user", f"Use {' '.join(map(str, range(1, 2 + i % 5)))} to make {i} ."),)
        for i in range(count)
    ]
    return [Request(engine.encode(prompt), seed=1000 + i, **more) for i, prompt in enumerate(prompts)]


def test_a_response_alone_is_the_response_in_a_batch(engine):
    batch = requests(engine, 24)
    sampling = Sampling(max_tokens=48)
    together = engine.generate(batch, sampling)
    alone = [engine.generate([request], sampling)[0] for request in batch]
    assert [r.tokens for r in together] == [r.tokens for r in alone]
    assert [r.finish_reason for r in together] == [r.finish_reason for r in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.logprobs == pytest.approx(other.logprobs, abs=1e-4)
    assert len({len(r.tokens) for r in together}) > 3  # rows really finish at different times


def test_a_response_in_segments_is_the_response_in_one_go(engine):
    sampling = Sampling(max_tokens=40)
    whole = engine.generate(requests(engine, 12), sampling)
    grown, live = [()] * 12, list(range(12))
    for end in (10, 20, 30, 40):
        fresh = requests(engine, 12)
        pending = [Request(fresh[i].prompt, fresh[i].seed, grown[i], max_tokens=end) for i in live]
        drawn = engine.generate(pending, sampling)
        for i, response in zip(live, drawn, strict=True):
            grown[i] = grown[i] + response.tokens
        live = [i for i, response in zip(live, drawn, strict=True) if response.finish_reason == "length"]
    assert grown == [response.tokens for response in whole]


def test_sampler_logprobs_are_the_trainers(engine, tokenizer):
    batch = requests(engine, 10)
    drawn = engine.generate(batch, Sampling(max_tokens=32))
    examples = [
        Example(request.prompt, response.tokens) for request, response in zip(batch, drawn, strict=True)
    ]
    own = response_logprobs(engine.model, examples, tokenizer.pad_token_id, 256)
    for values, response in zip(own, drawn, strict=True):
        assert values.tolist() == pytest.approx(response.logprobs, abs=1e-4)
    for scored, values in zip(engine.logprobs(batch, [r.tokens for r in drawn]), own, strict=True):
        assert scored == pytest.approx(values.tolist(), abs=1e-4)


def test_responses_end_by_stop_length_or_their_own_limit(engine):
    drawn = engine.generate(requests(engine, 24), Sampling(max_tokens=30))
    end = engine.end_tokens[0]
    for response in drawn:
        if response.finish_reason == "stop":
            assert response.tokens[-1] == end
            assert end not in response.tokens[:-1]
        else:
            assert len(response.tokens) == 30
    assert {r.finish_reason for r in drawn} == {"stop", "length"}
    short = engine.generate(requests(engine, 3, max_tokens=5), Sampling(max_tokens=30))
    assert all(len(r.tokens) <= 5 for r in short)


def test_greedy_is_the_same_for_every_seed_and_equals_generate(engine, tokenizer):
    request = requests(engine, 1)[0]
    drawn = engine.generate(
        [request, Request(request.prompt, seed=7)], Sampling(temperature=0, max_tokens=20)
    )
    assert drawn[0].tokens == drawn[1].tokens
    expected = engine.model.generate(
        torch.tensor([request.prompt]),
        attention_mask=torch.ones(1, len(request.prompt)),
        do_sample=False,
        max_new_tokens=20,
    )
    assert list(drawn[0].tokens) == expected[0, len(request.prompt) :].tolist()


def test_a_full_prefix_is_refused(engine):
    request = Request(engine.encode((Message("user", "Use 1 to make 2 ."),)), 0, prefix=(5,) * 8)
    with pytest.raises(ValueError, match="raise max_tokens"):
        engine.generate([request], Sampling(max_tokens=8))


def test_weights_of_another_model_are_refused(engine):
    with pytest.raises(ValueError, match="do not fit"):
        engine.load_weights({"odd": torch.zeros(1)}, 1)


def test_token_frequencies_follow_the_distribution():
    logits = torch.tensor([[2.0, 1.0, 0.0, -1.0]])
    rows = 40_000
    u = uniform(torch.arange(rows), torch.zeros(rows, dtype=torch.long))
    for sampling in (
        Sampling(temperature=1.0),
        Sampling(temperature=2.0),
        Sampling(top_k=2),
        Sampling(top_p=0.8),
    ):
        drawn, logprobs = choose_tokens(logits.expand(rows, -1), sampling, u)
        for token in range(4):
            share = float((drawn == token).float().mean())
            expected = float(logprobs[drawn == token][0].exp()) if share else 0.0
            assert share == pytest.approx(expected, abs=0.01)
    assert set(choose_tokens(logits.expand(rows, -1), Sampling(top_k=2), u)[0].tolist()) == {0, 1}
    assert set(choose_tokens(logits.expand(rows, -1), Sampling(top_p=0.8), u)[0].tolist()) == {0, 1}


@given(st.integers(0, 2**62), st.integers(0, 10_000))
@settings(max_examples=50)
def test_uniform_numbers_do_not_depend_on_the_batch(seed, position):
    alone = uniform(torch.tensor([seed]), torch.tensor([position]))
    batch = uniform(torch.tensor([3, seed, 5]), torch.tensor([0, position, 9]))
    assert 0 <= float(alone[0]) < 1
    assert float(alone[0]) == float(batch[1])


def test_uniform_numbers_are_uniform_and_uncorrelated():
    grid = uniform(torch.arange(300)[:, None].expand(300, 300), torch.arange(300)[None].expand(300, 300))
    assert float(grid.mean()) == pytest.approx(0.5, abs=0.005)
    assert float(grid.var()) == pytest.approx(1 / 12, abs=0.002)
    for other in (grid.roll(1, 0), grid.roll(1, 1)):
        assert abs(float(((grid - 0.5) * (other - 0.5)).mean())) < 0.002


def brute_force_repeat(tokens, rule):
    """The first length at which the tail is a block repeated often enough, from the definition."""
    for n in range(1, len(tokens) + 1):
        for period in range(1, rule.max_period + 1):
            stretch = max(rule.repeats * period, rule.min_tokens)
            tail = tokens[n - stretch : n] if n >= stretch else []
            if tail and all(tail[i] == tail[i - period] for i in range(period, stretch)):
                return n
    return None


@given(st.lists(st.integers(0, 2), min_size=1, max_size=60))
@settings(max_examples=200)
def test_repetition_is_found_where_the_definition_says(tokens):
    rule = RepeatStop(repeats=3, max_period=4, min_tokens=8)
    counter = RepeatCounter(rule, 1, torch.device("cpu"))
    found = next((n for n, t in enumerate(tokens, 1) if bool(counter.update(torch.tensor([t]))[0])), None)
    assert found == brute_force_repeat(tokens, rule)


def test_a_looping_response_is_stopped_also_across_segments(tokenizer):
    model = tiny_model(tokenizer, seed=2, scale=0.01)
    with torch.no_grad():  # a policy that always says the same token
        model.model.norm.weight.zero_()
    rule = RepeatStop(repeats=4, max_period=8, min_tokens=12)
    engine = LocalEngine(model, tokenizer, repeat_stop=rule)
    prompt = engine.encode((Message("user", "Use 1 to make 2 ."),))
    sampling = Sampling(temperature=0, max_tokens=64)
    (whole,) = engine.generate([Request(prompt, 0)], sampling)
    assert (whole.finish_reason, len(whole.tokens)) == ("repeat", 12)
    (head,) = engine.generate([Request(prompt, 0, max_tokens=5)], sampling)
    (tail,) = engine.generate([Request(prompt, 0, head.tokens)], sampling)
    assert (tail.finish_reason, head.tokens + tail.tokens) == ("repeat", whole.tokens)


@pytest.mark.parametrize(
    ("template_end", "opening"),
    [("", ""), ("<think>", "<think>"), ("<think> </think>", ""), ("</think>", "")],
)
def test_a_reply_starts_with_the_mark_of_thinking_that_the_template_opens(template_end, opening):
    tokenizer = build_tokenizer()
    start = f"{ASSISTANT} {{% endif %}}"
    assert tokenizer.chat_template.endswith(start)
    tokenizer.chat_template = (
        tokenizer.chat_template.removesuffix(start) + f"{ASSISTANT} {template_end} {{% endif %}}"
    )
    engine = LocalEngine(tiny_model(tokenizer, seed=1, scale=2.0), tokenizer, repeat_stop=OFF)
    prompt = (Message("user", "Use 1 2 to make 3 . <think>"),)
    (response,) = engine.generate([Request(engine.encode(prompt), 7)], Sampling(max_tokens=8))
    assert response.opening == opening
    (reply,) = EngineModel(engine).reply([Chat(prompt, 7)], Sampling(max_tokens=8))
    assert reply.text == opening + engine.decode(response.tokens)
    assert reply.tokens == len(response.tokens)
