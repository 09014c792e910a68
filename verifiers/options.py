"""Which options a verifier has and which values they take: what callers check before they judge anything."""

from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, is_typeddict

from verifiers import verifier
from verifiers.thinking import check_marks

_NAMES = {bool: "true or false", int: "a whole number", float: "a number", str: "text", NoneType: "null"}


def check_options(kind: str, options: Mapping[str, Any]) -> None:
    """Raise `ValueError` for an unknown kind, an option that its verifier does not have, or a value that it refuses.

    Values of other types than flags, numbers, texts and choices are left to the verifier.
    """
    known = _options(kind)
    for name, value in options.items():
        if name not in known:
            raise ValueError(
                f"The {kind} verifier has no option {name!r}; it has {', '.join(sorted(known))}."
            )
        if name == "thinking_marks":
            check_marks(value)
        elif not _takes(known[name], value):
            allowed = " or ".join(_values(known[name]))
            raise ValueError(
                f"The {kind} verifier's option {name} is {repr(value)[:200]}; it must be {allowed}."
            )


def has_option(kind: str, name: str) -> bool:
    """Whether the verifier of this kind has an option of this name. Raises `ValueError` for an unknown kind."""
    return name in _options(kind)


@cache
def _options(kind: str) -> Mapping[str, Any]:
    """The type of each keyword parameter of a verifier, and of each key of a `TypedDict` that it unpacks."""
    verify: Any = verifier(kind)
    hints = {name: verify.__annotations__[name] for name in verify.__kwdefaults__ or ()}
    for hint in verify.__annotations__.values():
        for part in get_args(hint):
            if is_typeddict(part):
                hints |= part.__annotations__
    return hints


def _takes(hint: Any, value: object) -> bool:
    """Whether a parameter of this type takes a value, as far as that is easily told."""
    if get_origin(hint) is Literal:
        return isinstance(value, str) and value in get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        return any(_takes(part, value) for part in get_args(hint))
    if hint in (int, float):
        return isinstance(value, int | hint) and not isinstance(value, bool)
    return isinstance(value, hint) if hint in _NAMES else True


def _values(hint: Any) -> list[str]:
    """The values that a type has, for a sentence."""
    if get_origin(hint) is Literal:
        return ["one of " + ", ".join(map(repr, get_args(hint)))]
    parts = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return [_NAMES.get(part, "another value") for part in parts]
