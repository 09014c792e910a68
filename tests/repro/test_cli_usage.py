"""`repro` itself: help, errors of usage, which errors have a traceback, how fast it starts."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli_support import ENVIRONMENT, repro

HEAVY = ("torch", "transformers", "pandas", "altair", "scipy", "pyarrow")


def heavy_modules(*argv: object) -> set[str]:
    """The slow modules that a command has imported when it ends."""
    before = (
        "import atexit, sys\n"
        f"there = lambda: [m for m in {HEAVY!r} if m in sys.modules]\n"
        "atexit.register(lambda: print('HEAVY', *there(), file=sys.stderr))"
    )
    done = repro(*argv, before=before)
    assert done.code == 0, done
    return set(done.err.splitlines()[-1].split()[1:])


def test_help_names_every_command_and_shows_examples():
    done = repro("--help")
    assert done.code == 0
    for word in (
        "run",
        "recipes",
        "eval",
        "compare",
        "report",
        "verify",
        "repro run countdown --seed 0",
        "Exit codes",
    ):
        assert word in done.out


@pytest.mark.parametrize("command", ["run", "recipes", "eval", "compare", "report", "verify"])
def test_every_command_has_help_and_json(warm, command):
    done = warm(command, "--help")
    assert done.code == 0
    assert "--json" in done.out


def test_quick_commands_import_nothing_slow():
    assert heavy_modules("--help") == set()
    assert heavy_modules("eval", "--help") == set()
    assert heavy_modules("recipes") == set()
    assert heavy_modules("verify", "--kind", "math", "--response", "1/2", "--reference", "0.5") == set()


def test_report_and_compare_do_not_import_torch(run_dir):
    assert "torch" not in heavy_modules("report", run_dir)
    assert not heavy_modules("compare", run_dir) & {"torch", "transformers", "altair"}


def test_without_arguments_the_help_is_shown_and_the_exit_code_is_2():
    done = repro()
    assert done.code == 2
    assert "Usage: repro" in done.out + done.err


def test_errors_of_usage_are_one_sentence():
    repro("evl").refused("No such command 'evl'", "eval", "repro --help")
    repro("run").refused("Missing argument 'RECIPE'", "repro run --help")
    repro("run", "x", "--foo").refused("No such option: --foo", "repro run --help")
    repro("eval", "x").refused("name a benchmark with --benchmark")
    repro("eval", "x", "--benchmark", "puzzles", "--samples", "0").refused("--samples")
    repro("eval", "x", "--benchmark", "puzzles", "--split", "train").refused("--split", "validation")


def test_a_bug_shows_its_traceback(warm, run_dir):
    for error in ("TypeError('oh')", "ValueError('oh')", "KeyError('oh')"):
        before = f"import reports.build\ndef broken(*a): raise {error}\nreports.build.write = broken"
        done = warm("report", run_dir, before=before)
        assert done.code == 1
        assert "Traceback" in done.err
        assert error.split("(")[0] in done.err.splitlines()[-1]


def test_a_machine_without_torch_is_told_what_to_install():
    before = "import sys; sys.modules['torch'] = None"
    repro("run", "countdown", before=before).refused("needs torch", "k15-repro[train]")


def test_an_interrupt_has_exit_code_130(tmp_path):
    fifo = tmp_path / "answers.jsonl"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [sys.executable, "-m", "repro", "verify", "--kind", "text", "--file", str(fifo)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with fifo.open("w"):  # opens once the command reads
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "repro: stopped.\n")


def test_a_reader_that_goes_away_is_no_bug():
    process = subprocess.Popen(
        [sys.executable, "-m", "repro", "recipes", "--json"],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.wait(timeout=30)
    process.stderr.close()
    assert b"Traceback" not in err


def test_output_in_a_poor_encoding_is_no_bug():
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "repro",
            "verify",
            "--kind",
            "text",
            "--response",
            "<answer>é</answer>",
            "--reference",
            "é",
        ],
        env=ENVIRONMENT | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_recipes_lists_what_ships():
    names = {path.stem for path in (Path(ENVIRONMENT["PYTHONPATH"]) / "repro" / "recipes").glob("*.yaml")}
    found = repro("recipes", "--json")
    assert {row["name"] for row in found.json} == names
    assert all(row["description"] for row in found.json)
    shown = repro("recipes")
    assert shown.code == 0
    assert all(name in shown.out for name in names)
