import subprocess
import sys
import time

import pytest

import verifiers


def python(script, **options):
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=300, **options
    )


def test_import_takes_nothing_heavy():
    script = (
        "import sys, verifiers\n"
        "heavy = {'torch', 'transformers', 'numpy', 'sympy', 'math_verify', 'evals', 'training'}\n"
        "heavy.add('subprocess')\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "for kind in verifiers.KINDS: verifiers.verifier(kind)\n"
        "print(sorted(heavy - {'subprocess'} & set(sys.modules)))\n"
    )
    done = python(script)
    assert done.stdout.splitlines()[0] == "[]", done.stderr


def test_every_kind_can_be_imported_without_sympy_and_torch():
    script = (
        "import sys, verifiers\n"
        "sys.modules.update(dict.fromkeys(('torch', 'sympy', 'math_verify', 'numpy')))\n"
        "for kind in verifiers.KINDS: verifiers.verifier(kind)\n"
        "assert verifiers.verify('math', '1/2', '0.5').correct\n"
    )
    done = python(script)
    assert done.returncode == 0, done.stderr


def test_import_is_fast():
    script = "import time; t = time.process_time(); import verifiers; print(time.process_time() - t)"
    assert min(float(python(script).stdout) for _ in range(3)) < 0.1  # about 0.015 on an idle core


def test_another_distribution_with_this_name_is_refused(tmp_path):
    (tmp_path / "verifiers-0.1.9.dist-info").mkdir()
    done = python(f"import sys; sys.path.append({str(tmp_path)!r}); import verifiers")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: The PyPI distribution `verifiers 0.1.9` is installed")
    assert "pip uninstall verifiers" in last


def test_public_names():
    assert verifiers.SUITE == "k15-repro"
    kinds = {"math", "code", "countdown", "ordering", "choice", "text", "true_false", "instructions"}
    assert set(verifiers.KINDS) == kinds
    assert all(hasattr(verifiers, name) for name in verifiers.__all__)


def test_verdicts_are_checked():
    with pytest.raises(ValueError, match="status"):
        verifiers.Verdict("right", 1.0, None, "", "", "", "")
    with pytest.raises(ValueError, match="score"):
        verifiers.Verdict("wrong", 2.0, None, "", "", "", "")


def test_seconds_are_wall_time():
    started = time.perf_counter()
    verdict = verifiers.verify("text", "x" * 100_000, "y")
    assert 0.0 <= verdict.seconds <= time.perf_counter() - started
