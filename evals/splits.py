"""Train, validation and test splits of generated problems, by a hash of the canonical problem."""

from hashlib import blake2b
from typing import Literal

Split = Literal["train", "validation", "test"]


def split_of(canonical: str) -> Split:
    """The split that owns this canonical problem: 20 % test, 10 % validation, the rest train.

    Disjoint by construction: the same problem lands in the same split whatever seed made it.
    """
    bucket = int.from_bytes(blake2b(canonical.encode(), digest_size=8).digest(), "big") % 100
    if bucket < 20:
        return "test"
    return "validation" if bucket < 30 else "train"
