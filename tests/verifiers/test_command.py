import gzip
import json
import math
import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from verifiers.command import parse_options, parse_reference
from verifiers.files import Fields, Job, judge_file, read_rows, record
from verifiers.files import run as judge
from verifiers.sinks import writing
from verifiers.summary import Summary, wilson
from verifiers.verdict import Verdict


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "verifiers", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        **options,
    )


def refused(done, *words):
    """Bad input: exit code 2 and one sentence with `words`."""
    assert done.returncode == 2, done
    assert done.stderr.startswith("verifiers: ")
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


# --- One answer ---------------------------------------------------------------------------------------------


def test_one_answer():
    done = run("--kind", "math", "--response", r"\boxed{\frac{1}{2}}", "--reference", "0.5")
    assert done.returncode == 0
    verdict = json.loads(done.stdout)
    assert verdict["status"] == "correct"
    assert verdict["verifier"] == "math"


def test_one_answer_from_standard_input_with_a_json_reference():
    reference = '{"numbers": [3, 4, 5], "target": 17}'
    answer = "<answer> 3 + 4 * 5 </answer>"
    done = run("--kind", "countdown", "--response", "-", "--reference", reference, input=answer)
    assert json.loads(done.stdout)["reason"] == "It evaluates to 23, not 17."


def test_options_are_given_by_name():
    paris = ("--kind", "choice", "--response", "It is Paris.", "--reference", "B")
    done = run(*paris, "--option", 'options={"A": "Rome", "B": "Paris"}', "--option", "fallback=last_line")
    assert json.loads(done.stdout)["layer"] == "option_text"
    refused(run(*paris, "--option", "colour=red"), "no option 'colour'", "fallback")
    refused(run(*paris, "--option", "colour"), "name=value")
    refused(run("--kind", "math", "--file", "-", "--option", "colour=red", input=""), "no option 'colour'")


def test_arguments_are_read_as_json_where_they_can_be():
    assert parse_options(["timeout=2.5", "units=required", "fallback=", 'options={"A": "x"}']) == {
        "timeout": 2.5, "units": "required", "fallback": "", "options": {"A": "x"},
    }  # fmt: skip
    assert parse_reference("text", '["a", "b"]') == ["a", "b"]
    assert parse_reference("math", "[1, 2]") == "[1, 2]"
    assert parse_reference("choice", "AC") == "AC"
    assert parse_reference("text", "[sic") == "[sic"


# --- Files --------------------------------------------------------------------------------------------------

ROWS = [
    {"response": r"\boxed{1}", "reference": "1", "label": True},
    {"response": r"\boxed{2}", "reference": "1", "label": True},
    {"response": "no idea", "reference": "1"},
    {"kind": "text", "response": "yes", "reference": "yes", "label": 0},
    {"response": r"\boxed{", "reference": "1", "finish_reason": "length", "label": False},
    {"kind": "text", "response": "Yes", "reference": "yes", "options": {"match": "exact"}},
]
STATUSES = ["correct", "wrong", "no_answer", "correct", "truncated", "wrong"]


@pytest.mark.parametrize("workers", [["--workers", "0"], ["--workers", "2"], []])
def test_a_file(tmp_path, workers):
    path = tmp_path / "answers.jsonl"
    path.write_text("\n\n".join(map(json.dumps, ROWS)) + "\n")
    done = run("--kind", "math", "--file", path, *workers)
    assert done.returncode == 0
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [verdict["status"] for verdict in verdicts] == STATUSES
    assert [verdict["line"] for verdict in verdicts] == [1, 3, 5, 7, 9, 11]
    assert [verdict.get("agrees") for verdict in verdicts] == [True, False, None, False, True, None]
    assert "correct      2" in done.stderr
    assert "accuracy     33.3% (95 % interval 9.7% to 70.0%)" in done.stderr
    assert "2 of 4 agree (50.0%), 1 false accept, 1 false reject" in done.stderr
    assert "line 3: wrong, label true: '2' for '1'." in done.stderr
    assert "line 7: correct, label false: 'yes' for 'yes'." in done.stderr


def test_a_summary_as_json_and_a_limit_on_what_it_lists(tmp_path):
    path = write(tmp_path / "answers.jsonl", ROWS)
    out = tmp_path / "verdicts.jsonl"
    done = run("--kind", "math", "--file", path, "--out", out, "--json", "--show", "1")
    summary = json.loads(done.stdout)
    assert summary["total"] == 6
    assert summary["statuses"] == {"correct": 2, "wrong": 2, "no_answer": 1, "truncated": 1}
    assert sum(summary["layers"].values()) == 6
    assert summary["accuracy"] == pytest.approx(1 / 3)
    assert [one["line"] for one in summary["labels"]["disagreements"]] == [2]
    assert (summary["labels"]["false_accepts"], summary["labels"]["false_rejects"]) == (1, 1)
    assert done.stderr == ""
    assert [row["line"] for row in lines(out) if row.get("agrees") is False] == [2, 4]


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "parquet"])
def test_each_format_in_and_out(tmp_path, ending):
    from pyarrow import Table, parquet

    source, out = tmp_path / f"answers.{ending}", tmp_path / f"verdicts.{ending}"
    if ending == "parquet":
        flat = [row | {"label": bool(row["label"])} if "label" in row else row for row in ROWS]
        columns = ("kind", "response", "reference", "label", "finish_reason", "options")
        parquet.write_table(Table.from_pylist([{c: row.get(c) for c in columns} for row in flat]), source)
    elif ending == "jsonl.gz":
        source.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in ROWS).encode()))
    else:
        write(source, ROWS)
    judge(Job(str(source), kind="math", out=str(out)), lambda row, verdict: None)
    if ending == "parquet":
        found = parquet.read_table(out).to_pylist()
    elif ending == "jsonl.gz":
        found = [json.loads(line) for line in gzip.decompress(out.read_bytes()).splitlines()]
    else:
        found = lines(out)
    assert [row["status"] for row in found] == STATUSES
    assert [row["line"] for row in found] == [1, 2, 3, 4, 5, 6]
    assert [row.get("agrees") for row in found] == [True, False, None, False, True, None]
    assert found[0]["reference"] == "1"
    assert names(tmp_path) == sorted([source.name, out.name])


def test_parquet_columns_of_objects_and_nulls(tmp_path):
    from pyarrow import Table, parquet

    rows = [
        {"kind": "countdown", "response": "<answer> 3 * 4 + 5 </answer>", "label": True, "finish_reason": None,
         "reward_model": {"ground_truth": {"numbers": [3, 4, 5], "target": 17}}, "options": {"operators": None}},
        {"kind": "countdown", "response": "<answer> 6 / 3 * 4 </answer>", "label": None, "finish_reason": "stop",
         "reward_model": {"ground_truth": {"numbers": [6, 3, 4], "target": 8}}, "options": {"operators": "*/"}},
    ]  # fmt: skip
    parquet.write_table(Table.from_pylist(rows), tmp_path / "a.parquet")
    fields = Fields(reference="reward_model.ground_truth")
    out = tmp_path / "out.parquet"
    summary = judge(Job(str(tmp_path / "a.parquet"), fields=fields, out=str(out)), lambda row, verdict: None)
    assert summary.statuses == {"correct": 2}
    assert summary.labelled == 1
    assert json.loads(parquet.read_table(out).to_pylist()[0]["reference"])["target"] == 17


def test_fields_by_other_names(tmp_path):
    rows = [{"answer": "yes", "truth": {"text": "yes"}, "right": "true", "type": "text"}]
    path = write(tmp_path / "answers.jsonl", rows)
    fields = ["--response-field", "answer", "--reference-field", "truth.text", "--label-field", "right"]
    done = run("--file", path, *fields, "--kind-field", "type")
    assert json.loads(done.stdout)["status"] == "correct"
    assert "1 of 1 agree" in done.stderr
    refused(run("--file", path, "--kind", "text"), "Line 1: there is no `response`; the row has `answer`")
    fields[-1] = "lable"
    refused(run("--file", path, *fields, "--kind-field", "type"), "Line 1: there is no `lable`")


def test_rows_from_standard_input():
    rows = "".join(json.dumps(row) + "\n" for row in ROWS)
    done = run("--kind", "math", "--file", "-", input=rows)
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == STATUSES


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"not json", "Line 1 is not JSON"),
        (b"[1]", "Line 1 is not a JSON object"),
        (b"\xff{}", "Line 1 is not UTF-8 text"),
        (b"[" * 10**5, "Line 1 is not JSON"),
        (b'{"response": "a"}', "Line 1: there is no `reference`"),
        (b'{"response": 1, "reference": "a"}', "Line 1: `response` is int, not text"),
        (b'{"response": "a", "reference": "a", "kind": "poetry"}', "Line 1: the kind is 'poetry'"),
        (b'{"response": "a", "reference": "a", "label": "maybe"}', "Line 1: `label` is 'maybe'"),
        (b'{"response": "a", "reference": "a", "label": [1]}', "Line 1: `label` is [1]"),
        (b'{"response": "a", "reference": "a", "options": 3}', "Line 1: `options` is not an object"),
        (b'{"response": "a", "reference": "a", "options": {"x": 3}}', "Line 1: The text verifier has no option 'x'"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named(tmp_path, content, sentence):
    path = tmp_path / "answers.jsonl"
    path.write_bytes(content + b"\n")
    with pytest.raises(ValueError, match="^" + re.escape(sentence)):
        list(read_rows(Job(str(path), "text")))


def test_a_bad_row_in_the_middle_ends_the_command_with_its_line_and_leaves_no_output(tmp_path):
    path = write(tmp_path / "answers.jsonl", [ROWS[3], ROWS[3]])
    with path.open("a") as file:
        file.write("{\n")
    done = run("--file", path)
    refused(done, "Line 3 is not JSON")
    assert [json.loads(line)["line"] for line in done.stdout.splitlines()] == [1, 2]
    for out in ("out.jsonl", "out.parquet", "out.jsonl.gz"):
        refused(run("--file", path, "--out", tmp_path / out), "Line 3 is not JSON")
    assert names(tmp_path) == ["answers.jsonl"]


def test_the_format_written_is_that_of_the_name(tmp_path):
    for name in ("out.jsonl", "out.ndjson", "out.JSONL.gz", "out.gz", "out", "out.pq"):
        with writing(str(tmp_path / name)) as add:
            add({"line": 1})
    for name in ("out.csv", "out.txt", "out.json", "out.csv.gz"):
        with pytest.raises(ValueError, match=r"JSON lines \(\.jsonl"), writing(str(tmp_path / name)):
            pass
    assert names(tmp_path) == ["out", "out.JSONL.gz", "out.gz", "out.jsonl", "out.ndjson", "out.pq"]


def test_a_row_that_the_verifier_failed_on_neither_agrees_nor_disagrees(tmp_path):
    row = {"kind": "math", "response": r"\boxed{1}", "reference": math.nan, "label": True}
    path = write(tmp_path / "answers.jsonl", [row, row | {"label": False}])
    found = []
    judged = judge(Job(str(path)), lambda row, verdict: found.append(record(row, verdict)))
    assert [one["agrees"] for one in found] == [None, None]
    assert [(one["status"], one["layer"]) for one in found] == [("error", "reference")] * 2
    assert judged.undecided == 2


def test_bad_arguments_are_one_sentence(tmp_path):
    path = write(tmp_path / "answers.jsonl", [ROWS[3]])
    broken = tmp_path / "answers.parquet"
    broken.write_bytes(b"PAR1 and no more")
    table = tmp_path / "answers.csv"
    table.write_text("response,reference\nyes,yes\n")
    cut = tmp_path / "answers.gz"
    cut.write_bytes(gzip.compress(b"{}\n" * 1000)[:20])
    for arguments, words in (
        (["--file", "/no/such/file", "--kind", "text"], "/no/such/file: No such file"),
        (["--file", tmp_path, "--kind", "text"], "Is a directory"),
        (["--file", path, "--out", tmp_path / "no" / "out"], "out: No such file"),
        (["--file", path, "--out", tmp_path], "Is a directory"),
        (["--file", path, "--out", path], "is the file to judge"),
        (["--file", path, "--workers", "-1"], "must be 0 or more"),
        (["--file", path, "--response", "x"], "not both"),
        (["--file", broken], "no complete Parquet file"),
        (["--file", cut], "no complete gzip file"),
        (["--file", table, "--kind", "text"], "Files are JSON lines, also gzipped (.gz), or Parquet"),
        (["--file", path, "--out", tmp_path / "out.csv"], "ends in .csv"),
        (["--kind", "text", "--response", "a"], "Give --file"),
        (["--kind", "countdown", "--response", "a", "--reference", "17"], "countdown reference is"),
        (["--kind", "countdown", "--response", "a", "--reference", "{"], "countdown reference is"),
    ):
        refused(run(*arguments), words)


def test_a_lone_surrogate_is_written_as_json(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text('{"kind": "text", "response": "<answer>\\ud800</answer>", "reference": "x"}\n')
    assert json.loads(run("--file", path).stdout)["answer"] == "\ud800"
    for out in ("out.jsonl", "out.parquet"):
        assert run("--file", path, "--out", tmp_path / out).returncode == 0


# --- Streaming ----------------------------------------------------------------------------------------------


def test_rows_are_read_as_verdicts_are_taken(tmp_path):
    path = write(tmp_path / "answers.jsonl", [ROWS[3]] * 3 + [{"response": 3}])
    judged = judge_file(Job(str(path), workers=0))
    assert [next(judged)[0].line for _ in range(3)] == [1, 2, 3]
    with pytest.raises(ValueError, match="Line 4"):
        next(judged)


def test_verdicts_on_standard_input_come_one_by_one():
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "verifiers", "--file", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    for _ in range(3):
        process.stdin.write(json.dumps(ROWS[3]).encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["status"] == "correct"
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_long_files_are_judged_by_worker_processes_in_order(tmp_path):
    rows = [{"kind": "text", "response": f"<answer>{i}</answer>", "reference": str(i)} for i in range(700)]
    path = write(tmp_path / "answers.jsonl", rows)
    judged = list(judge_file(Job(str(path))))
    assert [verdict.answer for _, verdict in judged] == [str(i) for i in range(700)]
    assert [row.line for row, _ in judged] == list(range(1, 701))
    assert judged[-1][0].share == 1.0


def test_a_reader_that_stops_early_is_no_error(tmp_path):
    path = write(tmp_path / "answers.jsonl", [ROWS[3]] * 5_000)
    command = f"{sys.executable} -m verifiers --kind text --file {path} --workers 0 | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=300)
    assert json.loads(done.stdout)["status"] == "correct"
    assert done.stderr == "" or done.stderr.startswith("correct")


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopping_leaves_no_file_and_no_traceback(tmp_path, how, code):
    out = tmp_path / "out.jsonl"
    process = subprocess.Popen(
        [sys.executable, "-m", "verifiers", "--file", "-", "--out", out, "--kind", "text"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(600):
        if names(tmp_path):
            break
        time.sleep(0.1)
    assert names(tmp_path) == [f".out.jsonl.{process.pid}.tmp"]
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in said
    assert names(tmp_path) == []


def test_progress_is_shown_on_a_terminal_only(tmp_path):
    path = write(tmp_path / "answers.jsonl", [ROWS[3]] * 3)
    arguments = [sys.executable, "-m", "verifiers", "--file", path, "--out", tmp_path / "out.jsonl"]
    slow = "import verifiers.__main__ as m; m.PROGRESS_SECONDS = 0; raise SystemExit(m.main())"
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-c", slow, *arguments[3:]],
        stderr=theirs,
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    shown = os.read(ours, 10_000).decode()
    assert "3 answers" in shown
    assert "100% of the file" in shown
    assert shown.endswith("\r\x1b[K")
    os.close(ours)
    os.close(theirs)
    assert subprocess.run(arguments, capture_output=True, text=True, timeout=60).stderr == ""


def test_what_is_written_appears_at_the_end_only_and_replaces_what_was_there(tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    with writing(str(out)) as add:
        add({"line": 1})
        assert out.read_text() == "old"
    assert out.read_text() == '{"line": 1}\n'
    with suppress(RuntimeError), writing(str(out)) as add:
        add({"line": 2})
        raise RuntimeError
    assert out.read_text() == '{"line": 1}\n'
    assert names(tmp_path) == ["out.jsonl"]


def test_a_full_disk_is_one_sentence(tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    path = write(tmp_path / "answers.jsonl", ROWS)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "verifiers", "--kind", "math", "--file", path],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_parquet_nothing_of_arrow_is_imported(tmp_path):
    path = write(tmp_path / "answers.jsonl", ROWS)
    code = (
        "import sys; from verifiers.__main__ import main\n"
        f"main(['--file', {str(path)!r}, '--kind', 'math', '--out', {str(tmp_path / 'out.jsonl')!r}])\n"
        "print({'pyarrow', 'rich', 'numpy', 'sympy'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr == "set()\n"


# --- Summary ------------------------------------------------------------------------------------------------


def verdict(status):
    return Verdict(status, float(status == "correct"), "a", "exact", "Because.", "text", "1")


def test_timeouts_and_errors_are_neither_accepts_nor_rejects():
    summary = Summary()
    for line, (status, label) in enumerate(
        [
            ("correct", True),
            ("correct", False),
            ("wrong", True),
            ("error", False),
            ("timeout", True),
            ("error", None),
        ],
        1,
    ):
        summary.add(line, label, "b", verdict(status))
    labels = summary.to_dict()["labels"]
    assert (labels["agreed"], labels["false_accepts"], labels["false_rejects"], labels["undecided"]) == (
        1,
        1,
        1,
        2,
    )
    assert summary.to_dict()["first_error"] == {"line": 4, "reason": "Because."}
    assert "2 undecided" in summary.text()


def test_an_empty_file_has_an_empty_summary(tmp_path):
    summary = judge(Job(str(write(tmp_path / "empty.jsonl", []))), lambda row, verdict: None)
    assert summary.to_dict()["accuracy"] is None
    assert summary.text().split() == ["total", "0"]


def test_wilsons_interval():
    stats = pytest.importorskip("scipy.stats")
    for successes, trials in ((0, 1), (1, 1), (2, 6), (0, 50), (37, 50), (999, 1000)):
        expected = stats.binomtest(successes, trials).proportion_ci(0.95, "wilson")
        assert wilson(successes, trials) == pytest.approx((expected.low, expected.high))
