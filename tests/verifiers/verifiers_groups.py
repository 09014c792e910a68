"""Process groups, as the tests of worker processes look at them."""

import os
import time


def is_gone(pid, seconds=30.0):
    """Whether the process group `pid` ends within some seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.killpg(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
