"""`repro rescore`, in a process of its own."""

import json

import pytest
from cli_support import Result, repro

from repro.__main__ import main

ROWS = [
    {"doc_id": n, "doc": {"question": "q", "answer": "#### 7"}, "target": "7", "resps": [[text]], "filter": "none",
     "metrics": ["exact_match"], "exact_match": score}
    for n, (text, score) in enumerate([(r"\boxed{7}", 1.0), (r"\boxed{8}", 0.0), (r"\boxed{7.0}", 0.0)])
]  # fmt: skip


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "samples_gsm8k.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def test_our_score_stands_beside_the_files_and_disagreements_are_listed(file, tmp_path):
    done = repro("rescore", file, "--benchmark", "gsm8k", "--out", tmp_path / "verdicts.jsonl")
    assert done.code == 0, done.err
    assert "3 responses to 3 problems" in done.out
    ours, theirs = (
        line.split() for line in done.out.splitlines() if line.startswith(("ours", "file: exact_match"))
    )
    assert (ours[1], theirs[2], theirs[-3:]) == ("66.7", "33.3", ["66.7", "1", "0"])
    assert "Problem 2, sample 0: wrong for the file (exact_match), correct for us" in done.out
    rows = [json.loads(line) for line in (tmp_path / "verdicts.jsonl").read_text().splitlines()]
    assert [(row["status"], row["agrees"]) for row in rows] == [
        ("correct", True),
        ("wrong", True),
        ("correct", False),
    ]


def test_json_limit_and_fields_by_name(file, tmp_path):
    done = repro("rescore", file, "--benchmark", "gsm8k", "--json")
    assert done.json["format"] == "lm-eval"
    assert done.json["ours"]["value"] == pytest.approx(2 / 3)
    assert done.json["marks"]["exact_match"]["agreement"] == pytest.approx(2 / 3)
    done = repro("rescore", file, "--benchmark", "gsm8k", "--json", "--limit", 2)
    assert (done.json["responses"], done.err) == (2, "The first 2 of 3 responses.\n")
    named = tmp_path / "mine.csv"
    named.write_text("answer,gold\n1/2,0.5\n3,4\n")
    flags = ("--response-field", "answer", "--reference-field", "gold", "--json")
    done = repro("rescore", named, "--kind", "text", *flags)
    assert done.code == 0, done.err
    assert (done.json["responses"], done.json["marks"]) == (2, {})


def test_a_mark_is_chosen_by_its_filter_and_options_reach_the_verifier(tmp_path):
    rows = [
        {**ROWS[2], "resps": [["Seven, so 7"]], "filter": name, "exact_match": score}
        for name, score in (("strict-match", 0.0), ("flexible-extract", 1.0))
    ]
    path = tmp_path / "samples.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    flags = ("--kind", "math", "--label-field", "flexible-extract", "--json")
    done = repro("rescore", path, *flags)
    assert (done.json["mark"], done.json["ours"]["value"]) == ("exact_match,flexible-extract", 0.0)
    done = repro("rescore", path, *flags, "--option", "fallback=last_number")
    assert done.json["ours"]["value"] == 1.0


@pytest.fixture
def rescored(monkeypatch, capsys):
    """`repro rescore` in this process."""

    def run(*argv):
        monkeypatch.setattr("sys.argv", ["repro", "rescore", *map(str, argv)])
        with pytest.raises(SystemExit) as stopped:
            main()
        return Result(stopped.value.code or 0, *capsys.readouterr())

    return run


def test_the_figure_that_the_protocol_publishes_is_shown_with_its_interval(rescored, tmp_path):
    answers = {"law 1": "B", "law 2": "B", "law 3": "B", "logic 1": "C"}
    data, saved = tmp_path / "test.jsonl", tmp_path / "saved.jsonl"
    rows = [{"question": q, "subject": q[:-2], "choices": ["1", "2", "3", "4"], "answer": 1} for q in answers]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    texts = [{"text": f"Answer: {letter}", "gold": "B"} for letter in answers.values()]
    saved.write_text("".join(json.dumps(row) + "\n" for row in texts))
    flags = (saved, "--benchmark", "mmlu", "--protocol", "zero-shot-cot-macro", "--response-field", "text")
    done = rescored(*flags, "--data", data)
    assert done.code == 0, done.err
    assert next(line for line in done.out.splitlines() if line.startswith("ours")).split()[1] == "75.0"
    assert "Ours as its protocol publishes it, macro: 50.0\u00a0% [" in done.out
    done = rescored(*flags, "--data", data, "--json")
    assert done.json["metric"] == "macro"
    macro = done.json["measures"]["macro"]
    assert (macro["value"], macro["unit"]) == (0.5, "share")
    done = rescored(*flags, "--reference-field", "gold")
    assert "Left out of mmlu's figures: macro." in done.err
    assert "macro" not in done.out


def test_stop_texts_and_which_answer_counts(rescored, tmp_path):
    saved = tmp_path / "base.jsonl"
    text = "The answer is (B).\n\nQuestion: Which?\nThe answer is (A)."
    rows = [{"text": text, "gold": "B", "choices": ["North", "South"]}]
    rows += [{"text": "It is South.\n\nAnswer: South", "gold": "B", "choices": ["North", "South"]}]
    saved.write_text("".join(json.dumps(row) + "\n" for row in rows))
    flags = (saved, "--kind", "choice", "--response-field", "text", "--reference-field", "gold", "--json")
    flags += ("--options-field", "choices")
    assert rescored(*flags).json["ours"]["value"] == 0.5
    assert rescored(*flags, "--stop", "Question:", "--stop", "###").json["ours"]["value"] == 1.0
    assert rescored(*flags, "--stop", r"\n\nQuestion").json["ours"]["value"] == 1.0
    rescored(*flags, "--stop", "").refused("An empty --stop")
    rescored(saved, "--kind", "math", *flags[3:], "--take", "first").refused("no option 'take'")


def test_a_file_without_one_verdict_fails_and_a_poor_one_warns(rescored, tmp_path):
    saved = tmp_path / "f.jsonl"
    saved.write_text('{"text": "7", "gold": ""}\n')
    flags = (saved, "--kind", "math", "--response-field", "text", "--reference-field", "gold")
    done = rescored(*flags)
    assert done.code == 1
    assert "Warning: 1 of 1 responses could not be judged" in done.err
    assert "error 100.0 %" in done.out
    saved.write_text('{"text": null, "gold": "7"}\n' * 2 + '{"text": "7", "gold": "7"}\n')
    done = rescored(*flags)
    assert done.code == 0
    assert "Warning: 2 of 3 responses have no answer that is read; the commonest reason (2): " in done.err


def test_long_names_of_marks_are_broken_between_their_words(rescored, tmp_path):
    saved = tmp_path / "f.jsonl"
    row = {
        **ROWS[0],
        "filter": "flexible-extract",
        "metrics": ["exact_match_of_numbers"],
        "exact_match_of_numbers": 1,
    }
    saved.write_text(json.dumps(row) + "\n")
    done = rescored(saved, "--kind", "math")
    lines = [line.split("  ")[0].strip() for line in done.out.splitlines()]
    assert lines[lines.index("ours") + 1 :][:3] == ["file: exact_match_", "of_numbers,", "flexible-extract"]


@pytest.fixture
def refused(rescored):
    """`repro rescore`, refused with exit code 2 and one sentence that has the words."""
    return lambda argv, *words: rescored(*argv).refused(*words)


def test_bad_input_is_one_sentence(file, tmp_path, refused):
    refused([file], "--benchmark, or --kind")
    refused([file, "--benchmark", "gsm9k"], "no public benchmark 'gsm9k'", "gsm8k")
    refused([file, "--kind", "maths"], "no verifier 'maths'")
    refused([tmp_path / "no.jsonl", "--kind", "math"], "There is no file")
    refused([file, "--kind", "math", "--format", "inspect"], "no file of inspect")
    refused([file, "--kind", "math", "--format", "lm_eval"], "no format 'lm_eval'", "lm-eval", "own")
    refused(
        [file, "--benchmark", "codeforces", "--protocol", "majority"], "votes by tests", "another protocol"
    )
    refused([file, "--kind", "math", "--response-field", "text"], "no field 'text'")
    refused([file, "--kind", "math", "--id-field", "x"], "--response-field")
    refused([file, "--kind", "math", "--label-field", "acc"], "no marks 'acc'", "exact_match")
    refused([file, "--kind", "math", "--option", "fallbak=x"], "fallbak")
    refused([file, "--kind", "math", "--out", file], "is the file to judge")
    other = tmp_path / "other.jsonl"
    other.write_text('{"a": 1}\n')
    refused([other, "--kind", "math"], "no known format", "It has a.")
