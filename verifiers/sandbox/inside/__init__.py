"""What runs within bubblewrap: a server that forks one process per input, and the sides of those processes.

The standard library only, and nothing of `verifiers` outside this folder, which is bound into the sandbox as
the package `inside`. `frames` is used on both sides.
"""
