"""`repro compare`."""

import json
import re
import shutil
from dataclasses import replace

import pytest
from cli_support import add_score, make_run, repro

from evals.store import append_score, read_scores
from evals.types import Figure, Interval, Sampling


def words(text):
    """A text whose lines were broken anywhere, in one line."""
    return " ".join(text.split())


def change_scores(file, **change):
    """Write the rows of a scores file again, changed."""
    rows = read_scores(file)
    file.unlink()
    for row in rows:
        append_score(file, replace(row, **change))


def give_checkpoint(folder, name, weights):
    """A directory that says it is a checkpoint; the digest in checkpoint.json saves reading weights."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "checkpoint.json").write_text(json.dumps({"id": name, "weights_digest": weights}))
    return folder


def test_a_run_for_a_reader(run_dir):
    done = repro("compare", run_dir)
    assert (done.code, done.err) == (0, "")
    assert "toy (test): 40 problems × 1 sample, temperature 1, at most 64 tokens" in done.out
    lines = [line.rstrip() for line in done.out.splitlines()]
    sft = next(line for line in lines if line.startswith("sft "))
    assert re.fullmatch(r"sft +25\.0 +10 +baseline", sft)
    at = next(i for i, line in enumerate(lines) if line.startswith("rl/0010 "))
    assert re.fullmatch(r"rl/0010 +75\.0 +20 +\+50\.0 +<\.001 +higher", lines[at])
    assert re.fullmatch(
        r" +\[\d\d\.\d, \d\d\.\d] +×2\.00 +\[\+\d\d\.\d, \+\d\d\.\d] +h \+1\.05", lines[at + 1]
    )
    assert "not comparable, because no published number of Kimi k1.5 on toy is known" in words(done.out)
    assert all(len(line) <= 80 for line in lines)


def test_a_run_for_a_machine(warm, run_dir):
    found = warm("compare", run_dir, "--json").json
    assert found["baseline"] == "sft"
    assert [(row["checkpoint"], row["accuracy"]["value"]) for row in found["scores"]] == [
        ("sft", 0.25),
        ("rl/0010", 0.75),
    ]
    (comparison,) = found["comparisons"]
    assert (comparison["first"], comparison["second"], comparison["result"]) == ("sft", "rl/0010", "higher")
    assert comparison["difference"]["value"] == pytest.approx(0.5)
    assert comparison["paired"]["wins"] == 20
    assert comparison["paired"]["p_value"] < 0.001
    assert {row["result"] for row in found["published"]} == {"not comparable"}


def test_one_checkpoint_of_a_run_and_another_baseline(warm, run_dir):
    found = warm("compare", f"{run_dir}:rl/0010", f"{run_dir}:sft", "--json").json
    assert (found["baseline"], found["comparisons"][0]["result"]) == ("rl/0010", "lower")
    found = warm("compare", run_dir, "--baseline", "rl/0010", "--json").json
    assert (found["baseline"], found["comparisons"][0]["second"]) == ("rl/0010", "sft")
    alone = warm("compare", f"{run_dir}:rl/0010")
    assert alone.code == 0
    assert "difference" not in alone.out


def test_the_validation_split(warm, run_dir):
    found = warm("compare", run_dir, "--split", "validation", "--json").json
    assert [row["problems"] for row in found["scores"]] == [5]


def test_two_runs_have_their_names_before_equal_ids(warm, run_dir, tmp_path):
    other = make_run(tmp_path / "toy-seed1")
    add_score(other, "rl/0020", [1] * 40)
    found = warm("compare", run_dir, other, "--json").json
    labels = [row["checkpoint"] for row in found["scores"]]
    assert labels == ["toy-seed0:sft", "toy-seed0:rl/0010", "toy-seed1:sft", "toy-seed1:rl/0010", "rl/0020"]
    by_second = {row["second"]: row for row in found["comparisons"]}
    assert by_second["toy-seed1:sft"]["result"] == "no difference seen"
    assert by_second["rl/0020"]["paired"]["wins"] == 30
    assert warm("compare", run_dir, other, "--baseline", "rl/0020").code == 0
    warm("compare", run_dir, other, "--baseline", "sft").refused("toy-seed0:sft, toy-seed1:sft")
    shown = warm("compare", run_dir, other).out
    tables = shown.split("\n\n")[0].splitlines()[1:]
    assert max(map(len, tables)) <= 80
    same = shutil.copytree(run_dir, tmp_path / "copy" / "toy-seed0")
    labels = [row["checkpoint"] for row in warm("compare", run_dir, same, "--json").json["scores"]]
    assert len(set(labels)) == 4


def test_a_scores_file(warm, run_dir, tmp_path):
    add_score(tmp_path, "gpt", [1] * 40, stage="external")
    found = warm("compare", run_dir, tmp_path / "scores.jsonl", "--json").json
    assert [row["checkpoint"] for row in found["scores"]] == ["sft", "rl/0010", "gpt"]
    assert found["comparisons"][1]["paired"]["wins"] == 30


def test_a_checkpoint_directory_is_found_in_its_run_or_by_its_weights(warm, tmp_path):
    run = make_run(tmp_path / "toy-seed0")
    inside = give_checkpoint(run / "stages" / "04-rl" / "checkpoints" / "0010", "rl/0010", "sha256:rl/0010")
    outside = give_checkpoint(tmp_path / "moved", "mine", "sha256:abc")
    add_score(tmp_path / "scored", "other-name", [1] * 40, weights="sha256:abc")
    scores = tmp_path / "scored" / "scores.jsonl"
    found = warm("compare", inside, outside, "--scores", scores, "--json").json
    assert [row["checkpoint"] for row in found["scores"]] == ["rl/0010", "other-name"]
    assert [
        row["checkpoint"] for row in warm("compare", outside, "--json", cwd=scores.parent).json["scores"]
    ] == ["other-name"]
    warm("compare", outside, cwd=tmp_path).refused("has no score in scores.jsonl", "repro eval")
    (inside / "checkpoint.json").write_text('{"id": "rl/0010", "weights_digest": "sha256:new"}')
    warm("compare", inside, cwd=tmp_path).refused("has no score")
    (inside / "checkpoint.json").write_text("{")
    warm("compare", inside, cwd=tmp_path).refused("checkpoint.json is not readable")


def test_samples_that_are_missing_damaged_or_of_another_score_are_not_used(warm, tmp_path):
    run = make_run(tmp_path / "toy-seed0")
    samples = run / "samples" / "rl__0010.toy.test.parquet"
    whole = samples.read_bytes()
    for content in (None, whole[:-10], (run / "samples" / "sft.toy.test.parquet").read_bytes()):
        samples.unlink()
        if content is not None:
            samples.write_bytes(content)
        else:
            samples.with_name("x").touch()
        done = warm("compare", run, "--json")
        assert "No samples of rl/0010" in done.err
        assert (done.json["comparisons"][0]["paired"], done.json["comparisons"][0]["result"]) == (
            None,
            "higher",
        )
        samples.touch()


def test_a_warning_where_two_scores_are_of_other_protocols(warm, tmp_path):
    run = make_run(tmp_path / "toy-seed0")
    add_score(run, "greedy", [1] * 40, temperature=0.0)
    add_score(run, "elsewhere", [1] * 10, benchmark="other")
    add_score(run, "part", [1] * 10)
    shown = warm("compare", run)
    assert shown.out.count("temperature 0,") == 1
    for warning in (
        "Warning: not comparable with sft: greedy, because the temperature differs (1.0 and 0.0).",
        "Warning: not comparable with sft: elsewhere, because sft has no score on other (test).",
        "Warning: not comparable with sft: part, because the data digest differs (",
    ):
        assert warning in words(shown.out)
    found = warm("compare", run, "--json").json
    assert [warning.split(",")[0] for warning in found["warnings"]] == [
        "Warning: not comparable with sft: greedy",
        "Warning: not comparable with sft: elsewhere",
        "Warning: not comparable with sft: part",
    ]


def test_scores_that_differ_in_seed_or_data_alone_have_names_of_their_own(warm, tmp_path):
    add_score(tmp_path, "sft", [1] * 10)
    (first,) = read_scores(tmp_path / "scores.jsonl")
    file = tmp_path / "several.jsonl"
    append_score(file, first)
    append_score(file, replace(first, seed=1))
    append_score(file, replace(first, data_digest="sha256:0123456789abcdef"))
    done = warm("compare", file, "--json").json
    assert [row["checkpoint"] for row in done["scores"]] == [
        "sft", "sft (seed 1)", "sft (data 0123456789ab)"
    ]  # fmt: skip
    assert [(row["second"], row["result"]) for row in done["comparisons"]] == [
        ("sft (seed 1)", "no difference seen"),
        ("sft (data 0123456789ab)", "not comparable"),
    ]
    shown = warm("compare", file).out
    assert (
        "Warning: not comparable with sft: sft (data 0123456789ab), because the data digest differs ("
    ) in words(shown)
    assert all(len(line) <= 80 for line in shown.splitlines())
    named = warm("compare", file, "--baseline", "sft (seed 1)", "--json").json
    assert [row["first"] for row in named["comparisons"]] == ["sft (seed 1)"] * 2
    warm("compare", file, "--baseline", "sft (seed 2)").refused("did you mean 'sft (seed 1)'")


def test_protocols_and_limits_are_told_apart(warm, tmp_path):
    add_score(tmp_path / "a", "one", [1] * 10, benchmark="math500")
    add_score(tmp_path / "b", "two", [1] * 10, benchmark="math500")
    change_scores(tmp_path / "a" / "scores.jsonl", protocol="greedy")
    change_scores(
        tmp_path / "b" / "scores.jsonl", protocol="sampled", caveats=("the first 10 of 500 problems",)
    )
    shown = warm("compare", tmp_path / "a" / "scores.jsonl", tmp_path / "b" / "scores.jsonl").out
    assert (
        "two, because the protocol differs (greedy and sampled); the choice of problems differs "
        "(all and the first 10 of 500 problems)."
    ) in words(shown)
    assert "math500 (greedy): 10 problems" in shown
    assert "math500: the first 10 of 500 problems" in shown


def test_what_it_takes_to_see_a_difference(warm, tmp_path):
    run = tmp_path / "runs"
    add_score(run, "sft", [1] * 20 + [0] * 20)
    add_score(run, "rl", [0] * 2 + [1] * 20 + [0] * 18)
    add_score(run, "more", [0] * 2 + [1] * 21 + [0] * 17)
    shown = words(warm("compare", run / "scores.jsonl").out)
    assert "rl on toy: no difference to see." in shown
    found = warm("compare", run / "scores.jsonl", "--json").json["comparisons"][1]
    assert found["problems_needed"] > 40
    assert (
        f"more on toy: seeing a difference of +2.5 points (Cohen's h +0.05) would take about "
        f"{found['problems_needed']:,} problems; 40 were compared."
    ) in shown


def test_the_figures_beside_the_accuracy_and_the_caveats(warm, tmp_path):
    file = tmp_path / "scores.jsonl"
    for name, rating in (("sft", 1200), ("rl", 1400)):
        add_score(tmp_path / name, name, [1] * 10, benchmark="codeforces", samples=False)
        change_scores(
            tmp_path / name / "scores.jsonl",
            metric="percentile",
            measures={
                "percentile": Figure(rating / 2000, rating / 2000 - 0.05, rating / 2000 + 0.05),
                "rating": Figure(rating, rating - 50, rating + 50, "rating"),
            },
            maj_at_k={"4": 0.5},
            samples_per_problem=4,
            caveats=("The mapping is an old one.",),
        )
        append_score(file, read_scores(tmp_path / name / "scores.jsonl")[0])
    done = warm("compare", file, "--published", "DeepSeek-R1-Distill-Qwen-14B")
    lines = [line.rstrip() for line in done.out.splitlines()]
    assert any(re.fullmatch(r"rl +70\.0 +20 +\+10\.0 +– +higher", line) for line in lines)
    assert any(
        re.fullmatch(r"rl +rating +1,400 +\[1,350, 1,450] +\+200 \[\+129, \+271]", line) for line in lines
    )
    assert any(re.fullmatch(r"sft +maj@4 +50\.0 +\[\d+\.\d, \d+\.\d]", line) for line in lines)
    assert lines.count("codeforces: The mapping is an old one.") == 1
    assert any(
        re.fullmatch(r"rl +Codeforces( rating)? +1,400 +1,481 +not comparable( \(1\))?", line)
        for line in lines
    )
    assert "(1) Not comparable, because" in done.out
    assert "github.com/deepseek-ai/DeepSeek-R1, README.md of 2025-04-09 (0cf7856)" in words(done.out)
    assert all(len(line) <= 80 for line in lines)


def test_beside_the_published_numbers(warm, tmp_path):
    for name, right in (("above", 500), ("within", 481), ("below", 100)):
        add_score(tmp_path, name, [1] * right + [0] * (500 - right), benchmark="math500")
    add_score(tmp_path, "part", [1] * 50, benchmark="math500")
    add_score(tmp_path, "code", [1] * 50, benchmark="Codeforces")
    found = warm("compare", tmp_path, "--json").json["published"]
    long = {row["checkpoint"]: row for row in found if row["published"]["column"] == "long-CoT"}
    assert {name: row["result"] for name, row in long.items()} == {
        "above": "above",
        "within": "within",
        "below": "below",
        "part": "not comparable",
        "code": "not comparable",
    }
    assert long["part"]["because"] == "the number is on 500 problems, the score on 50"
    assert "percentile" in long["code"]["because"]
    assert long["above"]["unstated"] == ["decoding settings", "token limit", "number of runs", "prompt"]
    shown = warm("compare", f"{tmp_path}:below", f"{tmp_path}:part", "--published", "o1-mini").out
    assert "Beside o1-mini, as published" in shown
    assert re.search(r"below +MATH-500 EM +20\.0 +90\.0 +below", shown)
    assert "(1) Not comparable, because the number is on 500 problems, the score on 50." in words(shown)
    assert "MATH-500 (long-CoT): arXiv:2501.12599, table 2" in words(shown)
    assert "Not stated: decoding settings, token limit, number of runs, prompt." in words(shown)


def test_a_model_of_others_by_any_form_of_its_name(warm, tmp_path):
    add_score(tmp_path, "mine", [1] * 400 + [0] * 100, benchmark="math500")
    change_scores(tmp_path / "scores.jsonl", sampling=Sampling(0.6, 0.95, 0, 32_768))
    for name in ("DeepSeek-R1-Distill-Qwen-7B", "deepseek-ai/deepseek_r1_distill_qwen_7b"):
        (row,) = warm("compare", tmp_path, "--published", name, "--json").json["published"]
        assert (row["published"]["percent"], row["result"]) == (92.8, "below")
    every = warm("compare", tmp_path, "--published", "all", "--json").json["published"]
    models = {row["published"]["model"] for row in every}
    assert {"Kimi k1.5", "DeepScaleR-1.5B-Preview", "LIMO", "Qwen2.5-7B"} <= models
    assert {row["result"] for row in every} == {"within", "above", "below", "not comparable"}
    shown = warm("compare", tmp_path, "--published", "all").out
    assert "beside every model, as published" in shown
    assert all(len(line.rstrip()) <= 80 for line in shown.splitlines())


def test_livecodebench_by_its_window(warm, tmp_path):
    add_score(tmp_path, "mine", [1] * 30 + [0] * 26, benchmark="livecodebench")
    change_scores(
        tmp_path / "scores.jsonl", protocol="paper-v5", accuracy=Interval(0.55, 0.45, 0.65), metric="avg@k"
    )
    shown = words(warm("compare", tmp_path).out)
    assert "livecodebench (paper-v5), contests of 2024-12…2025-02: 56 problems × 1 sample" in shown
    assert "LiveCodeBench v5 (long-CoT): arXiv:2501.12599, table 2; contests of 2024-12…2025-02;" in shown
    assert (
        "Not comparable, because the number is of contests of 2024-08…2024-11, the score of contests of "
        "2024-12…2025-02."
    ) in shown


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["nowhere"], ["There is no nowhere", "RUN:CHECKPOINT"]),
        (["RUN:rl/001"], ["no scored checkpoint 'rl/001'", "did you mean 'rl/0010'?"]),
        (["RUN:x"], ["choose from sft, rl/0010"]),
        (["RUN", "--baseline", "x"], ["no baseline 'x'", "sft, rl/0010"]),
        (["RUN", "--published", "gpt"], ["No published number of 'gpt'", "did you mean GPT-4o-0513?"]),
        (["RUN", "--published", "r1-distill"], ["DeepSeek-R1-Distill-Qwen-1.5B or", "`--published all`"]),
        (["RUN", "--published", "//"], ["No published number of '//'", "Kimi k1.5", "`--published all`"]),
        (["RUN", "--split", "train"], ["no score on the train split", "test, validation"]),
        (["."], ["neither a run directory nor a checkpoint"]),
    ],
)
def test_bad_input_is_one_sentence(warm, argv, said, run_dir, tmp_path):
    warm("compare", *(a.replace("RUN", str(run_dir)) for a in argv), cwd=tmp_path).refused(*said)


def test_a_run_without_scores_or_with_damaged_ones(warm, tmp_path):
    (tmp_path / "recipe.yaml").write_text("name: toy\n")
    warm("compare", tmp_path).refused("has been scored yet")
    (tmp_path / "scores.jsonl").write_text("")
    warm("compare", tmp_path).refused("holds no score")
    (tmp_path / "scores.jsonl").write_text('{"checkpoint": 1}\n')
    warm("compare", tmp_path).refused("scores.jsonl, line 1")
