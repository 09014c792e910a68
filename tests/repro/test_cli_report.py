"""`repro report`."""

import resource

import pytest
from cli_support import make_run, repro

FILES = ("report.html", "report.md", "report.json")


@pytest.fixture
def own_run(tmp_path):
    return make_run(tmp_path / "toy-seed0")


def test_a_report_is_made_from_the_run_directory_alone(own_run):
    done = repro("report", own_run)
    assert (done.code, done.out, done.err) == (0, f"{own_run / 'report.html'}\n", "")
    first = [(own_run / name).read_bytes() for name in FILES]
    again = repro("report", own_run, "--json")
    assert again.json == {
        "run": str(own_run),
        "html": str(own_run / "report.html"),
        "markdown": str(own_run / "report.md"),
        "json": str(own_run / "report.json"),
    }
    assert [(own_run / name).read_bytes() for name in FILES] == first


def test_wall_times_can_be_left_out(warm, own_run):
    (own_run / "timings.jsonl").write_text(
        '{"stage": "rl", "what": "train", "seconds": 12345.6, "tokens": 7}\n'
    )
    assert warm("report", own_run, "--no-timings").code == 0
    without = (own_run / "report.md").read_text()
    (own_run / "timings.jsonl").unlink()
    assert warm("report", own_run, "--no-timings").code == 0
    assert (own_run / "report.md").read_text() == without


def test_bad_input_is_one_sentence(warm, own_run, tmp_path):
    warm("report", tmp_path / "nowhere").refused("nowhere")
    warm("report", tmp_path).refused("recipe.yaml")
    (own_run / "scores.jsonl").write_text("{}\n")
    warm("report", own_run).refused("scores.jsonl")


def test_a_full_disk_is_one_sentence_and_keeps_the_old_report(own_run):
    (own_run / "report.json").write_text("old")
    limit = (1000, 1000)
    done = repro("report", own_run, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    done.refused("while writing", "report.json")
    assert (own_run / "report.json").read_text() == "old"
    assert not list(own_run.glob(".*.tmp"))
