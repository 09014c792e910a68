"""Codeforces problems, judged in the sandbox, and their ratings; the problems were written for these tests."""

import json
import re
from functools import partial

import pytest

from evals.benchmarks.codeforces import SPEC, Row, measures, notes, problems
from evals.data import DataError
from evals.judge import judge
from evals.ratings import elo_rating
from evals.run import data_digest
from evals.types import Sample
from verifiers import Verdict
from verifiers.sandbox import LocalSandbox, SandboxUnavailable, toolchains

CHECKER = """\
import sys
given, wanted, said = (open(name).read().split() for name in sys.argv[1:4])
a, b = map(int, said)
print(1 if a + b == int(given[0]) and a > 0 and b > 0 else 0)
"""
TWICE = {
    "id": "1/A", "contest_id": "1", "index": "A", "aliases": ["2/B"], "title": "Twice", "rating": 800,
    "time_limit": 1.0, "memory_limit": 256.0, "description": "Print twice the number $n$.",
    "input_format": "One integer $n$.", "output_format": "Twice that.", "interaction_format": None, "note": "Easy.",
    "examples": [{"input": "3\n", "output": "6\n"}],
    "official_tests": [{"input": "3\n", "output": "6\n"}, {"input": "-2000000000\n", "output": "-4000000000\n"}],
    "official_tests_complete": True, "input_mode": "stdio", "generated_checker": None, "executable": True,
}  # fmt: skip
PARTS = TWICE | {
    "id": "1/C", "index": "C", "title": "Two parts", "rating": 1200, "generated_checker": CHECKER, "aliases": [],
    "description": "Print two positive integers whose sum is $n$.",
    "official_tests": [{"input": "7\n", "output": "3 4\n"}, {"input": "2\n", "output": "1 1\n"}],
}  # fmt: skip
HALF = TWICE | {
    "id": "3/A", "contest_id": "3", "title": "Half", "rating": 1000, "aliases": None,
    "description": "Print half of $n$, to six digits.",
    "official_tests": [{"input": "5\n", "output": "2.5\n"}, {"input": "1\n", "output": "0.500000\n"}],
}  # fmt: skip
MAX = TWICE | {
    "id": "2/C",
    "contest_id": "2",
    "index": "C",
    "title": "Unrated",
    "rating": None,
    "aliases": None,
}


def contest(
    id: str, points: dict[str, float | None], results: list[tuple[str, float, float]]
) -> dict[str, object]:
    """A row of the part `standings`; the rating of a contestant stands in the name."""
    return {
        "contest_id": id,
        "standings": {
            "contest": {"id": int(id), "name": "Own round"},
            "problems": [
                {"contestId": int(id), "index": index, "points": worth} for index, worth in points.items()
            ],
            "rows": [
                {"party": {"members": [{"handle": who}]}, "rank": 1, "points": got, "penalty": late}
                for who, got, late in results
            ],
        },
        "rating_changes": [
            {"handle": who, "oldRating": int(who[1:])} for who, _, _ in results if who[0] == "h"
        ],
    }


FIRST = contest(
    "1", {"A": 500.0, "C": 1500.0}, [("h2000", 2000, 0), ("h1500", 500, 0), ("new", 400, 0), ("h900", 0, 0)]
)
SECOND = contest(
    "2", {"A": None, "B": None, "C": None}, [("h1700", 3, 40), ("h1100", 1, 20), ("h1000", 1, 5)]
)


def rows(*found: dict[str, object], standings: tuple[dict[str, object], ...] = ()) -> dict[str, list[Row]]:
    parts = {"test": found, "standings": standings} if standings else {"test": found}
    return {part: [Row.model_validate(row) for row in of] for part, of in parts.items()}


def named(protocol: str):
    return SPEC.protocol(protocol)


def samples(outcomes: dict[str, list[int]]) -> list[Sample]:
    return [
        Sample(f"codeforces/{name}", index, "r", 9, "stop",
               Verdict("correct" if right else "wrong", float(right), "p", "x", "It is.", "code", "1"), index)
        for name, row in outcomes.items() for index, right in enumerate(row)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def cpp():
    try:
        LocalSandbox(workers=1).close()
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    if not any(one.language == "cpp" and one.is_here for one in toolchains()):
        pytest.skip("no g++")


def program(body: str) -> str:
    return f"```cpp\n#include <iostream>\n#include <iomanip>\n#include <vector>\nint main() {{ {body} }}\n```"


LONG = "long long n; std::cin >> n; "
ASKED = problems(rows(TWICE, PARTS, HALF), named("problem-ratings"))


@pytest.mark.parametrize(
    ("problem", "body", "status", "says"),
    [
        (0, LONG + "std::cout << 2 * n << std::endl;", "correct", "all 2 tests"),
        (0, LONG + "std::cout << 2 * (int)n;", "wrong", "Test 2"),
        (0, LONG + "while (true) n *= 3;", "wrong", "over its limit of"),
        (0, LONG + "std::vector<char> v(1 << 30, 1); std::cout << 2 * n + v[n + 5] - 1;", "wrong", ""),
        (1, LONG + "std::cout << 1 << ' ' << n - 1;", "correct", "all 2 tests"),
        (1, LONG + "std::cout << 0 << ' ' << n;", "wrong", "checker rejects"),
        (1, LONG + "std::cout << \"none\";", "wrong", "checker rejects: ValueError"),
        (2, "double n; std::cin >> n; std::cout << std::setprecision(9) << n / 2;", "correct", ""),
        (2, "double n; std::cin >> n; std::cout << n / 2 + 1e-4;", "wrong", "Test 1"),
        (2, "std::cout << 2.5", "wrong", ""),  # not compiled
    ],
)  # fmt: skip
def test_programs_are_judged_by_official_tests_limits_and_checkers(cpp, problem, body, status, says):
    (verdict,) = judge([(ASKED[problem], program(body), "stop")])
    assert verdict.status == status, verdict.reason
    assert says in verdict.reason


def test_a_python_program_is_asked_for_and_judged_under_its_protocol(cpp):
    (problem,) = problems(rows(PARTS), named("problem-ratings-python"))
    assert "```python" in problem.prompt[0].content
    right, wrong = "n = int(input())\nprint(1, n - 1)", "print(1, 6)"
    verdicts = judge([(problem, f"```python\n{source}\n```", "stop") for source in (right, wrong)])
    assert [verdict.status for verdict in verdicts] == ["correct", "wrong"]


def test_the_prompt_has_statement_limits_and_examples_and_no_other_test():
    text = ASKED[0].prompt[-1].content
    for part in (
        "# Twice",
        "1 s",
        "256 MB",
        "Print twice",
        "One integer",
        "Twice that",
        "3\n",
        "6\n",
        "Easy.",
        "```cpp",
    ):
        assert part in text
    assert "2000000000" not in text
    assert "None" not in text


def test_problems_that_cannot_be_judged_are_left_out_and_counted():
    others = [
        TWICE | {"rating": None},
        TWICE | {"official_tests_complete": False},
        TWICE | {"official_tests_complete": False, "official_tests": None},
        TWICE | {"interaction_format": "Ask and read."},
        TWICE | {"input_mode": "file"},
    ]
    made = rows(HALF, *others)
    assert [problem.id for problem in problems(made, named("problem-ratings"))] == ["codeforces/3/A"]
    (note,) = notes(made, named("problem-ratings"), [])
    assert note.startswith("problems left out: 2 without all of the official tests, 1 ")
    assert note.count(", 1 ") == 3
    assert notes(rows(HALF), named("problem-ratings"), []) == ()
    with pytest.raises(DataError, match="no Codeforces problem"):
        problems(rows(*others), named("problem-ratings"))


def test_rating_and_percentiles_are_of_the_problems_ratings():
    protocol, data = named("problem-ratings"), rows(TWICE, PARTS, HALF)
    drawn = samples({"1/A": [1, 1], "1/C": [0, 1], "3/A": [0, 0]})
    figures = {name: measure(ASKED, drawn) for name, measure in measures(data, protocol, ASKED).items()}
    assert figures["rating"] == elo_rating([1.0, 0.5, 0.0], [800, 1200, 1000])
    assert figures["rating"].unit == "rating"
    assert all(figure.unit == "share" for name, figure in figures.items() if name != "rating")
    assert protocol.metric in figures
    assert 0.3 < figures["percentile (CodeElo list)"].value < 0.5


def test_under_standings_the_rank_among_the_contestants_gives_the_rating():
    protocol, data = named("standings"), rows(TWICE, PARTS, HALF, MAX, standings=(FIRST, SECOND))
    asked = problems(data, protocol)
    assert [problem.id for problem in asked] == ["codeforces/1/A", "codeforces/1/C", "codeforces/2/C"]
    found = measures(data, protocol, asked)
    # Contest 1: A at the second try, 450 of 500 points: behind 2000 and 1500 of three who are rated.
    # Contest 2: A is not asked, B is problem 1/A: one solved, 10 late, behind 1700 and 1000.
    drawn = samples({"1/A": [0, 1], "1/C": [0, 0], "2/C": [0, 0]})
    first, second = rows(TWICE, PARTS, standings=(FIRST,)), rows(TWICE, MAX, standings=(SECOND,))
    one = measures(first, protocol, asked)["rating"](asked, drawn[:4])
    two = measures(second, protocol, asked)["rating"](asked, drawn[:2] + drawn[4:])
    for figure, humans in ((one, (2000, 1500, 900)), (two, (1700, 1100, 1000))):
        expected = 1 + sum(1 / (1 + 10 ** ((figure.value - human) / 400)) for human in humans)
        assert expected == pytest.approx(3)
    assert found["rating"](asked, drawn).value == pytest.approx((one.value + two.value) / 2)
    assert found["rating"](asked, drawn).unit == "rating"
    assert set(found) == set(SPEC.measures)
    assert "2 contests" in notes(data, protocol, asked)
    assert "1 of their 5 problems were not asked" in notes(data, protocol, asked)[-1]


def write_standings(folder, *found, standings):
    for part, of in (("test", found), ("standings", standings)):
        (folder / f"{part}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in of))
    return folder


def test_a_limit_leaves_the_other_problems_of_the_contests_unsolved(tmp_path):
    data = write_standings(tmp_path, PARTS, TWICE, MAX, standings=(FIRST, SECOND))
    made = SPEC.benchmark(data=data, protocol="standings", limit=1)
    assert [problem.id for problem in made.load()] == ["codeforces/1/C"]
    assert "1 contest" in made.caveats
    assert any("1 of their 2 problems were not asked" in caveat for caveat in made.caveats)
    whole = SPEC.benchmark(data=data, protocol="standings")
    drawn = samples({"1/C": [1]})
    assert made.measures["rating"](made.load(), drawn) == whole.measures["rating"](made.load(), drawn)


RERATED = FIRST | {
    "rating_changes": [one | {"oldRating": one["oldRating"] + 100} for one in FIRST["rating_changes"]]
}
REPRICED = FIRST | {"standings": FIRST["standings"] | {"problems": [{"index": "A", "points": 750.0},
                                                                      {"index": "C", "points": 1500.0}]}}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "standings"),
    [
        ({}, (RERATED, SECOND)),
        ({}, (REPRICED, SECOND)),
        ({}, (FIRST, SECOND | {"contest_id": "9"})),
        ({"aliases": ["2/A"]}, (FIRST, SECOND)),
    ],
)
def test_the_data_digest_follows_all_that_the_standings_rate_by(change, standings):
    def digest(*found, standings):
        return data_digest(problems(rows(*found, standings=standings), named("standings")))

    first = digest(TWICE, PARTS, standings=(FIRST, SECOND))
    assert digest(TWICE | change, PARTS, standings=standings) != first
    unread = FIRST | {"standings": FIRST["standings"] | {"contest": {"id": 1, "name": "Another name"}}}
    assert digest(TWICE, PARTS, standings=(unread, SECOND)) == first
    assert digest(TWICE, PARTS, standings=(SECOND, FIRST)) == first


def test_a_problem_bears_the_standings_of_its_contests_as_a_tag():
    data = rows(TWICE, PARTS, standings=(FIRST, SECOND))
    twice, parts = (problem.tags["standings"] for problem in problems(data, named("standings")))
    assert re.fullmatch(r"1 \([0-9a-f]{12}\), 2 \([0-9a-f]{12}\)", twice)
    assert twice.startswith(f"{parts}, ")
    (other, _) = problems(data, named("problem-ratings"))
    assert other.tags == {"rating": "800"}


OTHERS = [{"handle": "nobody", "oldRating": 1}]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (rows(TWICE), "needs the contests' standings"),
        (rows(TWICE, standings=(TWICE,)), "needs the contests' standings"),
        (rows(FIRST), "standings where it should hold problems"),
        (rows(TWICE, standings=(FIRST | {"rating_changes": OTHERS},)), "contest 1 has a rating"),
        (rows(HALF, standings=(FIRST,)), "no Codeforces problem"),
    ],
)  # fmt: skip
def test_data_that_standings_cannot_be_made_of_is_one_sentence(data, says):
    with pytest.raises(DataError, match=says):
        problems(data, named("standings"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"time_limit": 0}, "time_limit"),
        ({"official_tests": [{"input": "1"}]}, "official_tests.0.output"),
        ({"contest_id": None}, "contest_id"),
    ],
)
def test_a_row_of_another_form_is_named(change, says, tmp_path):
    file = tmp_path / "test.jsonl"
    file.write_text(json.dumps(TWICE) + "\n" + json.dumps(TWICE | change))
    with pytest.raises(DataError, match=f"row 2.*{says}"):
        SPEC.benchmark(data=file)


def test_the_benchmark_from_a_file(tmp_path):
    file = tmp_path / "test.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in (TWICE, PARTS, HALF)))
    make = partial(SPEC.benchmark, data=file)
    for name in ("problem-ratings", "problem-ratings-python", "majority"):
        made = make(protocol=name)
        assert (made.samples_per_problem, made.metric) == (8, "percentile (CodeElo list)")
        assert made.metric in made.measures
        assert [problem.tags["rating"] for problem in made.load()] == ["800", "1200", "1000"]
    assert "3 problems in this data, 422 as published" in make().caveats


@pytest.mark.parametrize(
    ("says", "compare"),
    [
        ("Print YES or NO. You can print each letter in any case.", "caseless"),
        ("You may print every letter in any case (upper or lower).", "caseless"),
        ("Output is case-insensitive.", "caseless"),
        ("Print the string, letter by letter.", "numbers"),
        (None, "numbers"),
    ],
)
def test_letters_are_in_any_case_where_the_statement_says_so(says, compare):
    made = problems(rows(TWICE | {"output_format": says}), named("problem-ratings"))
    assert made[0].reference["compare"] == compare
