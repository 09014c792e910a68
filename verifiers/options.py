"""Which options a verifier has: what callers check before they judge anything."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args, is_typeddict

from verifiers import verifier


def check_options(kind: str, options: Mapping[str, Any]) -> None:
    """Raise `ValueError` for an unknown kind, or an option that its verifier does not have."""
    known = _option_names(kind)
    for name in options:
        if name not in known:
            raise ValueError(
                f"The {kind} verifier has no option {name!r}; it has {', '.join(sorted(known))}."
            )


@cache
def _option_names(kind: str) -> frozenset[str]:
    """The keyword parameters of a verifier, and the keys of a `TypedDict` that it unpacks."""
    verify: Any = verifier(kind)
    unpacked = (part for hint in verify.__annotations__.values() for part in get_args(hint))
    keys = (part.__annotations__ for part in unpacked if is_typeddict(part))
    return frozenset(verify.__kwdefaults__ or ()).union(*keys)
