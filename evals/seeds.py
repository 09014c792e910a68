"""Seeds of single draws, derived from what names the draw."""

import hashlib

from evals.files import canonical_json


def derive_seed(*parts: int | str) -> int:
    """A 63-bit seed: a stable hash of run seed, benchmark, problem id, sample index, ...; independent of all others."""
    text = canonical_json(list(parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 1
