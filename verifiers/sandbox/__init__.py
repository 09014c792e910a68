"""Runs untrusted programs: see `LocalSandbox.run`, or `python -m verifiers.sandbox` for what protects this machine."""

import importlib
from typing import TYPE_CHECKING, Any

from verifiers.sandbox.types import (
    LANGUAGES,
    LAYERS,
    LIMITS,
    OUTCOMES,
    Call,
    Check,
    Execution,
    Input,
    Language,
    Layer,
    Limit,
    Limits,
    Outcome,
    Program,
    Sandbox,
    Stdin,
)

if TYPE_CHECKING:
    from verifiers.sandbox.detect import Protection, Protections, protections
    from verifiers.sandbox.errors import SandboxUnavailable
    from verifiers.sandbox.languages import Toolchain, toolchains
    from verifiers.sandbox.local import LocalSandbox
    from verifiers.sandbox.own import shared

_WHERE = {
    "SandboxUnavailable": "errors",
    "Toolchain": "languages",
    "toolchains": "languages",
    "Protection": "detect",
    "Protections": "detect",
    "protections": "detect",
    "LocalSandbox": "local",
    "shared": "own",
}

__all__ = [
    "LANGUAGES",
    "LAYERS",
    "LIMITS",
    "OUTCOMES",
    "Call",
    "Check",
    "Execution",
    "Input",
    "Language",
    "Layer",
    "Limit",
    "Limits",
    "LocalSandbox",
    "Outcome",
    "Program",
    "Protection",
    "Protections",
    "Sandbox",
    "SandboxUnavailable",
    "Stdin",
    "Toolchain",
    "protections",
    "shared",
    "toolchains",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
