"""Shortest rejection sampling (section 2.4): of n responses, train on the shortest right one."""

from collections.abc import Sequence

from evals.types import Sample


def shortest_correct(samples: Sequence[Sample]) -> Sample | None:
    """The right response with the fewest tokens (the first drawn of equals); None when none is right."""
    right = [sample for sample in samples if sample.verdict.correct]
    return min(right, key=lambda sample: (sample.response_tokens, sample.sample_index), default=None)
