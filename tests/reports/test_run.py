"""Loading: what is missing is named, what is corrupt is one sentence."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from reports import html, markdown
from reports.build import build, short_note, training_facts
from reports.figures import training
from reports.names import key_scores
from reports.run import ReportError, load
from reports.tables import timings_table


def test_a_whole_run_misses_nothing(run_dir: Path) -> None:
    run = load(run_dir)
    assert run.missing == ()
    assert run.seeds == (0,)
    assert run.started == ("sft", "curate", "long_cot_sft", "rl", "long2short")
    assert run.finished == run.started
    assert set(run.metrics) == {"sft", "long_cot_sft", "rl", "long2short/dpo"}


def test_partial_run_says_what_is_missing(new_run: Callable[..., Path]) -> None:
    report = build(new_run(upto=5))
    assert report.missing == (
        "Not finished: long_cot_sft, rl. What they have made so far is shown.",
        "Not begun: long2short.",
    )
    assert [h.label for h in report.headlines] == ["SFT", "long-CoT SFT", "RL"]
    assert report.figure("efficiency") is None


def test_a_run_of_one_checkpoint(new_run: Callable[..., Path]) -> None:
    report = build(new_run(upto=1))
    assert "accuracy is" in report.summary
    assert report.steps is None


def test_a_run_that_has_only_a_recipe(tmp_path: Path) -> None:
    (tmp_path / "recipe.yaml").write_text("name: smoke\n", encoding="utf-8")
    report = build(tmp_path)
    assert report.summary.startswith("No checkpoint has been scored yet.")
    assert len(report.missing) == 3


def test_lost_samples_are_named(new_run: Callable[..., Path]) -> None:
    root = new_run(upto=3)
    (root / "samples" / "sft.embedded.test.parquet").unlink()
    report = build(root)
    assert report.missing[-1] == "Samples are not there for: sft on embedded (test)."
    assert not [s for s in report.samples if s.checkpoint == "sft"]


def test_a_last_line_cut_by_a_kill_is_left_out(new_run: Callable[..., Path]) -> None:
    root = new_run(upto=4)
    whole = load(root)
    for name in ("scores.jsonl", "stages/04-rl/metrics.jsonl", "timings.jsonl"):
        with (root / name).open("a", encoding="utf-8") as file:
            file.write('{"iteration": 61, "acc')
    cut = load(root)
    assert cut.scores == whole.scores
    assert cut.metrics == whole.metrics


def test_spoilt_timings_are_left_out_and_counted(new_run: Callable[..., Path]) -> None:
    root = new_run(upto=3)
    whole = load(root)
    first, *rest = (root / "timings.jsonl").read_bytes().splitlines(keepends=True)
    spoilt = b'{"stage": "rl", "wh{"stage": "rl"}\n[1]\n\x00\xff\n\n'
    unusable = b'{"stage": "rl", "what": "train", "seconds": NaN}\n'
    (root / "timings.jsonl").write_bytes(first + spoilt + unusable + b"".join(rest) + b'{"sta')
    run = load(root)
    assert run.timings == whole.timings
    assert run.unread_timings == 5
    table = build(root).timings
    assert table is not None
    assert table.caption.endswith("5 rows could not be read and are left out.")
    assert "could not be read" not in str(timings_table(whole))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("recipe.yaml", "a: [", "recipe.yaml cannot be read"),
        ("recipe.yaml", "- a", "recipe.yaml should hold a mapping"),
        ("environment.json", "{", "environment.json cannot be read"),
        ("scores.jsonl", "{}\n", "scores.jsonl"),
        ("stages/04-rl/metrics.jsonl", "nonsense\n", "stages/04-rl/metrics.jsonl line 1"),
        ("stages/02-curate/summary.json", "", "stages/02-curate/summary.json"),
        (
            "samples/sft.embedded.test.parquet",
            "PAR1 no more",
            "samples/sft.embedded.test.parquet cannot be read",
        ),
    ],
)
def test_corrupt_file_is_one_sentence(
    new_run: Callable[..., Path], name: str, content: str, words: str
) -> None:
    root = new_run(upto=3)
    (root / name).write_text(content, encoding="utf-8")
    with pytest.raises(ReportError) as error:
        build(root)
    text = str(error.value)
    assert words in text
    assert text.endswith(".")
    assert "\n" not in text
    assert str(root) not in text


def test_what_is_no_run_directory(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"not a run directory"):
        load(tmp_path)
    with pytest.raises(ReportError, match=r"There is no run directory"):
        load(tmp_path / "nowhere")


def test_warnings_on_scores_that_differ_in_more_than_the_checkpoint(new_run: Callable[..., Path]) -> None:
    root = new_run(upto=3)
    rows = [json.loads(line) for line in (root / "scores.jsonl").read_text().splitlines()]
    rows[-1]["data_digest"] = "sha256:other"
    rows[-1]["sampling"]["temperature"] = 0.5
    rows[-1]["sampling"]["max_tokens"] = 64
    rows[-1]["status_shares"]["error"] = 0.01
    (root / "scores.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    text = " ".join(build(root).warnings)
    for word in ("differ in data", "differ in sampling", "differ in token limit", "verifier failed"):
        assert word in text


def test_alarm_on_the_sampler_gap_and_length_normalisation(new_run: Callable[..., Path]) -> None:
    root = new_run(upto=3)
    path = root / "stages/04-rl/metrics.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[3] |= {"sampler_gap_mean": 0.4, "length_normalised": True}
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    report = build(root)
    assert any("sampler and the trainer disagree" in w and "1 RL iteration" in w for w in report.warnings)
    assert any("length_normalised is on" in n for n in report.notes)


def test_long2short_rl_is_watched_too(new_run: Callable[..., Path]) -> None:
    root = new_run(upto=6)
    here = root / "stages/05-long2short/rl"
    here.mkdir(parents=True)
    row = {"groups": 10, "zero_variance_groups": 9, "sampler_gap_mean": 0.4, "length_normalised": True}
    text = "".join(json.dumps(row | {"iteration": i}) + "\n" for i in (1, 2))
    (here / "metrics.jsonl").write_text(text)
    report = build(root)
    assert any("2 long2short RL iterations" in w for w in report.warnings)
    assert any("of long2short RL groups had equal rewards" in w for w in report.warnings)
    assert not any("of RL groups" in w for w in report.warnings)
    assert any("length_normalised is on in long2short RL:" in n for n in report.notes)
    recipe = yaml.safe_load((root / "recipe.yaml").read_text())
    recipe["long2short"] = {"rl": {"train": {"sampler_gap_alarm": 0.5}}}
    (root / "recipe.yaml").write_text(yaml.safe_dump(recipe))
    assert not any("sampler and the trainer" in w for w in build(root).warnings)


def test_partial_rollouts_are_told(new_run: Callable[..., Path]) -> None:
    root = new_run(upto=3)
    before = training(load(root))
    assert before is not None
    assert "Partial rollouts" not in before.caption
    recipe = yaml.safe_load((root / "recipe.yaml").read_text())
    recipe["rl"]["segment_tokens"] = 160
    (root / "recipe.yaml").write_text(yaml.safe_dump(recipe))
    path = root / "stages/04-rl/metrics.jsonl"
    *rows, last = path.read_text().splitlines()
    path.write_text("\n".join([*rows, json.dumps(json.loads(last) | {"groups_pending": 17})]) + "\n")
    report = build(root)
    figure = report.figure("training")
    assert figure is not None
    assert "at most 160 tokens in an iteration" in figure.caption
    facts = dict(report.training_facts)
    assert facts["groups still pending after iteration 60"] == "17"
    (root / "stages/04-rl/done.json").write_text("{}")
    facts = dict(training_facts(load(root)))
    assert facts["groups still pending after the last iteration, discarded"] == "17"


def test_the_page_says_which_split_chose_the_best_short_model(run_dir: Path) -> None:
    run = load(run_dir)
    keys = key_scores(run, "embedded", "test")
    assert "chosen on the validation split, where all of them were scored." in short_note(keys)
    rest = [s for s in run.scores if (s.checkpoint, s.split) != ("long2short/dpo", "validation")]
    text = short_note(key_scores(replace(run, scores=tuple(rest)), "embedded", "test"))
    assert "same test split as its figures, because not all were scored on the validation split" in text
    report = build(run_dir)
    assert report.short_note == short_note(keys)
    assert report.short_note in html.render(report)
    assert report.short_note in markdown.render(report)
