import os

import pytest
from sandbox_processes import groups, servers

from evals import judge
from verifiers.sandbox import LocalSandbox, SandboxUnavailable, shared


def close_others() -> None:
    """Close the sandboxes that other tests of this process may have left open, so that servers can be counted."""
    shared().close()
    judge.close()


@pytest.fixture(scope="session")
def sandbox():
    """The sandbox of all tests that leave it as it was."""
    try:
        close_others()
        local = LocalSandbox(workers=2)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with local:
        yield local
    close_others()
    assert servers(os.getpid()) == []
    assert groups(os.getpid()) == []
