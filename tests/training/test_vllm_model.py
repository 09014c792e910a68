"""`VllmModel` on a stand-in for vLLM, which needs a GPU.

The stand-in takes what vLLM 0.30 and 0.33 take: the parameters below were read from `LLM.__init__`, `LLM.chat` and
`SamplingParams` of both wheels. Where vLLM is installed, a test compares them with the real ones.
"""

import importlib.util
import inspect
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from evals.model import Chat, ModelError, Reply
from evals.types import Image, Message, Sampling
from training.engine.vllm import VllmModel
from verifiers import verify


class VLLMError(Exception):
    pass


@dataclass
class SamplingParams:
    """The fields that are used here, with vLLM's own checks of them."""

    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0
    seed: int | None = None
    max_tokens: int | None = 16
    skip_special_tokens: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 2:
            raise VLLMError(f"temperature must be in [0, 2], got {self.temperature}.")
        if not 0 < self.top_p <= 1 or self.top_k < -1 or (self.max_tokens or 1) < 1:
            raise VLLMError("out of range")


@dataclass
class CompletionOutput:
    index: int
    text: str
    token_ids: Sequence[int]
    finish_reason: str | None


@dataclass
class RequestOutput:
    outputs: list[CompletionOutput]
    prompt_token_ids: list[int] | None


@dataclass
class Stub:
    """What the stand-in was asked, and what it is to do."""

    settings: dict[str, Any] = field(default_factory=dict)
    messages: list[Any] = field(default_factory=list)
    params: list[SamplingParams] = field(default_factory=list)
    finish_reason: str = "stop"
    template_end: str = "<|assistant|>"
    load_error: Exception | None = None
    chat_error: Exception | None = None


def make_llm(stub: Stub) -> type:
    class LLM:
        def __init__(
            self,
            model: str,
            *,
            tensor_parallel_size: int = 1,
            dtype: str = "auto",
            seed: int = 0,
            gpu_memory_utilization: float = 0.92,
            **kwargs: Any,  # of EngineArgs, `max_model_len` among them
        ) -> None:
            if stub.load_error:
                raise stub.load_error
            assert set(kwargs) <= {"max_model_len"}
            stub.settings = {
                "model": model,
                "tensor_parallel_size": tensor_parallel_size,
                "dtype": dtype,
                "gpu_memory_utilization": gpu_memory_utilization,
                **kwargs,
            }

        def chat(
            self,
            messages: Sequence[list[dict[str, Any]]],
            sampling_params: Sequence[SamplingParams] | None = None,
            use_tqdm: bool = True,
        ) -> list[RequestOutput]:
            if stub.chat_error:
                raise stub.chat_error
            assert sampling_params is not None
            assert len(messages) == len(sampling_params)
            assert use_tqdm is False
            stub.messages, stub.params = list(messages), list(sampling_params)
            return [
                RequestOutput(
                    [CompletionOutput(0, f"reply {number}", [1] * (number + 2), stub.finish_reason)],
                    [*f"{messages[number][-1]['content']}{stub.template_end}".encode()],
                )
                for number in range(len(messages))
            ]

        def get_tokenizer(self) -> "Bytes":
            return Bytes()

    return LLM


class Bytes:
    """A tokenizer with a token per byte."""

    def decode(self, tokens: Sequence[int], skip_special_tokens: bool) -> str:
        return bytes(tokens).decode()


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Stub:
    made = Stub()
    module, exceptions = ModuleType("vllm"), ModuleType("vllm.exceptions")
    module.LLM, module.SamplingParams = make_llm(made), SamplingParams  # type: ignore[attr-defined]
    exceptions.VLLMError = VLLMError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "vllm", module)
    monkeypatch.setitem(sys.modules, "vllm.exceptions", exceptions)
    return made


def chat(text: str, seed: int, images: tuple[Image, ...] = ()) -> Chat:
    return Chat((Message("user", text, images),), seed)


@pytest.mark.skipif(importlib.util.find_spec("vllm") is None, reason="vLLM is not installed")
def test_the_stand_in_takes_what_vllm_takes() -> None:
    import vllm

    for stand_in, real in (
        (make_llm(Stub()).__init__, vllm.LLM.__init__),
        (make_llm(Stub()).chat, vllm.LLM.chat),
        (SamplingParams, vllm.SamplingParams),
    ):
        real_parameters = inspect.signature(real).parameters
        for name, parameter in inspect.signature(stand_in).parameters.items():
            assert real_parameters[name].kind == parameter.kind or stand_in is SamplingParams
    assert "max_model_len" in inspect.signature(vllm.EngineArgs).parameters


def test_how_the_model_is_loaded(stub: Stub) -> None:
    VllmModel(
        Path("some/model"),
        tensor_parallel_size=4,
        dtype="bfloat16",
        max_model_len=8192,
        gpu_memory_utilization=0.8,
    )
    assert stub.settings == {
        "model": "some/model",
        "tensor_parallel_size": 4,
        "dtype": "bfloat16",
        "max_model_len": 8192,
        "gpu_memory_utilization": 0.8,
    }


def test_each_chat_has_its_own_seed(stub: Stub) -> None:
    told: list[tuple[int, Reply]] = []
    tokens: list[int] = []
    replies = VllmModel(Path("m")).reply(
        [chat("a", 7), chat("b", 2**62)],
        Sampling(temperature=0.6, top_p=0.95, top_k=20, max_tokens=99),
        tokens.append,
        lambda position, reply: told.append((position, reply)),
    )
    assert replies == [Reply("reply 0", 2, "stop"), Reply("reply 1", 3, "stop")]
    assert told == list(enumerate(replies))
    assert tokens == [2, 3]
    assert stub.messages == [[{"role": "user", "content": "a"}], [{"role": "user", "content": "b"}]]
    assert stub.params == [
        SamplingParams(
            temperature=0.6, top_p=0.95, top_k=20, max_tokens=99, seed=seed, skip_special_tokens=False
        )
        for seed in (7, 2**62)
    ]


def test_a_reply_starts_with_the_mark_of_thinking_that_the_template_opens(stub: Stub) -> None:
    stub.template_end = "<|assistant|><think>\n"
    stub.finish_reason = "length"
    (reply,) = VllmModel(Path("m")).reply([chat("a", 7)], Sampling())
    assert reply == Reply("<think>\nreply 0", 2, "length")
    assert verify("math", reply.text, "0", finish_reason=reply.finish_reason).status == "truncated"


def test_images_are_in_the_chat(stub: Stub) -> None:
    VllmModel(Path("m")).reply([chat("What?", 0, (Image(b"png", "image/png"),))], Sampling())
    assert stub.messages[0][0]["content"] == [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}},
        {"type": "text", "text": "What?"},
    ]


@pytest.mark.parametrize(
    ("theirs", "ours"), [("stop", "stop"), ("length", "length"), ("repetition", "repeat")]
)
def test_why_a_reply_ends(theirs: str, ours: str, stub: Stub) -> None:
    stub.finish_reason = theirs
    assert VllmModel(Path("m")).reply([chat("a", 0)], Sampling())[0].finish_reason == ours


@pytest.mark.parametrize("theirs", ["abort", "error"])
def test_a_reply_that_is_broken_off_is_no_reply(theirs: str, stub: Stub) -> None:
    stub.finish_reason = theirs
    with pytest.raises(ModelError, match=f"broke off a reply \\({theirs}\\)"):
        VllmModel(Path("m")).reply([chat("a", 0)], Sampling())


def test_no_chats_ask_nothing(stub: Stub) -> None:
    stub.chat_error = AssertionError("asked")
    assert VllmModel(Path("m")).reply([], Sampling()) == []


@pytest.mark.parametrize(
    "error",
    [ValueError("No GPU memory.\nDetails"), RuntimeError("No GPU memory."), OSError("No GPU memory.")],
)
def test_a_model_that_cannot_be_loaded_is_one_sentence(error: Exception, stub: Stub) -> None:
    stub.load_error = error
    with pytest.raises(ModelError, match=r"^vLLM cannot load some/model: No GPU memory\.$"):
        VllmModel(Path("some/model"))


@pytest.mark.parametrize("error", [VLLMError("Too long."), ValueError("Too long.\nmore")])
def test_a_prompt_that_is_refused_is_one_sentence(error: Exception, stub: Stub) -> None:
    stub.chat_error = error
    with pytest.raises(ModelError, match=r"^vLLM refuses a prompt: Too long\.$"):
        VllmModel(Path("m")).reply([chat("a", 0)], Sampling())


def test_sampling_that_vllm_does_not_take(stub: Stub) -> None:
    with pytest.raises(ModelError, match="temperature must be in"):
        VllmModel(Path("m")).reply([chat("a", 0)], Sampling(temperature=3.0))


def test_without_vllm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vllm", None)
    with pytest.raises(ModelError, match=r"pip install 'k15-repro\[vllm\]'"):
        VllmModel(Path("m"))
