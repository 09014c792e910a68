"""A worker for the tests of `verifiers.process` that cannot serve."""

from verifiers.process import refuse


def serve_main():
    refuse("The kettle is missing.")
