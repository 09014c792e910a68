"""Which errors are the user's to mend (exit code 2) or the run's (1), and which are bugs (a traceback)."""

import errno

USAGE = 2
FAILED = 1
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EPERM)


def exit_code_of(error: Exception) -> int | None:
    """The exit code for an error that one sentence explains; None for a bug.

    The error classes are looked up by name, so that a quick command need not import torch for this.
    """
    if isinstance(error, OSError):
        return USAGE
    names = {cls.__name__ for cls in type(error).__mro__}
    if names & {"HandOverError"}:
        return FAILED
    return USAGE if "ValueError" in names else None
