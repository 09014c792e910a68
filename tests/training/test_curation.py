import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.engine import Request, Response
from evals.types import Message, Problem, Sampling
from training.curation import (
    Prefilled,
    balance,
    balanced_cap,
    problem_from_json,
    problem_to_json,
    split_candidates,
    summary,
    with_difficulty,
)


def problem(name, text="Use 1 2 to make 3 .", verifier="countdown", **tags):
    return Problem(name, (Message("user", text),), {"numbers": [1, 2], "target": 3}, verifier, tags)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=6), st.floats(0.2, 1))
def test_no_tag_holds_more_than_its_share(counts, share):
    cap = balanced_cap(counts, share)
    kept = [min(n, cap) for n in counts]
    if len(counts) * share > 1 and sum(kept) and cap > min(counts):
        assert max(kept) <= share * sum(kept)
        bigger = [min(n, cap + 1) for n in counts]
        assert bigger == kept or max(bigger) > share * sum(bigger)  # nothing was removed needlessly


def test_balance_removes_only_from_the_largest_and_says_why():
    problems = [problem(f"a{i}", level="easy") for i in range(90)] + [
        problem(f"b{i}", level="hard") for i in range(10)
    ]
    kept, removed = balance(problems, "level", 0.6, seed=1)
    assert sum(p.tags["level"] == "hard" for p in kept) == 10
    assert sum(p.tags["level"] == "easy" for p in kept) == 15
    assert {r.rule for r in removed} == {"balance"}
    assert len(kept) + len(removed) == 100
    assert kept == balance(problems, "level", 0.6, seed=1)[0]
    assert [p.id for p in kept] != [p.id for p in balance(problems, "level", 0.6, seed=2)[0]]


class Echo:
    def encode(self, prompt, prefill=""):
        return tuple(map(ord, prompt[-1].content + prefill))

    def decode(self, tokens):
        return "".join(map(chr, tokens))

    def generate(self, requests, sampling, on_tokens=None):
        return [Response(request.prompt[-2:], (0.0, 0.0), "stop") for request in requests]


def test_a_guess_is_the_prefill_and_what_was_drawn_after_it():
    guesser = Prefilled(Echo(), "<answer>")
    prompt = guesser.encode((Message("user", "hi"),))
    assert Echo().decode(prompt) == "hi<answer>"
    (drawn,) = guesser.generate([Request(prompt, 0)], Sampling())
    assert guesser.decode(drawn.tokens) == "<answer> r>"


def test_the_summary_accounts_for_every_candidate():
    candidates = [problem(f"p{i}", level="x" if i < 6 else "y") for i in range(10)]
    rates = {p.id: i / 10 for i, p in enumerate(candidates)}
    kept, removed = split_candidates(
        candidates, "trivial", lambda p: "too easy" if rates[p.id] > 0.7 else None
    )
    facts = summary(candidates, kept, removed, rates, samples=10)
    assert facts["kept"] + sum(facts["removed"].values()) == facts["candidates"] == 10
    assert facts["removed"] == {"trivial": 2}
    assert facts["pass_rate_histogram"] == [1] * 10 + [0]
    assert facts["by_tag"]["level=y"] == {"candidates": 4, "kept": 2, "mean_pass_rate": pytest.approx(0.75)}


def test_problems_survive_json():
    original = with_difficulty(problem("p", level="x"), 0.3)
    assert problem_from_json(problem_to_json(original)) == original
    assert original.difficulty == pytest.approx(0.7)
