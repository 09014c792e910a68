"""A preallocated key/value cache whose finished rows can be dropped."""

from typing import Any

import torch
from transformers import PreTrainedConfig
from transformers.cache_utils import Cache, CacheLayerMixin


class SlotLayer(CacheLayerMixin):  # type: ignore[misc]  # transformers is untyped
    """Keys and values of one layer: buffers of [rows, heads, capacity, head size], used up to `rows` and `length`.

    The buffers are grown by doubling (at most to `capacity` columns), so that short batches touch little memory.
    """

    is_compileable = False
    is_sliding = False

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self.capacity = capacity
        self.length = 0
        self.rows = 0

    def lazy_initialization(self, key_states: torch.Tensor, value_states: torch.Tensor) -> None:
        """Allocate for the first tokens and some room."""
        self.rows = key_states.shape[0]
        columns = min(self.capacity, key_states.shape[2] + 64)
        self.keys = key_states.new_empty((*key_states.shape[:2], columns, key_states.shape[3]))
        self.values = value_states.new_empty((*value_states.shape[:2], columns, value_states.shape[3]))
        self.dtype, self.device = key_states.dtype, key_states.device
        self.is_initialized = True

    def _grow(self, needed: int) -> None:
        columns = min(self.capacity, max(needed, 2 * self.keys.shape[2]))
        if needed > columns:
            raise ValueError(f"The cache holds {self.capacity} tokens; {needed} were asked for.")
        for name in ("keys", "values"):
            old = getattr(self, name)
            new = old.new_empty((self.rows, old.shape[1], columns, old.shape[3]))
            new[:, :, : self.length] = old[: self.rows, :, : self.length]
            setattr(self, name, new)

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Write the new keys and values behind the old; return all of both."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        end = self.length + key_states.shape[2]
        if end > self.keys.shape[2]:
            self._grow(end)
        self.keys[: self.rows, :, self.length : end] = key_states
        self.values[: self.rows, :, self.length : end] = value_states
        self.length = end
        return self.keys[: self.rows, :, :end], self.values[: self.rows, :, :end]

    def keep(self, rows: torch.Tensor) -> None:
        """Keep these rows only, in this order (ascending), moved to the front of the buffers."""
        count = rows.shape[0]
        self.keys[:count, :, : self.length] = self.keys[rows, :, : self.length]
        self.values[:count, :, : self.length] = self.values[rows, :, : self.length]
        self.rows = count

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        """Length and offset of the keys that the next query will see."""
        return self.length + query_length, 0

    def get_seq_length(self) -> int:
        """Tokens held."""
        return self.length

    def get_max_length(self) -> int:
        """Tokens that fit."""
        return self.capacity


class SlotCache(Cache):  # type: ignore[misc]
    """A `SlotLayer` per layer of the model."""

    def __init__(self, config: PreTrainedConfig, capacity: int) -> None:
        text = config.get_text_config(decoder=True)
        super().__init__(layers=[SlotLayer(capacity) for _ in range(text.num_hidden_layers)])

    def keep(self, rows: torch.Tensor) -> None:
        """Drop every row but these."""
        for layer in self.layers:
            layer.keep(rows)
