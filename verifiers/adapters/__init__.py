"""Adapters: our verifiers as reward functions, scorers and metrics of other libraries.

One module per library, imported by whoever has that library: `trl`, `verl`, `openrlhf`, `lm_eval`, `inspect_ai`
and `lighteval`. None is imported by `verifiers` itself. In all of them a wrong setting raises `ValueError`, and
a verifier that failed (`timeout`, `error`) is kept apart from a wrong answer and logged.
"""
