"""Errors that a recipe's author can mend, and how those of other libraries are told."""


class StageError(ValueError):
    """A stage cannot go on with what the recipe gives it; the message is one sentence that says what to change."""


def first_line(error: Exception) -> str:
    """What an error of another library says first, on one line; its kind where it says nothing.

    A line that ends with a colon says nothing yet, so what follows it is taken too.
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = lines[:1]
    while told and told[-1].endswith(":") and len(told) < len(lines):
        told.append(lines[len(told)])
    return " ".join(told) if told else type(error).__name__
