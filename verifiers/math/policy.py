"""What counts as equal: every rule about rounding, percent, units, order and form, in one frozen object."""

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, Literal, TypedDict, get_args

Percent = Literal["optional", "required"]
Units = Literal["optional", "required", "same"]
DecimalComma = Literal["never", "optional", "always"]
Order = Literal["brackets", "ignored", "required"]
Form = Literal["any", "integer", "decimal", "fraction", "mixed", "percent", "scientific", "simplest"]

_CHOICES = {"percent": Percent, "decimal_comma": DecimalComma, "units": Units, "order": Order, "form": Form}


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules by which two answers are compared.

    `rounding`: a decimal with at least this many places equals a value, no integer, that rounds to it; None
    leaves rounding out. There is no other tolerance: floating point decides only where its error bounds tell two
    values apart or nothing can have been lost, and a sum such as `\\pi + 10^{-15}` is left to the symbolic layer.
    `percent`: `50%` is `0.5` and, if the sign is `optional`, also `50`.
    `decimal_comma`: `optional` takes `3,5` for 3.5 where the other answer is one number; `always` takes every
    comma between digits for one (values are separated by `;`), and `1.234,5` for 1234.5 (but `1.234` as it is).
    `units`: one of the reference may be left out if `optional`. Units of one dimension are converted exactly,
    currencies never; `same` takes no other unit than that of the reference.
    `order`: `brackets` says that it counts in `(…)` and `[…]` and not in `{…}` and plain lists; `ignored`
    and `required` say so of all.
    `form`: how the answer must be written, such as a `fraction` or, in `simplest` form, one in lowest terms
    with no arithmetic left to do.
    """

    rounding: int | None = 4
    percent: Percent = "optional"
    decimal_comma: DecimalComma = "optional"
    units: Units = "optional"
    order: Order = "brackets"
    form: Form = "any"

    def __post_init__(self) -> None:
        places = self.rounding
        if places is not None and (isinstance(places, bool) or not isinstance(places, int) or places < 1):
            raise ValueError(f"The option rounding is {places!r}; it must be None or at least 1 (places).")
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in (allowed := get_args(choices)):
                shown = ", ".join(map(repr, allowed))
                raise ValueError(f"The option {name} is {getattr(self, name)!r}; it must be one of {shown}.")

    def __str__(self) -> str:
        return _shown(self)


class Rules(TypedDict, total=False):
    """The fields of a `Policy` as keyword options."""

    rounding: int | None
    percent: Percent
    decimal_comma: DecimalComma
    units: Units
    order: Order
    form: Form


POLICY = Policy()
"""The default rules."""


def changed(policy: Policy, rules: dict[str, Any]) -> Policy:
    """`policy` with some of its rules replaced. Raises `ValueError` for an unknown rule or a bad value."""
    if not rules:
        return policy
    known = [field.name for field in fields(Policy)]
    if unknown := sorted(set(rules) - set(known)):
        raise ValueError(f"There is no option {unknown[0]!r}; the rules are {', '.join(known)}.")
    return replace(policy, **rules)


@lru_cache(maxsize=64)
def _shown(policy: Policy) -> str:
    return ", ".join(f"{field.name}={getattr(policy, field.name)}" for field in fields(policy))
