"""The exception of the sandbox."""


class SandboxUnavailable(Exception):
    """A protection that is needed is missing here; the message says which, why, and how to get it."""
