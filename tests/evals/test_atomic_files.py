import errno
import importlib
import os
import sys
import types
from pathlib import Path
from unittest import mock

import pytest

from evals.files import atomic_write_bytes, atomic_write_text, canonical_json, digest


def test_a_write_replaces_the_whole_file_and_makes_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    atomic_write_text(path, "eins\n")
    atomic_write_text(path, "zwei é\n")
    assert path.read_bytes() == "zwei é\n".encode()
    assert [entry.name for entry in path.parent.iterdir()] == ["b.txt"]
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()


def test_a_full_disk_names_the_file_and_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "scores.jsonl"
    atomic_write_bytes(path, b"old")
    full = OSError(errno.ENOSPC, "No space left on device")
    with (
        mock.patch("os.fsync", side_effect=full),
        pytest.raises(OSError, match=r"No space left.*scores\.jsonl"),
    ):
        atomic_write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["scores.jsonl"]


def test_an_interrupted_write_leaves_no_temporary_file(tmp_path: Path) -> None:
    with mock.patch("os.fsync", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        atomic_write_bytes(tmp_path / "a", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file/a"):
        atomic_write_bytes(tmp_path / "file" / "a", b"")


def test_canonical_json() -> None:
    assert canonical_json({"b": (1, 0.1), "a": "é"}) == '{"a": "é", "b": [1, 0.1]}'
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))


def test_another_verifiers_package_is_refused() -> None:
    """PyPI has a package of that name."""
    other = types.ModuleType("verifiers")
    other.__file__ = "/elsewhere/verifiers/__init__.py"
    hidden = {
        name: module for name, module in sys.modules.items() if name.split(".")[0] in ("evals", "verifiers")
    }
    with mock.patch.dict(sys.modules):
        for name in hidden:
            del sys.modules[name]
        sys.modules["verifiers"] = other
        with pytest.raises(ImportError, match="another one at /elsewhere"):
            importlib.import_module("evals")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
