"""Which RL checkpoint long2short RL starts from: the best balance of score and tokens (section 2.4)."""

from collections.abc import Sequence

from evals.types import Score
from training.errors import StageError


def best_balance(scores: Sequence[Score], margin: float) -> Score:
    """Of the checkpoints within `margin` (accuracy, 0 to 1) of the best, the one with the fewest tokens.

    Raises `StageError` when there is no score.
    """
    if not scores:
        raise StageError("No checkpoint was scored on the validation split; nothing to choose from.")
    best = max(score.accuracy.value for score in scores)
    fitting = [score for score in scores if score.accuracy.value >= best - margin]
    return min(fitting, key=lambda score: (score.response_tokens_mean, score.checkpoint))
