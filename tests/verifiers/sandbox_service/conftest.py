import pytest
from service_process import start_fake


@pytest.fixture
def started():
    """Starts services around the fake sandbox; after the test they stop, and stop well."""
    running = []

    def start(**settings):
        running.append(start_fake(**settings))
        return running[-1]

    yield start
    for service in running:
        if service.process.poll() is None:
            assert service.stop() == 0, service.other
            assert service.log[-1]["event"] == "stopped"
            assert service.other == []


@pytest.fixture(scope="module")
def service():
    """One service with ample bounds, for all tests of a module that leave it as it was."""
    running = start_fake(inputs=50, body_bytes=100_000, buffer_bytes=1 << 16, heartbeat_seconds=0.2)
    yield running
    assert running.stop() == 0, running.other
