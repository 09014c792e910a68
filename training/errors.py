"""Errors that a recipe's author can mend, and how those of other libraries are told."""


class StageError(ValueError):
    """A stage cannot go on with what the recipe gives it; the message is one sentence that says what to change."""


def first_line(error: Exception) -> str:
    """What an error of another library says, on one line; its kind where it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
