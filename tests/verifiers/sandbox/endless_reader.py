"""A reader of programs that comes to no end, for a test: it is imported by the process that reads."""

import re


def read_for_ever(source: str) -> str:
    """What a pattern with a choice in each step does with a text that does not match; no signal handler can run."""
    return str(re.match(r"(?:a|a)*b", "a" * 60))
