"""Verifiers: judge model answers. Needs no torch; each module works alone."""

from verifiers.verdict import STATUSES, Status, Verdict, Verifier

__all__ = ["STATUSES", "Status", "Verdict", "Verifier"]
