"""Demonstrations: responses that solve a problem, made by programs, each checked by the problem's verifier."""
