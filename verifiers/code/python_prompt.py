"""Python that a program goes on from, such as a function's head."""

import ast


def parses(source: str) -> bool:
    """Whether `source` is Python."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def completed(prompt: str) -> str:
    """The prompt as Python that runs by itself: a function that has no docstring gets a body."""
    return prompt if parses(prompt) else f"{prompt.rstrip()}\n    pass\n"
