"""Numbers as a reader sees them: one way of writing each kind, used by every format of the report."""

from evals.types import Figure, Interval

EMPTY = "–"
LOWEST_RATING, HIGHEST_RATING = -2000, 6000
"""The ends of the scale (`evals.ratings`): there a rating is open."""


def percent(value: float | None, digits: int = 1) -> str:
    """A share as a percentage, without the sign; `–` for None."""
    return EMPTY if value is None else f"{100 * value:.{digits}f}"


def with_sign(value: float, digits: int = 1) -> str:
    """A share as a percentage with its sign, which never starts a line."""
    return f"{percent(value, digits)}\u00a0%"


def percent_interval(interval: Interval) -> str:
    """A share with its 95 % interval, in percent."""
    return f"{percent(interval.value)} {bounds(percent(interval.low), percent(interval.high))}"


def figure_text(figure: Figure) -> str:
    """A figure beside avg@k with its 95 % interval: a share in percent, a rating as it is.

    A rating of one who solved everything, or nothing, has one end only.
    """
    if figure.unit == "share":
        return percent_interval(figure).replace(" ", "\u00a0% ", 1)
    if figure.low <= LOWEST_RATING:
        return f"at most {count(figure.high)}"
    if figure.high >= HIGHEST_RATING:
        return f"at least {count(figure.low)}"
    return f"{count(figure.value)} {bounds(count(figure.low), count(figure.high))}"


def bounds(low: str, high: str) -> str:
    """An interval's two ends."""
    return f"[{low}, {high}]"


def count(value: float | None) -> str:
    """A whole number with thousands separators; `–` for None."""
    return EMPTY if value is None else f"{value:,.0f}"


def signed(value: float, digits: int = 1) -> str:
    """A number with its sign, the minus typographic; zero has none."""
    text = f"{value:+.{digits}f}"
    return text[1:] if float(text) == 0 else text.replace("-", "−")


def signed_interval(interval: Interval, digits: int = 1, scale: float = 1.0) -> str:
    """A difference or slope with its 95 % interval, all with signs."""
    low, high = signed(scale * interval.low, digits), signed(scale * interval.high, digits)
    return f"{signed(scale * interval.value, digits)} {bounds(low, high)}"


def scientific(value: float) -> str:
    """A small number with two significant digits, as `2.4e-06`; 0 as `0`."""
    return "0" if value == 0 else f"{value:.1e}"


def plural(number: int, word: str) -> str:
    """`1 sample`, `2 samples`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def listed(names: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def short_digest(digest: str | None) -> str:
    """The first twelve hex digits of a digest or revision."""
    return (digest or EMPTY).removeprefix("sha256:")[:12]
