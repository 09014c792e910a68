"""The three files: same bytes, nothing from outside, the same numbers in each."""

import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evals.store import read_samples
from reports import html, json_report, markdown
from reports.build import Report, build, write

VOID = {"meta", "link", "br", "wbr", "hr", "img", "input"}
FILES = ("report.html", "report.md", "report.json")


@pytest.fixture(scope="module")
def report(run_dir: Path) -> Report:
    return build(run_dir)


def _bytes(root: Path, timings: bool = True) -> dict[str, bytes]:
    assert write(root, timings) == root / "report.html"
    return {name: (root / name).read_bytes() for name in FILES}


def test_same_bytes_twice_and_in_another_place(new_run: Callable[..., Path], tmp_path: Path) -> None:
    root = new_run("here", upto=4)
    first = _bytes(root)
    assert _bytes(root) == first
    moved = tmp_path / "far" / "away"
    moved.parent.mkdir()
    shutil.move(root, moved)
    assert _bytes(moved) == first
    assert not any(b"far/away" in data or str(tmp_path).encode() in data for data in first.values())
    assert not list(moved.glob(".*tmp*"))


def test_without_timings_the_clock_leaves_no_trace(new_run: Callable[..., Path]) -> None:
    one, other = new_run("one", upto=4, timings_seed=1), new_run("other", upto=4, timings_seed=2)
    assert _bytes(one) != _bytes(other)
    assert _bytes(one, timings=False) == _bytes(other, timings=False)
    assert b"tokens/s" not in (one / "report.html").read_bytes()


class _Checker(HTMLParser):
    """Balanced tags, unique ids, and every address that is not within the page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.headings: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "xlink:href", "action", "srcset"):
                self.links.append((tag, value or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_well_formed_and_self_contained(report: Report) -> None:
    page = html.render(report)
    checker = _Checker()
    checker.feed(page)
    assert checker.open == []
    assert len(checker.ids) == len(set(checker.ids))
    outside = [(tag, link) for tag, link in checker.links if not link.startswith(("#", "data:"))]
    assert outside == [("a", "https://arxiv.org/abs/2501.12599")]
    targets = [link[1:] for _, link in checker.links if link.startswith("#")]
    assert set(targets) <= set(checker.ids)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    assert checker.headings[0] == 1
    assert checker.headings.count(1) == 1
    assert all(
        b <= a + 1 for a, b in zip(checker.headings, checker.headings[1:], strict=False) if a != 1 or b < 4
    )


def test_text_from_a_model_cannot_become_markup(report: Report) -> None:
    from dataclasses import replace

    bad = replace(
        report.samples[0], response="</pre><script>alert(1)</script>", prompt='"><img src=x>', answer="|"
    )
    changed = replace(report, samples=(bad,))
    assert "<script>alert" not in html.render(changed)
    assert "<img" not in html.render(changed)


def test_every_format_has_the_same_numbers(report: Report) -> None:
    data = json.loads(json_report.render(report))
    text, page = markdown.render(report), html.render(report)
    plain = unescape(re.sub(r"<[^>]+>", "", page))
    tables = [*data["scores"], *data["published"], *data["curation"]]
    tables += [data["steps"], data["breakdown"], data["status"], data["timings"]]
    for table in tables:
        for row in table["rows"]:
            assert f"| {' | '.join(row)} |" in text
            assert all(cell in plain for cell in row)
    for claim in data["claims"]:
        assert claim["verdict"] in text
        assert claim["measured"] in text
    assert data["summary"] in text
    assert data["summary"] in plain
    assert len(data["raw_scores"]) == len(report.raw_scores)
    assert "svg" not in json.dumps(data["figures"])


def test_markdown_tables_are_whole(report: Report) -> None:
    lines = markdown.render(report).splitlines()
    widths: list[int] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            widths.append(len(re.findall(r"(?<!\\)\|", line)))
        elif widths:
            assert len(set(widths)) == 1, line
            assert len(widths) > 2
            widths = []


def test_the_story_of_the_run(report: Report) -> None:
    assert [h.label for h in report.headlines] == ["SFT", "long-CoT SFT", "RL", "best long2short"]
    assert report.headlines[-1].checkpoint == "long2short/rl/0020"
    assert {f.id for f in report.figures} == {
        "growth", "length", "efficiency", "levels", "families", "pass-rates", "training", "losses",
    }  # fmt: skip
    assert len(report.published) == 2
    assert all(row[-1] == "" for table in report.published for row in table.rows)
    paper = {row[0]: row[-2] for row in report.published[0].rows}
    assert paper["MATH-500"] == "96.2"


def test_a_published_benchmark_fills_its_cell(new_run: Callable[..., Path]) -> None:
    root = new_run(upto=4)
    rows = [json.loads(line) for line in (root / "scores.jsonl").read_text().splitlines()]
    whole = {"benchmark": "math500", "problems": 500, "finish_shares": {"stop": 1.0, "length": 0.0}}
    extra = [r | whole for r in rows if r["checkpoint"] == "rl/0020" and r["split"] == "test"]
    text = "".join(json.dumps(r) + "\n" for r in [*rows, *extra])
    (root / "scores.jsonl").write_text(text)
    long, short = build(root).published
    cells = {row[0]: row[-1] for row in long.rows}
    assert re.fullmatch(r"\d+\.\d \[\d+\.\d, \d+\.\d\]", cells["MATH-500"])
    assert all(value == "" for name, value in cells.items() if name != "MATH-500")
    assert all(row[-1] == "" for row in short.rows)
    for otherwise in ({"problems": 120}, {"finish_shares": {"stop": 0.5, "length": 0.5}}):
        changed = [*rows, *(r | otherwise for r in extra)]
        (root / "scores.jsonl").write_text("".join(json.dumps(r) + "\n" for r in changed))
        assert all(row[-1] == "" for table in build(root).published for row in table.rows)


def test_samples_are_real_and_of_every_kind(report: Report, run_dir: Path) -> None:
    assert {s.family for s in report.samples} == {"countdown", "ordering"}
    assert {s.stage for s in report.samples} == {"SFT", "long-CoT SFT", "RL", "best long2short"}
    for stage in ("SFT", "RL"):
        assert {"correct", "wrong"} <= {s.status for s in report.samples if s.stage == stage}
    view = report.samples[0]
    stored = read_samples(run_dir / "samples" / f"{view.checkpoint}.embedded.test.parquet")
    same = next(s for s in stored if (s.problem_id, s.sample_index) == (view.problem_id, view.sample_index))
    assert (same.response, same.verdict.reason, same.response_tokens) == (
        view.response,
        view.reason,
        view.response_tokens,
    )


def test_lineage_has_every_edge(report: Report) -> None:
    nodes = {n.checkpoint: n for n in report.lineage.nodes}
    assert nodes["long2short/merge-0.50"].parents == ("rl/0060", "sft")
    assert report.lineage.svg.count("<path") == sum(len(n.parents) for n in nodes.values())
    assert nodes["rl/0020"].parents == ("long_cot_sft",)
    assert nodes["rl/0020"].drawn_from == ("rl/0010",)
    assert nodes["rl/0060"].lane == nodes["long_cot_sft"].lane == 0
    assert nodes["long2short/control-short"].lane == 1
    assert "long2short/merge-0.50 from rl/0060 and sft" in report.lineage.svg


def test_figures_say_what_they_show(report: Report) -> None:
    for figure in report.figures:
        for panel in figure.panels:
            assert panel.svg.startswith("<svg ")
            assert f"<title>{panel.title.replace(chr(39), '&#x27;')}</title>" in panel.svg
            assert "<desc>" in panel.svg
            assert panel.rows
            assert "NaN" not in panel.svg
