"""`repro sandbox`: its two commands, and what they refuse."""

import json
import os
import subprocess
import sys

import pytest
from service_process import ROOT, start_fake

from verifiers.sandbox import LANGUAGES, LAYERS, protections


def repro(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "repro", "sandbox", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def refused(done, *words):
    """Exit code 2 and one sentence."""
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("repro: ")
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith(".\n")
    for word in words:
        assert word in done.stderr


@pytest.fixture
def token(tmp_path):
    path = tmp_path / "token"
    path.write_text("0123456789abcdef\n")
    return path


def test_check_says_what_is_here():
    refusal = protections().refusal
    done = repro("check", "--json")
    assert done.returncode == (2 if refusal else 0)
    told = json.loads(done.stdout)
    assert [one["layer"] for one in told["protections"]] == list(LAYERS)
    assert [one["language"] for one in told["toolchains"]] == list(LANGUAGES)
    for one in told["protections"]:
        assert one["active"] or one["reason"]
    for one in told["toolchains"]:
        assert one["here"] or (one["missing"] and one["get"])
    table = repro("check").stdout
    assert "pid namespace" in table
    assert "javascript" in table


def test_check_asks_a_service(token):
    service = start_fake(token="0123456789abcdef")
    try:
        refused(repro("check", "--url", service.url), "--token-file", "K15_SANDBOX_TOKEN")
        refused(repro("check", "--url", f"{service.url}/other"), "There is no sandbox service ready")
        done = repro("check", "--url", service.url, "--token-file", str(token))
        refused(done, "--token-file")  # the fake one has no protections to tell of
    finally:
        assert service.stop() == 0
    refused(repro("check", "--url", service.url), "Connection refused")
    refused(repro("check", "--url", "nonsense"), "'nonsense' is no URL of a sandbox service")


def test_serve_refuses_what_cannot_be(token, tmp_path):
    refused(repro("serve", "--host", "0.0.0.0"), "give a token with --token-file")
    refused(repro("serve", "--token-file", str(tmp_path / "none")), "No such file")
    for text in ("short", "", "0123456789abcdef\n0123456789abcdef", "0123456789abcdéf"):
        token.write_text(text)
        refused(repro("serve", "--token-file", str(token)), "16 or more ASCII characters")
    refused(repro("serve", "--workers", "0"), "--workers")
    refused(repro("serve", "--port", "99999"), "--port")


def test_serve_without_its_packages_says_what_to_install():
    script = "import sys; sys.modules['uvicorn'] = None\nfrom repro.__main__ import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", script, "sandbox", "serve"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    refused(done, "needs uvicorn", "pip install 'k15-repro[service]'")


def test_serve_without_a_sandbox_says_why(tmp_path):
    """Where bubblewrap cannot be used, nothing is served."""
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: No permissions' >&2\nexit 1\n")
    broken.chmod(0o755)
    refused(repro("serve", "--port", "0", PATH=str(tmp_path)), "No permissions", "user_namespace")
