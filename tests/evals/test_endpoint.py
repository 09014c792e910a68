"""Models behind an endpoint: a real HTTP server in this process answers, well and badly."""

import asyncio
import base64
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from endpoint_support import Clock, Says, Server, completion, error, serving
from evals_support import make_benchmark
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.endpoint import Endpoint, EndpointModel, Usage, endpoint_digest, parse_extra
from evals.endpoint.pace import Pace
from evals.generations import CachedModel
from evals.model import Chat, ModelError, Reply
from evals.run import Progress, evaluate
from evals.score import CheckpointFacts, score
from evals.types import Image, Message, Problem, Sample, Sampling
from verifiers import verify

KEY = "sk-a-very-secret-key"
GREEDY = Sampling(temperature=0.0, max_tokens=100)


def chat(text: str, seed: int = 0, images: tuple[Image, ...] = ()) -> Chat:
    return Chat((Message("system", "Be brief."), Message("user", text, images)), seed)


def chats(count: int) -> list[Chat]:
    return [chat(f"q{number}", number) for number in range(count)]


def model(server: Server, clock: Clock | None = None, **settings: Any) -> EndpointModel:
    clock = clock or Clock()
    return EndpointModel(server.endpoint(**settings), clock=clock, sleep=clock.sleep)


def echo(body: dict[str, Any], number: int) -> Says:
    return completion("re " + body["messages"][-1]["content"])


def first(*says: Says) -> Callable[[dict[str, Any], int], Says]:
    """These answers to the first requests, and an echo to the others."""
    return lambda body, number: says[number] if number < len(says) else echo(body, number)


def fails(answer: Callable[[dict[str, Any], int], Says], **settings: Any) -> tuple[str, int]:
    """The sentence that one chat fails with, and how many requests it took."""
    with serving(answer) as server, pytest.raises(ModelError) as failure:
        model(server, **settings).reply([chat("q")], GREEDY)
    sentence = str(failure.value)
    assert sentence.endswith(".")
    assert not sentence.endswith("..")
    assert "\n" not in sentence
    return sentence, len(server.bodies)


# --- Requests and replies ---------------------------------------------------------------------------------


def test_what_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", f"{KEY}\n")
    sampling = Sampling(temperature=0.6, top_p=0.95, max_tokens=77)
    with serving(echo) as server:
        model(server, api_key_env="SOME_KEY").reply([chat("q", seed=2**62 + 5)], sampling)
    assert server.bodies == [
        {
            "model": "m",
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "q"}],
            "temperature": 0.6,
            "top_p": 0.95,
            "max_tokens": 77,
            "seed": 5,
        }
    ]
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


def test_top_k_only_where_it_is_on_and_extra_fields_come_last() -> None:
    extra = {"temperature": None, "top_p": 0.5, "chat_template_kwargs": {"thinking": True}}
    with serving(echo) as server:
        model(server, extra=extra, max_tokens_field="max_completion_tokens").reply(
            [chat("q")], Sampling(top_k=20, max_tokens=9)
        )
    body = server.bodies[0]
    assert (body["top_k"], body["top_p"], body["max_completion_tokens"]) == (20, 0.5, 9)
    assert body["chat_template_kwargs"] == {"thinking": True}
    assert not {"temperature", "max_tokens"} & body.keys()
    assert "authorization" not in server.headers[0]


def test_images_stand_before_the_text() -> None:
    image = Image(b"\x89PNG-like", "image/png")
    with serving(lambda body, number: completion("ok")) as server:
        model(server).reply([chat("What is it?", images=(image, Image(b"jpg", "image/jpeg")))], GREEDY)
    pictures, text = (
        server.bodies[0]["messages"][1]["content"][:-1],
        server.bodies[0]["messages"][1]["content"][-1],
    )
    assert text == {"type": "text", "text": "What is it?"}
    head, data = pictures[0]["image_url"]["url"].split(",")
    assert (head, base64.b64decode(data)) == ("data:image/png;base64", image.data)
    assert pictures[1]["image_url"]["url"].startswith("data:image/jpeg;base64,")


def test_replies_come_in_order_whichever_is_ready_first() -> None:
    def slow_first(body: dict[str, Any], number: int) -> Says:
        time.sleep(0.1 if number < 4 and number % 2 == 0 else 0.0)
        return echo(body, number)

    told: list[tuple[int, str]] = []
    tokens: list[int] = []
    with serving(slow_first) as server:
        replies = model(server, concurrency=4).reply(
            chats(20), GREEDY, tokens.append, lambda position, reply: told.append((position, reply.text))
        )
    assert [reply.text for reply in replies] == [f"re q{number}" for number in range(20)]
    assert sorted(told) == list(enumerate(f"re q{number}" for number in range(20)))
    assert told != sorted(told)
    assert sum(tokens) == 20 * 5
    assert 2 <= server.most_at_once <= 4


def test_one_at_a_time() -> None:
    with serving(echo) as server:
        model(server, concurrency=1).reply(chats(5), GREEDY)
    assert server.most_at_once == 1
    assert server.asked == [f"q{number}" for number in range(5)]


def test_no_chats_ask_nothing() -> None:
    with serving(echo) as server:
        assert model(server).reply([], GREEDY) == []
    assert server.bodies == []


def test_from_threads_in_turn_and_under_an_event_loop() -> None:
    def slow(body: dict[str, Any], number: int) -> Says:
        time.sleep(0.02)
        return echo(body, number)

    with serving(slow) as server:
        asked = model(server, concurrency=1)
        results: dict[int, list[Reply]] = {}

        def ask(number: int) -> None:
            results[number] = asked.reply([chat(f"q{number}")], GREEDY)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        async def in_a_notebook() -> list[Reply]:
            return asked.reply([chat("q3")], GREEDY)

        results[3] = asyncio.run(in_a_notebook())
    assert {number: replies[0].text for number, replies in results.items()} == {
        n: f"re q{n}" for n in range(4)
    }
    assert asked.usage.replies == 4
    assert server.most_at_once == 1


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        (completion("a", reason="stop"), Reply("a", 5, "stop")),
        (completion("a", reason="length"), Reply("a", 5, "length")),
        (completion("a", reason="model_length"), Reply("a", 5, "length")),
        (completion("a", reason="repetition"), Reply("a", 5, "repeat")),
        (completion("a", reason=None), Reply("a", 5, "stop")),
        (completion(None, reason="content_filter"), Reply("", 5, "stop")),
        (completion("", tokens=0), Reply("", 0, "stop")),
        (completion(None, refusal="I will not."), Reply("I will not.", 5, "stop")),
        (completion("a", reasoning="r", reasoning_content=None), Reply("<think>r</think>a", 5, "stop")),
        (completion("a", reasoning_content="r"), Reply("<think>r</think>a", 5, "stop")),
        (completion(None, reasoning="r", reason="length"), Reply("<think>r", 5, "length")),
        (completion(None, reasoning="r"), Reply("<think>r</think>", 5, "stop")),
    ],
)
def test_what_an_answer_means(said: Says, reply: Reply) -> None:
    with serving(lambda body, number: said) as server:
        asked = model(server)
        assert asked.reply([chat("q")], GREEDY) == [reply]
    filtered = said.body["choices"][0]["finish_reason"] == "content_filter"
    assert asked.usage.filtered == int(filtered)


def test_reasoning_is_not_taken_for_the_answer() -> None:
    said = [
        completion(r"It is \boxed{4}.", reasoning=r"Is it \boxed{5}? </think> No: \boxed{6}"),
        completion(None, reasoning=r"\boxed{4}", reason="length"),
    ]
    with serving(first(*said)) as server:
        right, unclosed = model(server, concurrency=1).reply(chats(2), GREEDY)
    assert verify("math", right.text, "4").correct
    assert verify("math", unclosed.text, "4", finish_reason=unclosed.finish_reason).status == "truncated"


def test_a_reply_starts_with_the_mark_of_thinking_that_the_template_opens() -> None:
    said = [
        completion(r"Is it \boxed{5}? </think> It is \boxed{4}."),
        completion(r"It must be \boxed{4}, let me", reason="length"),
        completion(r"It is \boxed{4}.", reasoning="Hm."),
        completion(r"<think>Hm.</think>It is \boxed{4}."),
    ]
    with serving(first(*said)) as server:
        asked = model(server, concurrency=1, thinking_open="<think>")
        closed, cut, parted, written = asked.reply(chats(4), GREEDY)
    assert closed.text == r"<think>Is it \boxed{5}? </think> It is \boxed{4}."
    assert parted.text == written.text == r"<think>Hm.</think>It is \boxed{4}."
    assert all(verify("math", reply.text, "4").correct for reply in (closed, parted, written))
    assert verify("math", cut.text, "4", finish_reason=cut.finish_reason).status == "truncated"
    assert asked.endpoint.digest != replace(asked.endpoint, thinking_open="").digest


def test_a_mark_that_opens_no_thinking_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'<plan>' opens no thinking that is known; name one of <think>, "):
        Endpoint("http://host/v1", "m", thinking_open="<plan>")


# --- Failures that pass -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        error(429),
        error(500),
        error(503),
        error(408),
        Says(b"<html>Bad gateway</html>", 502),
        Says(drop=True),
        Says({"error": {"code": 529, "message": "The model is overloaded."}}),  # under the status 200
        completion("half", reason="abort"),
        completion("half", reason="insufficient_system_resource"),
    ],
)
def test_what_passes_is_asked_again(said: Says) -> None:
    clock = Clock()
    with serving(first(said, said)) as server:
        asked = model(server, clock)
        assert asked.reply([chat("q")], GREEDY)[0].text == "re q"
    assert (asked.usage.requests, asked.usage.retries, asked.usage.replies) == (3, 2, 1)
    one, two = clock.slept
    assert 1 <= one <= 2 <= two <= 3


def test_the_waits_grow_and_end() -> None:
    clock, said = Clock(), []
    with serving(lambda body, number: error(503, "Busy.")) as server, pytest.raises(ModelError) as failure:
        EndpointModel(server.endpoint(retries=8), on_wait=said.append, clock=clock, sleep=clock.sleep).reply(
            [chat("q")], GREEDY
        )
    assert len(server.bodies) == 9
    for wait, doubled in zip(clock.slept, [1, 2, 4, 8, 16, 32, 60, 60], strict=True):
        assert doubled <= wait <= min(doubled + 1, 60)
    assert len(said) == 8
    assert said[0].startswith(f"{server.base_url}/chat/completions answers 503: Busy; trying again in ")
    assert str(failure.value) == f"{server.base_url}/chat/completions answers 503: Busy (tried 9 times)."


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("7", 7, 7),
        ("0.25", 0.25, 0.25),
        ("-3", 1, 2),
        ("0", 1, 2),
        ("soon", 1, 2),
        ("nan", 1, 2),
        ("in 90 seconds", 60, 90),
    ],
)
def test_the_wait_that_is_asked_for(value: str, low: float, high: float) -> None:
    clock = Clock()
    if value == "in 90 seconds":  # as a date, which must not be older than the test
        value = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    with serving(first(error(429, retry_after=value))) as server:
        model(server, clock).reply([chat("q")], GREEDY)
    assert low <= clock.now <= high


def test_a_wait_holds_the_others_too() -> None:
    refused, times = threading.Event(), []

    class Waiting(Clock):
        """The refused request sleeps for as long as others make the time pass."""

        async def sleep(self, seconds: float) -> None:
            if seconds != 20:
                return await super().sleep(seconds)
            refused.set()
            for _ in range(500):
                if self.now < 20:
                    await asyncio.sleep(0.001)
            return None

    clock = Waiting()

    def once_refused(body: dict[str, Any], number: int) -> Says:
        times.append(clock.now)
        if number == 0:
            return error(429, retry_after="20")
        refused.wait(10)
        return echo(body, number)

    with serving(once_refused) as server:
        model(server, clock, concurrency=2).reply(chats(6), GREEDY)
    assert times[:2] == [0, 0]  # both were under way
    assert len(times) == 7
    assert min(times[2:]) >= 20


@pytest.mark.parametrize(
    "said", [error(429, retry_after="86400"), error(429, "No quota.", "insufficient_quota"), error(402)]
)
def test_what_waiting_does_not_mend(said: Says) -> None:
    sentence, requests = fails(lambda body, number: said)
    assert requests == 1
    assert "86,400 seconds" in sentence or "no credit left" in sentence


def test_a_timeout_is_asked_again() -> None:
    over = threading.Event()

    def hang(body: dict[str, Any], number: int) -> Says:
        if number == 0:
            over.wait(10)
        return echo(body, number)

    with serving(hang) as server:
        asked = model(server, timeout=0.2)
        assert asked.reply([chat("q")], GREEDY)[0].text == "re q"
        over.set()
    assert asked.usage.retries == 1


def test_a_timeout_in_a_sentence() -> None:
    over = threading.Event()

    def hang(body: dict[str, Any], number: int) -> Says:
        over.wait(10)
        return echo(body, number)

    with serving(hang) as server:
        with pytest.raises(ModelError, match=r"gave no answer within 0.1 seconds \(tried 2 times\)\.$"):
            model(server, timeout=0.1, retries=1).reply([chat("q")], GREEDY)
        over.set()


# --- Failures that stay -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (error(401, "Wrong key."), ["refuses the API key (401: Wrong key)", "--api-key-env"]),
        (error(403), ["refuses the API key (403"]),
        (error(404, "No such model."), ["has no model 'm'", "404: No such model", "/v1"]),
        (error(400, "Too long."), ["refuses the request (400: Too long)", "--max-tokens"]),
        (error(400, "Use 'max_completion_tokens' instead."), ["--max-tokens-field max_completion_tokens"]),
        (error(400, "System role not supported"), ["takes no system message"]),
        (Says({"detail": "Not so."}, 422), ["422: Not so"]),
        (Says({"object": "error", "message": "vLLM says no."}, 400), ["400: vLLM says no"]),
        (Says(b"plain\n words", 400), ["400: plain words"]),
        (Says(b"", 302, {"Location": "/elsewhere"}), ["(302)"]),
        (Says(b"x" * 1000, 400), ["x" * 300 + "…"]),
    ],
)
def test_what_stays_is_one_sentence_at_once(said: Says, words: list[str]) -> None:
    sentence, requests = fails(lambda body, number: said)
    assert requests == 1
    for word in words:
        assert word in sentence


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Welcome</html>",
        b"",
        b'{"choices": [',
        b"[]",
        {"choices": []},
        {"choices": [{"message": "a"}]},
        {"object": "list"},
    ],
)
def test_what_is_no_completion_is_no_endpoint(body: Any) -> None:
    sentence, requests = fails(lambda _, number: Says(body))
    assert requests == 1
    assert "something else than a chat completion" in sentence
    assert "/v1" in sentence


def test_what_is_no_completion_passes_where_there_were_some() -> None:
    def second_broken(body: dict[str, Any], number: int) -> Says:
        return Says(b'{"choices": [') if number == 1 else echo(body, number)

    with serving(second_broken) as server:
        replies = model(server, concurrency=1).reply(chats(3), GREEDY)
    assert [reply.text for reply in replies] == ["re q0", "re q1", "re q2"]
    assert len(server.bodies) == 4


def test_nothing_at_the_address() -> None:
    with serving(echo) as server:
        pass
    clock = Clock()
    with pytest.raises(ModelError, match=r"^Nothing answers at http://127.0.0.1:\d+/v1/chat/completions"):
        model(server, clock).reply(chats(3), GREEDY)
    assert clock.slept == []


def test_tokens_that_are_not_told() -> None:
    said = completion("a")
    del said.body["usage"]
    assert "no `usage`" in fails(lambda body, number: said)[0]


def test_a_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", KEY)
    heard: list[str] = []
    answers = [error(500, f"Bearer {KEY} failed."), error(401, f"Incorrect API key provided: {KEY}.")]
    with serving(first(*answers)) as server:
        asked = EndpointModel(
            server.endpoint(api_key_env="SOME_KEY"), on_wait=heard.append, sleep=Clock().sleep
        )
        with pytest.raises(ModelError) as failure:
            asked.reply([chat("q")], GREEDY)
    sentence = str(failure.value)
    assert "check the key in SOME_KEY" in sentence
    assert "***" in sentence
    assert "***" in heard[0]
    assert failure.value.__cause__ is None
    for shown in (
        sentence,
        *heard,
        repr(asked),
        repr(asked.endpoint),
        asked.endpoint.digest,
        repr(asked.usage),
    ):
        assert KEY not in shown


@pytest.mark.parametrize(
    ("value", "says"),
    [(None, "is not set"), (" ", "is not set"), ("ключ", "no API key"), ("a\nb", "no API key")],
)
def test_a_key_that_cannot_be_used(value: str | None, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOME_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("SOME_KEY", value)
    with pytest.raises(ValueError, match=f"SOME_KEY.*{says}"):
        EndpointModel(Endpoint("http://localhost/v1", "m", api_key_env="SOME_KEY"))


def test_keys_of_others_are_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-mine")
    with serving(echo) as server:
        model(server).reply([chat("q")], GREEDY)
    assert KEY not in str(server.headers)
    assert "org-of-mine" not in str(server.headers)


# --- Limits, cost, budget ---------------------------------------------------------------------------------


def test_requests_per_minute() -> None:
    clock, times = Clock(), []

    def timed(body: dict[str, Any], number: int) -> Says:
        times.append(clock.now)
        return error(500) if number == 3 else echo(body, number)

    with serving(timed) as server:
        asked = model(server, clock, requests_per_minute=30, concurrency=1)
        asked.reply(chats(6), GREEDY)
        asked.reply(chats(5), GREEDY)  # goes on at the same pace
    assert times == pytest.approx([2 * number for number in range(12)])  # the repeated one counts


def test_tokens_per_minute() -> None:
    """With 40 tokens a reply and 600 a minute a reply takes 4 s."""
    clock = Clock()
    with serving(lambda body, number: completion("a", tokens=30, prompt_tokens=10)) as server:
        model(server, clock, tokens_per_minute=600, concurrency=1).reply(chats(16), GREEDY)
    assert 15 * 4 <= clock.now <= 15 * 4 + 1


def test_tokens_of_what_fails_are_not_counted() -> None:
    clock = Clock()
    with serving(first(*[error(500)] * 5)) as server:
        model(server, clock, tokens_per_minute=60).reply([chat("q")], Sampling(max_tokens=10_000))
    assert clock.now < 60  # the waits between tries, not the minutes that 10,000 tokens take


@given(
    per_minute=st.floats(60, 1e4),
    amounts=st.lists(st.tuples(st.floats(0, 30), st.floats(0, 30)), min_size=1, max_size=10),
)
@settings(deadline=None, max_examples=50)
def test_a_pace_is_kept_by_all_who_share_it(per_minute: float, amounts: list[tuple[float, float]]) -> None:
    """Whoever begins, all that was used before, but for what the last one took, fits into the time until then."""
    clock = Clock()
    pace = Pace(per_minute, clock, clock.sleep)
    begun: list[tuple[float, float]] = []

    async def use(expected: float, used: float) -> None:
        await pace.take(expected)
        begun.append((clock.now, used))
        pace.settle(used - expected)

    async def all_at_once() -> None:
        await asyncio.gather(*(use(*amount) for amount in amounts))

    asyncio.run(all_at_once())
    assert len(begun) == len(amounts)
    for number, (moment, _) in enumerate(begun):
        before = sum(used for _, used in begun[:number])
        assert before * 60 <= per_minute * moment + 1e-6 * (1 + before)


def test_a_pace_makes_up_for_no_pause() -> None:
    clock = Clock()
    pace, begun = Pace(60, clock, clock.sleep), []

    async def after_a_pause() -> None:
        await clock.sleep(1000)
        for _ in range(3):
            await pace.take()
            begun.append(clock.now)

    asyncio.run(after_a_pause())
    assert begun == [1000, 1001, 1002]


def test_cost_adds_up() -> None:
    def answer(body: dict[str, Any], number: int) -> Says:
        return error(500) if number == 1 else completion("a", tokens=100 + number, prompt_tokens=1000)

    with serving(answer) as server:
        asked = model(server, concurrency=1, price_in=0.5, price_out=2.0)
        asked.reply(chats(3), GREEDY)
    response_tokens = 100 + 102 + 103
    assert asked.usage == Usage(
        requests=4,
        retries=1,
        replies=3,
        prompt_tokens=3000,
        response_tokens=response_tokens,
        cost=pytest.approx(3000 * 0.5e-6 + response_tokens * 2e-6),
    )


def test_a_budget_ends_it_and_keeps_what_was_paid_for() -> None:
    kept: list[int] = []
    with serving(lambda body, number: completion("a", tokens=1_000_000, prompt_tokens=0)) as server:
        asked = model(server, concurrency=1, price_in=0, price_out=1.5, budget=4)
        with pytest.raises(ModelError, match=r"^The budget of \$4\.00 is spent \(\$4\.50 for 3 replies\)"):
            asked.reply(chats(10), GREEDY, None, lambda position, _: kept.append(position))
        with pytest.raises(ModelError, match="budget"):
            asked.reply(chats(1), GREEDY)
    assert kept == [0, 1, 2]
    assert len(server.bodies) == 3


# --- Settings ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_settings", "says"),
    [
        ({"base_url": "localhost:8000/v1"}, "base URL"),
        ({"base_url": "ftp://host/v1"}, "base URL"),
        ({"base_url": "http://host:99999/v1"}, "base URL"),
        ({"base_url": "http://[::1/v1"}, "base URL"),
        ({"base_url": "https://me:secret@host/v1"}, "--api-key-env"),
        ({"base_url": "https://host/v1?key=secret"}, "--api-key-env"),
        ({"model": ""}, "--model"),
        ({"concurrency": 0}, "concurrency"),
        ({"retries": -1}, "retries"),
        ({"timeout": 0}, "timeout"),
        ({"max_refused": -1}, "--max-refused"),
        ({"requests_per_minute": 0}, "limit of 0"),
        ({"tokens_per_minute": -1}, "limit of -1"),
        ({"price_in": 1.0}, "both prices"),
        ({"price_in": 1.0, "price_out": -1.0}, "not below 0"),
        ({"budget": 5.0}, "--price-in"),
        ({"extra": {"stream": True}}, "'stream'"),
        ({"extra": {"n": 4}}, "'n'"),
    ],
)
def test_settings_that_cannot_be_meant(given_settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says) as failure:
        Endpoint(**{"base_url": "http://localhost:8000/v1", "model": "m"} | given_settings)
    assert "secret" not in str(failure.value)


def test_a_digest_stands_for_address_model_and_extra_fields() -> None:
    one = endpoint_digest("https://host/v1", "m", {"a": 1, "b": 2})
    assert one.startswith("endpoint:sha256:")
    assert one == endpoint_digest("https://host/v1/", "m", {"b": 2, "a": 1})
    assert (
        one
        == Endpoint(
            "https://host/v1", "m", extra={"a": 1, "b": 2}, concurrency=3, price_in=1, price_out=1
        ).digest
    )
    others = [
        ("https://other/v1", "m", {"a": 1, "b": 2}),
        ("https://host/v1", "n", {"a": 1, "b": 2}),
        ("https://host/v1", "m", {}),
    ]
    assert one not in {endpoint_digest(*other) for other in others}


def test_extra_fields_are_a_json_object() -> None:
    assert parse_extra('{"top_k": 20, "temperature": null}') == {"top_k": 20, "temperature": None}
    for text in ("{top_k: 20}", "[1]", ""):
        with pytest.raises(ValueError, match="extra fields"):
            parse_extra(text)


def test_a_package_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tenacity", None)
    with pytest.raises(
        ModelError, match=r"tenacity, which is not installed; pip install 'k15-repro\[endpoint\]'"
    ):
        EndpointModel(Endpoint("http://localhost/v1", "m"))


# --- Evaluation -------------------------------------------------------------------------------------------


def test_one_failing_chat_loses_no_other(tmp_path: Path) -> None:
    refused = threading.Event()

    def refuse_one(body: dict[str, Any], number: int) -> Says:
        if body["messages"][-1]["content"] == "q5" and not refused.is_set():
            refused.set()
            return error(400, "Too long.")
        return echo(body, number)

    with serving(refuse_one) as server:
        one = model(server, concurrency=2, max_refused=0)
        asked = CachedModel(one, server.endpoint().digest, tmp_path / "kept.sqlite")
        with pytest.raises(ModelError, match="Too long"):
            asked.reply(chats(12), GREEDY)
        assert len(server.bodies) in (6, 7)  # the refused one, those before it, and one under way
        assert [reply.text for reply in asked.reply(chats(12), GREEDY)] == [f"re q{n}" for n in range(12)]
    assert len(server.bodies) == 13
    assert sorted(server.asked) == sorted([f"q{number}" for number in range(12)] + ["q5"])


def refusing(*refused: str, said: Says | None = None) -> Callable[[dict[str, Any], int], Says]:
    """Refuses these prompts, and echoes the others."""

    def answer(body: dict[str, Any], number: int) -> Says:
        text = body["messages"][-1]["content"]
        return (said or error(400, "The prompt is too long.")) if text in refused else echo(body, number)

    return answer


@pytest.mark.parametrize(
    "said",
    [
        error(400, "This model's maximum context length is 8192 tokens.", "context_length_exceeded"),
        error(400, "'max_tokens' or 'max_completion_tokens' is too large: 9000 with 1200 in the prompt."),
        error(400, "The response was filtered.", "content_filter"),
        error(403, "Your input was flagged by moderation."),
        error(413, "Too large."),
        Says({"detail": "An image cannot be read."}, 422),
    ],
)
def test_a_prompt_that_is_refused_for_good_gets_an_empty_reply(said: Says, tmp_path: Path) -> None:
    with serving(refusing("q0", "q3", said=said)) as server:
        one = model(server, concurrency=1)
        asked = CachedModel(one, server.endpoint().digest, tmp_path / "kept.sqlite")
        replies = asked.reply([*chats(5), chat("q3", seed=7)], GREEDY)
        ends = ["refused", "stop", "stop", "refused", "stop", "refused"]
        assert [reply.finish_reason for reply in replies] == ends
        assert replies[3] == Reply("", 0, "refused")
        assert server.asked == [f"q{number}" for number in range(5)]  # no prompt is asked twice
        again = CachedModel(model(server), server.endpoint().digest, tmp_path / "kept.sqlite")
        assert again.reply(chats(5), GREEDY) == replies[:5]
    assert len(server.bodies) == 5
    assert one.usage.refused == 2


def test_more_refused_prompts_than_allowed_end_it_and_keep_the_rest(tmp_path: Path) -> None:
    with serving(refusing("q1", "q2")) as server:
        kept = tmp_path / "kept.sqlite"
        asked = CachedModel(model(server, concurrency=1, max_refused=1), server.endpoint().digest, kept)
        with pytest.raises(
            ModelError, match=r"too long.*1 other prompts were refused; --max-refused allows 1"
        ):
            asked.reply(chats(5), GREEDY)
        again = CachedModel(model(server, concurrency=1, max_refused=2), server.endpoint().digest, kept)
        assert [reply.tokens for reply in again.reply(chats(5), GREEDY)] == [5, 0, 0, 5, 5]
    assert server.asked.count("q0") == 1


@pytest.mark.parametrize(
    "said", [error(400, "Too long."), error(400, "Unsupported value: 'temperature'.", "unsupported_value")]
)
def test_an_endpoint_that_refuses_every_prompt_is_no_score(said: Says, tmp_path: Path) -> None:
    kept = tmp_path / "kept.sqlite"
    with serving(lambda body, number: said) as server:
        asked = CachedModel(model(server, concurrency=1), server.endpoint().digest, kept)
        with pytest.raises(ModelError, match="refuses the request"):
            asked.reply(chats(4), GREEDY)
        assert len(server.bodies) == (4 if "long" in str(said.body) else 1)
    with serving(echo) as server:  # nothing of it was kept
        asked = CachedModel(model(server), asked.model_digest, kept)
        assert [reply.text for reply in asked.reply(chats(4), GREEDY)] == [f"re q{n}" for n in range(4)]


def test_a_refused_prompt_is_no_answer_with_a_caveat() -> None:
    """Also where an empty text would do: it has no comma."""
    reference = {"prompt": "p", "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}
    problems = [
        Problem(f"p{number}", (Message("user", f"q{number}"),), reference, "instructions")
        for number in range(3)
    ]
    benchmark = replace(make_benchmark(samples=2), load=lambda: problems, caveats=("as it is",))
    with serving(refusing("q1")) as server:
        samples = evaluate(model(server), benchmark, seed=1)
    statuses = [sample.verdict.status for sample in samples]
    assert statuses == ["correct", "correct", "no_answer", "no_answer", "correct", "correct"]
    facts = CheckpointFacts("m", "external", None, (), "w")
    made = score(samples, checkpoint=facts, benchmark=benchmark, data_digest="d", split="test", seed=1)
    assert made.caveats[0] == "as it is"
    assert made.caveats[1].startswith("2 of 6 samples have no response")
    assert made.finish_shares["refused"] == pytest.approx(1 / 3)


def test_an_error_of_the_caller_comes_out_as_it_is() -> None:
    def full(position: int, reply: Reply) -> None:
        raise OSError("The disk is full.")

    with serving(echo) as server, pytest.raises(OSError, match="The disk is full"):
        model(server).reply(chats(9), GREEDY, None, full)


def test_a_stopped_evaluation_goes_on_where_it_was(tmp_path: Path) -> None:
    """Ctrl-C in the second of three shards: the first is not asked for again."""
    benchmark = make_benchmark(samples=2, problems=10)

    def stop(progress: Progress) -> None:
        if progress.samples == 8 and progress.tokens > 8 * 5:
            raise KeyboardInterrupt

    with serving(lambda body, number: completion("0")) as server:

        def run(on_progress: Callable[[Progress], None] | None) -> list[Sample]:
            return evaluate(
                model(server, concurrency=2), benchmark, seed=3, shard_size=8, out=tmp_path / "s.parquet",
                weights_digest=server.endpoint().digest, on_progress=on_progress,
            )  # fmt: skip

        with pytest.raises(KeyboardInterrupt):
            run(stop)
        before = len(server.bodies)
        assert before < 20
        assert len(run(None)) == 20
        assert len(server.bodies) == before + 12
        run(None)
        assert len(server.bodies) == before + 12


EVALUATION = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from evals_support import make_benchmark
from evals.endpoint import Endpoint, EndpointModel
from evals.run import evaluate
endpoint = Endpoint(sys.argv[2], "m", concurrency=4)
samples = evaluate(
    EndpointModel(endpoint), make_benchmark(samples=2, problems=10), seed=3, shard_size=8,
    out=Path(sys.argv[3]), weights_digest=endpoint.digest,
)
"""


@pytest.mark.slow
def test_a_killed_evaluation_goes_on_where_it_was(tmp_path: Path) -> None:
    """SIGKILL in the second of three shards: the first is not asked for again, and the samples are the same."""
    processes: list[subprocess.Popen[bytes]] = []

    def digit(body: dict[str, Any], number: int) -> Says:
        if len(processes) == 1 and number == 12:
            processes[0].kill()
        return completion(str(body["seed"] % 3))

    benchmark = make_benchmark(samples=2, problems=10)
    with serving(digit) as server:
        whole = evaluate(model(server), benchmark, seed=3, shard_size=8)
        assert len(server.bodies) == 20
        asked = [(body["messages"][-1]["content"], body["seed"]) for body in server.bodies]
        server.bodies.clear()
        command = [
            sys.executable,
            "-c",
            EVALUATION,
            str(Path(__file__).parent),
            server.base_url,
            str(tmp_path / "s.parquet"),
        ]
        for code in (-9, 0):
            processes.append(subprocess.Popen(command))
            assert processes[-1].wait(60) == code
            if code:
                assert not (tmp_path / "s.parquet").exists()
                server.bodies.clear()
        again = [(body["messages"][-1]["content"], body["seed"]) for body in server.bodies]
        assert sorted(again) == sorted(asked[8:])
        with serving(lambda body, number: error(500)) as silent:
            stored = evaluate(
                model(silent), benchmark, seed=3, shard_size=8, out=tmp_path / "s.parquet",
                weights_digest=server.endpoint().digest,
            )  # fmt: skip
    assert silent.bodies == []
    assert stored == whole
    assert {sample.verdict.status for sample in stored} == {"correct", "wrong"}
