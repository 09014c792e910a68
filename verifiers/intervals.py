"""Wilson's interval for a proportion."""

import math

Z95 = 1.9599639845400536
"""The normal quantile of a two-sided 95 % interval."""


def wilson_interval(share: float, count: float, quantile: float) -> tuple[float, float]:
    """The least and the greatest p for which |share − p| ≤ quantile·√(p(1 − p)/count)."""
    weight = quantile**2 / count
    centre = (share + weight / 2) / (1 + weight)
    half = math.sqrt(weight * share * (1 - share) + weight**2 / 4) / (1 + weight)
    return max(0.0, min(centre - half, share)), min(1.0, max(centre + half, share))
