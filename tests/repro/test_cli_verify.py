"""`repro verify`."""

import json

import pytest
from cli_support import repro


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
    repro(*good, "2 3 4 20").refused("countdown", "JSON")
    repro(*good, "[1]").refused()


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
    assert "total      4" in shown.out
    assert "1 of 2 disagree: line 2" in shown.out
    done = warm("verify", "--file", file, "--kind", "text", "--json")
    verdicts = [json.loads(line) for line in done.out.splitlines()]
    assert [v["status"] for v in verdicts] == ["correct", "wrong", "correct", "no_answer"]
    assert [v["line"] for v in verdicts] == [1, 2, 3, 4]
    assert [v.get("label") for v in verdicts] == [True, True, None, None]
    assert "total      4" in done.err


def test_a_bad_line_stops_after_the_verdicts_before_it(warm, tmp_path):
    file = tmp_path / "answers.jsonl"
    file.write_text('{"response": "<answer> yes </answer>", "reference": "yes"}\n{"response": "x"}\n')
    done = warm("verify", "--file", file, "--kind", "text")
    assert done.code == 2
    assert done.err == "repro: Line 2 has no `reference`.\n"
    file.write_bytes(b"\xff\xfe{}\n")
    warm("verify", "--file", file, "--kind", "text").refused("not UTF-8")


def test_text_that_no_encoding_holds_is_printed_all_the_same(warm, tmp_path):
    file = tmp_path / "answers.jsonl"
    file.write_text('{"response": "<answer> \\ud800 </answer>", "reference": "yes"}\n')
    for more in ([], ["--json"]):
        done = warm("verify", "--file", file, "--kind", "text", *more)
        assert done.code == 0, done
        assert "ud800" in done.out
