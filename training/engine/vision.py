"""A vision-language checkpoint of transformers as a model for evaluation: replies to chats with pictures."""

import inspect
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers import (
    AutoConfig,
    AutoModelForImageTextToText,
    AutoProcessor,
    GenerationConfig,
    LogitsProcessor,
    PreTrainedModel,
    ProcessorMixin,
)
from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES as VISION_MODELS
from transformers.models.auto.processing_auto import PROCESSOR_MAPPING

from evals.model import Chat, ModelError, Reply
from evals.types import Image, Message, Sampling
from training.checkpoint import CheckpointError
from training.engine.local import choose_tokens
from training.engine.randomness import uniform
from training.errors import first_line
from verifiers.thinking import opened_thinking

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

MAX_BATCH = 8
"""Chats replied to side by side: a picture takes hundreds to thousands of tokens of the prompt."""


def is_vision(path: Path) -> bool:
    """Whether the checkpoint directory holds a model of text and pictures, by its `config.json`."""
    try:
        config = json.loads((path / "config.json").read_text())
        kind, made = config.get("model_type"), config.get("architectures")
    except (OSError, ValueError, AttributeError):
        return False
    return kind in VISION_MODELS and (not made or VISION_MODELS[kind] in made)


def load_vision_model(
    path: Path, device: str = "cpu", dtype: str = "float32", *, max_batch: int = MAX_BATCH
) -> "VisionModel":
    """The model of a Hugging Face checkpoint directory that sees.

    Raises `CheckpointError` where it is missing or unreadable, reads text alone, or lacks its processor.
    """
    if not (path / "config.json").is_file():
        raise CheckpointError(
            f"{path} is not a checkpoint: it has no config.json; name a Hugging Face directory."
        )
    if not is_vision(path):
        raise CheckpointError(f"{path} holds a model of text alone; name a vision-language checkpoint.")
    try:
        import PIL  # noqa: F401
    except ImportError:
        raise CheckpointError(
            "Pictures are read with Pillow, which is not installed; pip install pillow."
        ) from None
    processor = _processor(path)
    try:
        model = AutoModelForImageTextToText.from_pretrained(path, dtype=getattr(torch, dtype))
    except Exception as error:  # transformers raises many kinds; the sentence keeps the cause
        raise CheckpointError(f"The checkpoint {path} cannot be loaded: {_first_line(error)}") from error
    return VisionModel(model.to(device), processor, max_batch=max_batch)


def _processor(path: Path) -> ProcessorMixin:
    """What turns text and pictures into the model's inputs. Raises `CheckpointError`.

    It is loaded without the part for videos, which needs torchvision, and scales pictures with Pillow: so the
    model sees the same pixels whether torchvision is installed or not. Few (SmolVLM's) cannot do without that part.
    """
    try:
        kind = PROCESSOR_MAPPING[type(AutoConfig.from_pretrained(path))]
        video = inspect.signature(kind).parameters.get("video_processor")
        if video is not None and video.default is inspect.Parameter.empty:
            processor = AutoProcessor.from_pretrained(path)
        else:
            processor = _without_videos(kind).from_pretrained(path, backend="pil")
    except Exception as error:  # as above
        raise CheckpointError(
            f"The processor of {path} cannot be loaded ({_first_line(error)}); the directory needs "
            "preprocessor_config.json (or processor_config.json) and the tokenizer's files."
        ) from error
    if not (processor.chat_template or processor.tokenizer.chat_template):
        raise CheckpointError(
            f"The processor of {path} has no chat template; take an instruction-tuned checkpoint."
        )
    return processor


def _without_videos(kind: type[ProcessorMixin]) -> Any:
    """The class of a processor that neither loads nor checks its part for videos."""
    kept = [name for name in kind.get_attributes() if name != "video_processor"]
    return type(kind.__name__, (kind,), {"get_attributes": classmethod(lambda cls: kept)})


class VisionModel:
    """Replies to chats with pictures, and to those without (`evals.model.Model`).

    A message's pictures stand before its text, as parts of the chat template. The n-th token of a reply is chosen
    by the chat's seed and n from the model's distribution, as in `LocalEngine`; neither the rest of the batch nor the
    checkpoint's own generation settings have a part in it.
    """

    def __init__(
        self, model: PreTrainedModel, processor: ProcessorMixin, *, max_batch: int = MAX_BATCH
    ) -> None:
        self.model = model.eval()
        self.processor = processor
        self.max_batch = max_batch
        tokenizer = processor.tokenizer
        tokenizer.padding_side = "left"
        own = model.generation_config.eos_token_id if model.generation_config else None
        ends = own if isinstance(own, list) else [own, tokenizer.eos_token_id]
        self.end_tokens = sorted({int(token) for token in ends if token is not None})
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
        # Checkpoints bring temperatures and penalties of their own, which `generate` would apply beside ours.
        self.model.generation_config = GenerationConfig(
            eos_token_id=self.end_tokens, pad_token_id=tokenizer.pad_token_id, do_sample=False
        )

    def reply(
        self,
        chats: Sequence[Chat],
        sampling: Sampling,
        on_tokens: Callable[[int], None] | None = None,
        on_reply: Callable[[int, Reply], None] | None = None,
    ) -> list[Reply]:
        """See `evals.model.Model.reply`."""
        replies: dict[int, Reply] = {}
        for positions in self._batches(chats):
            batch = [chats[position] for position in positions]
            for position, reply in zip(positions, self._reply(batch, sampling, on_tokens), strict=True):
                replies[position] = reply
                if on_reply is not None:
                    on_reply(position, reply)
        return [replies[position] for position in range(len(chats))]

    def _batches(self, chats: Sequence[Chat]) -> list[list[int]]:
        """Positions to reply to at a time; processors take no batch in which only some chats have pictures."""
        seeing = [position for position, chat in enumerate(chats) if _pictures(chat)]
        blind = [position for position, chat in enumerate(chats) if not _pictures(chat)]
        return [
            kind[start : start + self.max_batch]
            for kind in (seeing, blind)
            for start in range(0, len(kind), self.max_batch)
        ]

    @torch.inference_mode()
    def _reply(
        self, chats: Sequence[Chat], sampling: Sampling, on_tokens: Callable[[int], None] | None
    ) -> list[Reply]:
        texts = self._texts(chats)
        inputs = self._inputs(chats, texts).to(self.model.device, self.model.dtype)
        width = inputs["input_ids"].shape[1]
        drawing = _Drawing([chat.seed for chat in chats], sampling, self.end_tokens, width, on_tokens)
        rows = self.model.generate(**inputs, logits_processor=[drawing], max_new_tokens=sampling.max_tokens)
        openings = map(opened_thinking, texts)
        return [
            self._cut(row, opening) for row, opening in zip(rows[:, width:].tolist(), openings, strict=True)
        ]

    def _texts(self, chats: Sequence[Chat]) -> list[str]:
        """The prompts by the chat template."""
        return [
            self.processor.apply_chat_template(
                [_parts(message) for message in chat.prompt], add_generation_prompt=True, tokenize=False
            )
            for chat in chats
        ]

    def _inputs(self, chats: Sequence[Chat], texts: Sequence[str]) -> Any:
        """The batch as the model takes it, padded on the left."""
        pictures = [[_opened(image) for image in _pictures(chat)] for chat in chats]
        begin = self.processor.tokenizer.bos_token
        try:
            return self.processor(
                text=list(texts),
                images=pictures if any(pictures) else None,
                padding=True,
                add_special_tokens=not (begin and texts[0].startswith(begin)),
                return_tensors="pt",
            )
        except (ValueError, IndexError) as error:  # what processors answer to prompts that they cannot take
            raise ModelError(
                f"The checkpoint's processor cannot take a prompt with {len(pictures[0])} picture(s): "
                f"{_first_line(error)}"
            ) from error

    def _cut(self, tokens: list[int], opening: str) -> Reply:
        """The reply in a row of drawn tokens, which goes on with padding where others were longer.

        `opening` is the mark of thinking that its prompt ends with, if any.
        """
        count = next((n for n, token in enumerate(tokens, 1) if token in self.end_tokens), None)
        kept = [token for token in tokens[:count] if token not in self.end_tokens]
        text = self.processor.tokenizer.decode(kept, skip_special_tokens=False)
        return Reply(opening + text, count or len(tokens), "length" if count is None else "stop")


class _Drawing(LogitsProcessor):  # type: ignore[misc]  # transformers is untyped
    """Leaves `generate` one token of each row to choose: the one that the row's seed draws."""

    def __init__(
        self,
        seeds: Sequence[int],
        sampling: Sampling,
        ends: Sequence[int],
        width: int,
        on_tokens: Callable[[int], None] | None,
    ) -> None:
        self.seeds, self.ends = torch.tensor(seeds), torch.tensor(ends)
        self.running = torch.ones(len(seeds), dtype=torch.bool)
        self.sampling, self.width, self.on_tokens = sampling, width, on_tokens

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        step = torch.full_like(self.seeds, input_ids.shape[1] - self.width)
        u = uniform(self.seeds, step).to(scores.device)
        chosen, _ = choose_tokens(scores.float(), self.sampling, u)
        if self.on_tokens is not None:
            self.on_tokens(int(self.running.sum()))
        self.running &= ~torch.isin(chosen.cpu(), self.ends)
        return torch.full_like(scores, -torch.inf).scatter(1, chosen[:, None], 0.0)


def _pictures(chat: Chat) -> tuple[Image, ...]:
    return tuple(image for message in chat.prompt for image in message.images)


def _parts(message: Message) -> dict[str, Any]:
    """A message as chat templates of vision-language models take it."""
    text = {"type": "text", "text": message.content}
    return {"role": message.role, "content": [*({"type": "image"} for _ in message.images), text]}


def _opened(image: Image) -> "PillowImage":
    """The picture in RGB, upright, on white where it is transparent. Raises `ModelError`."""
    from PIL import Image as Pillow
    from PIL import ImageOps

    try:
        opened = ImageOps.exif_transpose(Pillow.open(io.BytesIO(image.data)))
        if not opened.has_transparency_data:
            return opened.convert("RGB")
        over = opened.convert("RGBA")
        return Pillow.alpha_composite(Pillow.new("RGBA", over.size, "white"), over).convert("RGB")
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError) as error:
        raise ModelError(
            f"A picture of {len(image.data):,} bytes ({image.media_type}) cannot be read: {_first_line(error)}"
        ) from None


def _first_line(error: Exception) -> str:
    return first_line(error)[:300]
