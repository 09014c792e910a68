"""From a rating to a percentile. Which percentile it is depends on the people counted, so a mapping has a name.

The same 94 % is a rating of 1712 among all of CodeElo's list and of 1900 among active users.
"""

import json
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate

from evals.types import Figure, Interval, Measure, Problem, Sample


@dataclass(frozen=True, slots=True)
class Percentiles:
    """A named mapping: at each of `ratings`, which ascend, the share of the people who are rated below it.

    `people` is how many were counted; `source` and `date` say by whom and when.
    """

    name: str
    source: str
    date: str
    people: int
    ratings: tuple[float, ...]
    shares: tuple[float, ...]

    def at(self, rating: float) -> Interval:
        """The share below `rating`, interpolated, between the shares at the ratings around it.

        Beyond the last rating known it is a lower bound: the last share known, or 0.
        """
        place = bisect_left(self.ratings, rating)
        if place == len(self.ratings):
            return Interval(self.shares[-1], self.shares[-1], 1.0)
        if self.ratings[place] == rating:
            return Interval(self.shares[place], self.shares[place], self.shares[place])
        if place == 0:
            return Interval(0.0, 0.0, self.shares[0])
        (before, after), (low, high) = self.ratings[place - 1 : place + 1], self.shares[place - 1 : place + 1]
        return Interval(low + (high - low) * (rating - before) / (after - before), low, high)


def of_ratings(name: str, source: str, date: str, ratings: Iterable[float]) -> Percentiles:
    """The mapping of a list of people's ratings. Raises `ValueError` for an empty one."""
    counts = sorted(Counter(ratings).items())
    if not counts:
        raise ValueError(f"The list of ratings {name!r} is empty.")
    below = [0, *accumulate(count for _, count in counts)]
    people = below[-1]
    known = [float(rating) for rating, _ in counts]
    shares = tuple(count / people for count in below)
    return Percentiles(name, source, date, people, (*known, math.nextafter(known[-1], math.inf)), shares)


@cache
def published() -> Mapping[str, Percentiles]:
    """The mappings that were published, by name."""
    rows = json.loads(files("evals.published").joinpath("codeforces_percentiles.json").read_text("utf-8"))
    return {
        row["name"]: Percentiles(
            name=row["name"],
            source=row["source"],
            date=row["date"],
            people=row["people"],
            ratings=tuple(row["ratings"]),
            shares=tuple(row.get("shares_below") or [count / row["people"] for count in row["below"]]),
        )
        for row in rows
    }


def percentile(rating: Measure, mapping: Percentiles) -> Measure:
    """The percentile of what `rating` gives, as a share; its interval has what the mapping leaves open too."""

    def measure(problems: Sequence[Problem], samples: Sequence[Sample]) -> Figure:
        found = rating(problems, samples)
        low, high = mapping.at(found.low).low, mapping.at(found.high).high
        return Figure(mapping.at(found.value).value, low, high)

    return measure
