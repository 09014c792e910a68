"""The generation cache: what was drawn once is never drawn again."""

import signal
import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.generations import CachedModel, GenerationsError, reply_key
from evals.model import Chat, ModelError, Reply
from evals.run import evaluate
from evals.types import Benchmark, Image, Message, Problem, Sampling

SAMPLING = Sampling(max_tokens=8)


class Counting:
    """Replies with prompt, seed and the number of the draw; fails for the prompt `bad`."""

    def __init__(self):
        self.drawn = []

    def reply(self, chats, sampling, on_tokens=None, on_reply=None):
        replies = []
        for position, chat in enumerate(chats):
            text = chat.prompt[-1].content
            if text == "bad":
                raise ModelError("It fails.")
            self.drawn.append((text, chat.seed))
            replies.append(Reply(f"{text} {chat.seed} draw {len(self.drawn)}", 3, "stop"))
            if on_reply:
                on_reply(position, replies[-1])
        return replies


def chat(text="a", seed=0, images=()):
    return Chat((Message("user", text, images),), seed)


def test_a_reply_is_drawn_once_whatever_it_is_asked_with(tmp_path):
    model = Counting()
    cached = CachedModel(model, "m", tmp_path / "deep" / "g.sqlite")
    first = cached.reply([chat("a"), chat("b"), chat("a", 1)], SAMPLING)
    again = CachedModel(model, "m", tmp_path / "deep" / "g.sqlite")
    heard = {}
    second = again.reply([chat("b"), chat("c"), chat("a")], SAMPLING, on_reply=heard.__setitem__)
    assert second == [first[1], Reply("c 0 draw 4", 3, "stop"), first[0]]
    assert heard == dict(enumerate(second))
    assert model.drawn == [("a", 0), ("b", 0), ("a", 1), ("c", 0)]


def test_replies_that_are_there_are_kept_when_another_fails(tmp_path):
    model = Counting()
    cached = CachedModel(model, "m", tmp_path / "g.sqlite")
    with pytest.raises(ModelError, match="It fails"):
        cached.reply([chat("a"), chat("bad"), chat("b")], SAMPLING)
    assert [reply.text for reply in cached.reply([chat("b"), chat("a")], SAMPLING)] == [
        "b 0 draw 2",
        "a 0 draw 1",
    ]


def test_the_key_is_of_all_that_a_reply_follows_from():
    picture = Image(b"1", "image/png")
    keys = {
        reply_key("m", chat(), SAMPLING),
        reply_key("n", chat(), SAMPLING),
        reply_key("m", chat("b"), SAMPLING),
        reply_key("m", chat(seed=1), SAMPLING),
        reply_key("m", Chat((Message("system", "a"),), 0), SAMPLING),
        reply_key("m", Chat((Message("user", "a"), Message("user", "")), 0), SAMPLING),
        reply_key("m", chat(images=(picture,)), SAMPLING),
        reply_key("m", chat(images=(Image(b"2", "image/png"),)), SAMPLING),
        *(
            reply_key("m", chat(), replace(SAMPLING, **{name: value}))
            for name, value in {"temperature": 0.5, "top_p": 0.9, "top_k": 4, "max_tokens": 9}.items()
        ),
    }
    assert len(keys) == 12
    assert reply_key("m", chat(), Sampling(max_tokens=8)) in keys


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 2**63)), max_size=30), st.integers(0, 30))
def test_any_text_comes_back_as_it_was(tmp_path_factory, chats, cut):
    file = tmp_path_factory.mktemp("g") / "g.sqlite"
    asked = [chat(text, seed) for text, seed in chats if text != "bad"]
    cached = CachedModel(Counting(), "m", file)
    cached.reply(asked[:cut], SAMPLING)
    whole = cached.reply(asked, SAMPLING)
    assert [reply.text.rsplit(" draw ")[0] for reply in whole] == [
        f"{c.prompt[0].content} {c.seed}" for c in asked
    ]
    assert CachedModel(Counting(), "m", file).reply(asked, SAMPLING) == whole


def test_a_damaged_file_is_one_sentence(tmp_path):
    file = tmp_path / "g.sqlite"
    file.write_bytes(b"not a database, however long it is. " * 200)
    with pytest.raises(GenerationsError, match=r"g\.sqlite, where replies are kept.*--cache"):
        CachedModel(Counting(), "m", file).reply([chat()], SAMPLING)


def test_more_samples_draw_only_the_new_ones(tmp_path):
    problems = [Problem(f"p{n}", (Message("user", f"q{n}"),), "yes", "text") for n in range(3)]
    benchmark = Benchmark("toy", "1", "", lambda: problems, SAMPLING, 2)
    model = Counting()
    cached = CachedModel(model, "m", tmp_path / "g.sqlite")
    two = evaluate(cached, benchmark, seed=0, out=tmp_path / "two.parquet", weights_digest="w")
    four = evaluate(
        cached,
        replace(benchmark, samples_per_problem=4),
        seed=0,
        out=tmp_path / "four.parquet",
        weights_digest="w",
    )
    assert len(model.drawn) == 12
    assert [s.response for s in four if s.sample_index < 2] == [s.response for s in two]


KILLED = """
import os, signal, sys
from pathlib import Path
from evals.generations import CachedModel
from evals.model import Reply
from evals.run import evaluate
from evals.types import Benchmark, Message, Problem, Sampling

folder, stop = Path(sys.argv[1]), int(sys.argv[2])
problems = [Problem(f"p{n}", (Message("user", f"q{n}"),), "yes", "text") for n in range(10)]
benchmark = Benchmark("toy", "1", "", lambda: problems, Sampling(max_tokens=8), 1)

class Model:
    def reply(self, chats, sampling, on_tokens=None, on_reply=None):
        replies = []
        for position, chat in enumerate(chats):
            with (folder / "drawn").open("a") as drawn:
                drawn.write(chat.prompt[0].content + "\\n")
            replies.append(Reply("yes" if chat.seed % 2 else "no", 1, "stop"))
            on_reply(position, replies[-1])
            if len((folder / "drawn").read_text().split()) == stop:
                os.kill(os.getpid(), signal.SIGKILL)
        return replies

cached = CachedModel(Model(), "m", folder / "g.sqlite")
samples = evaluate(cached, benchmark, seed=0, out=folder / "s.parquet", weights_digest="w", shard_size=4)
print([s.response for s in samples])
"""


def test_an_evaluation_killed_within_a_shard_draws_nothing_twice(tmp_path):
    def run(folder, stop):
        folder.mkdir(exist_ok=True)
        code = [sys.executable, "-c", textwrap.dedent(KILLED), str(folder), str(stop)]
        return subprocess.run(code, capture_output=True, text=True)

    assert run(tmp_path / "killed", 6).returncode == -signal.SIGKILL
    resumed, whole = run(tmp_path / "killed", 0), run(tmp_path / "whole", 0)
    assert resumed.stdout == whole.stdout != ""
    assert (tmp_path / "killed" / "drawn").read_text() == "".join(f"q{n}\n" for n in range(10))
    assert (tmp_path / "killed" / "s.parquet").read_bytes() == (tmp_path / "whole" / "s.parquet").read_bytes()
