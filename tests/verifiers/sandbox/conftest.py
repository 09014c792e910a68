import os

import pytest
from sandbox_processes import groups, servers

from evals import judge
from verifiers.sandbox import LocalSandbox, SandboxUnavailable, shared


@pytest.fixture(scope="session")
def sandbox():
    """The sandbox of all tests that leave it as it was."""
    try:
        local = LocalSandbox(workers=2)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with local:
        yield local
    shared().close()  # other tests of this process may have used it, and these processes have their own
    judge.close()
    assert servers(os.getpid()) == []
    assert groups(os.getpid()) == []
