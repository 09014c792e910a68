"""A worker for the tests of `verifiers.process` that answers from forks."""

from verifiers_children import answer

from verifiers.process import serve_in_forks


def serve_main():
    serve_in_forks(answer)
