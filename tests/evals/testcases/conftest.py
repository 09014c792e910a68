import pytest

from verifiers.sandbox import LocalSandbox, SandboxUnavailable


@pytest.fixture(scope="module")
def sandbox():
    """The sandbox of a module's tests; none outlives them, for others count what is left."""
    try:
        local = LocalSandbox(workers=2)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with local:
        yield local
