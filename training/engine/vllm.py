"""vLLM in this process as a model for evaluation: many chats at a time, on one GPU or several.

Written against the source of vLLM 0.30 and 0.33: `LLM.chat` takes one `SamplingParams` per chat and images as data
URLs, and a generation ends with one of `stop`, `length`, `abort`, `error`, `repetition`.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from evals.model import Chat, ModelError, Reply
from evals.openai_chat import openai_messages
from evals.types import FinishReason, Sampling
from training.errors import first_line
from training.prompts import opening_of

Dtype = Literal["auto", "float32", "float16", "bfloat16"]

FINISH_REASONS: Mapping[str, FinishReason] = {"stop": "stop", "length": "length", "repetition": "repeat"}


class VllmModel:
    """Replies by vLLM (`evals.model.Model`), each drawn with its own seed.

    `model` is a Hugging Face checkpoint directory. The weights are split over `tensor_parallel_size` GPUs and held in
    `dtype` (`auto`: as they were saved, float32 as float16). `max_model_len` bounds prompt and response together
    (None: the model's own), and `gpu_memory_utilization` is the share of each GPU's memory that vLLM may take. With
    the same vLLM, GPU and batch the same seed gives the same reply; vLLM promises no more.

    Raises `ModelError` where vLLM is not installed or cannot load the model.
    """

    def __init__(
        self,
        model: Path,
        *,
        tensor_parallel_size: int = 1,
        dtype: Dtype = "auto",
        max_model_len: int | None = None,
        gpu_memory_utilization: float = 0.9,
    ) -> None:
        self._vllm = _vllm()
        try:
            self._llm = self._vllm.LLM(
                str(model),
                tensor_parallel_size=tensor_parallel_size,
                dtype=dtype,
                max_model_len=max_model_len,
                gpu_memory_utilization=gpu_memory_utilization,
            )
        except (
            ValueError,
            RuntimeError,
            OSError,
        ) as error:  # a bad setting, no GPU or its memory, no such model
            raise ModelError(f"vLLM cannot load {model}: {first_line(error)}") from error

    def reply(
        self,
        chats: Sequence[Chat],
        sampling: Sampling,
        on_tokens: Callable[[int], None] | None = None,
        on_reply: Callable[[int, Reply], None] | None = None,
    ) -> list[Reply]:
        """See `evals.model.Model.reply`. All are drawn before any is told of."""
        from vllm.exceptions import VLLMError

        if not chats:
            return []
        try:
            outputs = self._llm.chat(
                [openai_messages(chat.prompt) for chat in chats],
                [self._params(sampling, chat.seed) for chat in chats],
                use_tqdm=False,
            )
        except (VLLMError, ValueError) as error:  # a prompt too long, images for a model of text, ...
            raise ModelError(f"vLLM refuses a prompt: {first_line(error)}") from error
        tokenizer = self._llm.get_tokenizer()
        replies = [
            _reply(output.outputs[0], opening_of(tokenizer, output.prompt_token_ids or ()))
            for output in outputs
        ]
        for position, reply in enumerate(replies):
            if on_tokens is not None:
                on_tokens(reply.tokens)
            if on_reply is not None:
                on_reply(position, reply)
        return replies

    def _params(self, sampling: Sampling, seed: int) -> Any:
        return self._vllm.SamplingParams(
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            top_k=sampling.top_k,
            max_tokens=sampling.max_tokens,
            seed=seed,
            skip_special_tokens=False,  # some models' marks of thinking are special tokens
        )


def _vllm() -> Any:
    try:
        import vllm
    except ImportError as error:
        raise ModelError(
            f"vLLM cannot be imported ({error}); pip install 'k15-repro[vllm]' on Linux with a GPU, "
            "or use --engine local."
        ) from None
    return vllm


def _reply(output: Any, opening: str) -> Reply:
    """A reply of vLLM's `CompletionOutput`; its tokens hold the end token, its text does not.

    `opening` is the mark of thinking that its prompt ends with, if any.
    """
    if output.finish_reason not in FINISH_REASONS:
        raise ModelError(f"vLLM broke off a reply ({output.finish_reason}); its log says why.")
    return Reply(opening + output.text, len(output.token_ids), FINISH_REASONS[output.finish_reason])
