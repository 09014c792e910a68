"""Errors that a recipe's author can mend."""


class StageError(ValueError):
    """A stage cannot go on with what the recipe gives it; the message is one sentence that says what to change."""
