"""`repro verify`."""

import gzip
import json
import os
import pty
import signal
import subprocess
import sys
import time

import pytest
from cli_support import ENVIRONMENT, ROOT, repro


def test_one_answer_for_a_reader_and_for_a_machine():
    answer = ("verify", "--kind", "math", "--response", r"So it is \boxed{\frac12}.", "--reference", "0.5")
    shown = repro(*answer)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith("correct (")
    assert shown.out.count("\n") == 1
    verdict = repro(*answer, "--json").json
    assert (verdict["status"], verdict["verifier"]) == ("correct", "math")


def test_a_wrong_answer_is_judged_so_the_exit_code_is_0():
    done = repro(
        "verify", "--kind", "text", "--response", "<answer> no </answer>", "--reference", "yes", "--json"
    )
    assert (done.code, done.json["status"]) == (0, "wrong")


def test_the_response_may_come_from_standard_input():
    done = repro(
        "verify", "--kind", "text", "--response", "-", "--reference", "yes", stdin="<answer> yes </answer>"
    )
    assert (done.code, done.out.split()[0]) == (0, "correct")


def test_references_with_structure_are_json():
    reference = json.dumps({"numbers": [2, 3, 4], "target": 20})
    good = ("verify", "--kind", "countdown", "--response", "<answer> ( 2 + 3 ) * 4 </answer>", "--reference")
    assert repro(*good, reference).out.startswith("correct")
    repro(*good, "2 3 4 20").refused("countdown reference is")
    repro(*good, "[1]").refused("countdown reference is")


def test_options_of_the_verifier(warm):
    paris = ("verify", "--kind", "choice", "--response", "It is Paris.", "--reference", "B")
    assert warm(*paris, "--option", 'options={"A": "Rome", "B": "Paris"}').out.startswith("correct")
    warm(*paris, "--option", "colour=red").refused("no option 'colour'")
    warm(*paris, "--option", "colour").refused("name=value")


@pytest.mark.parametrize(
    ("argv", "word"),
    [
        (["--kind", "maths", "--response", "1", "--reference", "1"], "choose from math, countdown"),
        (["--kind", "math", "--response", "1"], "--reference"),
        (["--response", "1", "--reference", "1"], "--kind"),
        (["--file", "x", "--response", "1"], "not both"),
        (["--file", "/nowhere/x.jsonl", "--kind", "text"], "/nowhere/x.jsonl: No such file"),
    ],
)
def test_bad_input_is_one_sentence(warm, argv, word):
    warm("verify", *argv).refused(word)


def test_a_file_is_judged_line_by_line_with_a_summary(warm, tmp_path):
    rows = [
        {"response": "<answer> yes </answer>", "reference": "yes", "label": True},
        {"response": "<answer> no </answer>", "reference": "yes", "label": True},
        {"kind": "math", "response": r"\boxed{4}", "reference": "2+2"},
        {"response": "", "reference": "yes"},
    ]
    file = tmp_path / "answers.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    shown = warm("verify", "--file", file, "--kind", "text")
    assert shown.code == 0
    assert [line.split()[:3] for line in shown.out.splitlines()[:2]] == [
        ["line", "1:", "correct"],
        ["line", "2:", "wrong"],
    ]
    assert "total        4" in shown.out
    assert "accuracy     50.0% (95 % interval 15.0% to 85.0%)" in shown.out
    assert "1 of 2 agree (50.0%), 0 false accepts, 1 false reject" in shown.out
    assert "line 2: wrong, label true: 'no' for 'yes'." in shown.out
    done = warm("verify", "--file", file, "--kind", "text", "--json")
    verdicts = [json.loads(line) for line in done.out.splitlines()]
    assert [v["status"] for v in verdicts] == ["correct", "wrong", "correct", "no_answer"]
    assert [v["line"] for v in verdicts] == [1, 2, 3, 4]
    assert [v.get("label") for v in verdicts] == [True, True, None, None]
    assert json.loads(done.err)["total"] == 4


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "parquet"])
def test_verdicts_may_go_to_a_file_and_the_summary_is_printed(warm, tmp_path, ending):
    file, out = tmp_path / "answers.jsonl", tmp_path / f"verdicts.{ending}"
    rows = [{"said": f"<answer> {place % 3} </answer>", "truth": "0", "ok": True} for place in range(600)]
    file.write_text("\n".join(map(json.dumps, rows)))
    names = ["--response-field", "said", "--reference-field", "truth", "--label-field", "ok"]
    done = warm("verify", "--file", file, "--kind", "text", "--out", out, "--json", "--show", "2", *names)
    assert (done.code, done.err) == (0, "")
    assert done.json["statuses"] == {"correct": 200, "wrong": 400}
    assert done.json["labels"]["false_rejects"] == 400
    assert [one["line"] for one in done.json["labels"]["disagreements"]] == [2, 3]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["answers.jsonl", out.name])
    judged = read(out)
    assert [row["line"] for row in judged] == list(range(1, 601))
    assert sum(not row["agrees"] for row in judged) == 400
    shown = warm("verify", "--file", file, "--kind", "text", "--out", out, *names)
    assert shown.out.startswith("correct      200\n")
    assert "and 380 more" in shown.out


def read(path):
    if path.suffix == ".parquet":
        from pyarrow import parquet

        return parquet.read_table(path).to_pylist()
    data = path.read_bytes()
    return [
        json.loads(line) for line in (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()
    ]


def test_a_bad_line_stops_after_the_verdicts_before_it_and_leaves_no_file(warm, tmp_path):
    file = tmp_path / "answers.jsonl"
    file.write_text('{"response": "<answer> yes </answer>", "reference": "yes"}\n{"response": "x"}\n')
    done = warm("verify", "--file", file, "--kind", "text")
    assert done.code == 2
    assert done.out.startswith("line 1: correct")
    assert done.err == "repro: Line 2: there is no `reference`; the row has `response`.\n"
    warm("verify", "--file", file, "--kind", "text", "--out", tmp_path / "out.jsonl").refused("Line 2")
    assert [path.name for path in tmp_path.iterdir()] == ["answers.jsonl"]
    file.write_bytes(b"\xff\xfe{}\n")
    warm("verify", "--file", file, "--kind", "text").refused("Line 1 is not UTF-8")


def test_a_reader_that_stops_early_is_no_error(tmp_path):
    file = tmp_path / "answers.jsonl"
    file.write_text('{"response": "<answer> yes </answer>", "reference": "yes"}\n' * 5_000)
    command = f"{sys.executable} -m repro verify --kind text --file {file} --workers 0 | head -n 1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=300
    )
    assert done.stdout.startswith("line 1: correct")
    assert done.stderr == ""


def test_stopping_leaves_no_file_and_no_traceback(tmp_path):
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "repro",
            "verify",
            "--file",
            "-",
            "--kind",
            "text",
            "--out",
            tmp_path / "out.jsonl",
        ],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(600):
        if list(tmp_path.iterdir()):
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "repro: stopped.\n")
    assert list(tmp_path.iterdir()) == []


def test_progress_is_shown_on_a_terminal(tmp_path):
    file = tmp_path / "answers.jsonl"
    file.write_text('{"response": "<answer> yes </answer>", "reference": "yes"}\n' * 200)
    ours, theirs = pty.openpty()
    subprocess.run(
        [
            sys.executable,
            "-m",
            "repro",
            "verify",
            "--file",
            file,
            "--kind",
            "text",
            "--out",
            tmp_path / "out.jsonl",
        ],
        cwd=ROOT,
        env={**ENVIRONMENT, "TERM": "xterm"},
        stderr=theirs,
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    )
    assert "200 answers" in os.read(ours, 100_000).decode()
    os.close(ours)
    os.close(theirs)


def test_text_that_no_encoding_holds_is_printed_all_the_same(warm, tmp_path):
    file = tmp_path / "answers.jsonl"
    file.write_text('{"response": "<answer> \\ud800 </answer>", "reference": "yes"}\n')
    for more in ([], ["--json"]):
        done = warm("verify", "--file", file, "--kind", "text", *more)
        assert done.code == 0, done
        assert "ud800" in done.out
