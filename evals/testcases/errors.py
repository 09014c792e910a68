"""What can go wrong that says nothing about a problem."""

from verifiers.sandbox.types import Execution


class SandboxFailed(RuntimeError):
    """The sandbox failed, so that nothing is known of the problem at hand; it can be tried again."""


class MissingPackage(RuntimeError):
    """A package that is needed is not installed; the message says which, and how to get it."""


def check_alive(execution: Execution) -> None:
    """Raise `SandboxFailed` where it was the sandbox that failed."""
    if execution.outcome == "failed":
        raise SandboxFailed(f"The sandbox failed: {execution.reason}")
