"""The vote over programs by tests that the model makes itself."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evals.judge import judge
from evals.model import Chat, Reply
from evals.types import Benchmark, Figure, Message, Problem, Sample, Sampling
from evals.vote import Settings, is_voted, self_generated_tests, vote, voted, winner
from verifiers import Verdict
from verifiers.code import check
from verifiers.sandbox import LocalSandbox, SandboxUnavailable

programs = st.lists(st.none() | st.text("-ab", min_size=4, max_size=4), min_size=1, max_size=9)
rows = st.builds(
    lambda programs, width: [
        text and tuple(None if one == "-" else one for one in text[:width]) for text in programs
    ],
    programs,
    st.integers(0, 4),
)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(rows)
def test_the_first_program_of_the_largest_group_wins(rows):
    place = winner(rows)
    width = max((len(row) for row in rows if row is not None), default=0)
    dead = {at for at in range(width) if all(row is None or row[at] is None for row in rows)}
    keys = [
        None if row is None else tuple(one for at, one in enumerate(row) if at not in dead) for row in rows
    ]
    whole = [key for key in keys if key is not None and None not in key]
    if whole:
        most = max(Counter(whole).values())
        assert place == next(at for at, key in enumerate(keys) if whole.count(key) == most and key in whole)
    elif any(key is not None for key in keys):
        assert keys[place] is not None
        assert keys[place].count(None) == min(key.count(None) for key in keys if key is not None)
    else:
        assert place == 0


@unhurried
@given(rows, st.randoms())
def test_the_order_of_inputs_does_not_matter(rows, random):
    width = max((len(row) for row in rows if row is not None), default=0)
    order = random.sample(range(width), width)
    assert winner([None if row is None else tuple(row[at] for at in order) for row in rows]) == winner(rows)


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (["x", "ab", "ab"], 1),
        (["ab", "cd", "cd", "ab"], 0),  # a tie
        (["-b", "-b", "ab"], 2),  # those that fail are no group
        (["-b", "-c", "-c"], 1),  # nobody manages the first input
        (["--", "a-", "-b"], 1),
        ([None, "aa"], 1),
        ([None, None], 0),
        ([None, "", ""], 1),  # no tests
    ],
)
def test_votes_by_hand(rows, place):
    width = max(len(row or "") for row in rows)
    made = [
        None if row is None else tuple(None if c == "-" else c for c in row.ljust(width, "-")) for row in rows
    ]
    assert winner(made) == place


# --- In the sandbox ---------------------------------------------------------------------------------------

ASK = "Print the greatest of the numbers on the one line of the input. Reply with one ```python block."
GREATEST = Problem(
    "own/greatest",
    (Message("user", ASK),),
    {"tests": [{"stdin": "3 9 4\n", "stdout": "9\n"}, {"stdin": "-5 -7\n", "stdout": "-5\n"}],
     "limits": {"cpu_seconds": 1.0, "wall_seconds": 5.0}},
    "code",
    {"rating": "900"},
)  # fmt: skip
RIGHT = ["print(max(map(int, input().split())))", "print(sorted(map(int, input().split()))[-1], '')"]
FROM_ZERO = "best = 0\nfor n in map(int, input().split()): best = max(best, n)\nprint(best)"
LAST = "print(input().split()[-1])"
CRASH = "print(1 // 0)"
GENERATOR = """\
import random, sys
n = int(sys.argv[1])
print(*[random.randint(-9, 9) - 10 * (n % 2) for _ in range(n + 2)])
"""
SMALL = Settings(inputs=4, valid=4)


def block(source: str) -> str:
    return f"Here it is.\n```python\n{source}\n```"


def samples(*sources: str, problem: Problem = GREATEST) -> list[Sample]:
    texts = [block(source) if source else "I do not know." for source in sources]
    verdicts = judge([(problem, text, "stop") for text in texts])
    return [
        Sample(problem.id, index, text, 5, "stop", verdict, index)
        for index, (text, verdict) in enumerate(zip(texts, verdicts, strict=True))
    ]


class Scripted:
    """Writes generators in turn, and counts what it is asked."""

    def __init__(self, *generators: str) -> None:
        self.generators = generators
        self.chats: list[Chat] = []

    def reply(self, chats, sampling, on_tokens=None, on_reply=None):
        self.chats += chats
        return [
            Reply(block(self.generators[number % len(self.generators)]), 7, "stop")
            for number in range(len(chats))
        ]


@pytest.fixture(scope="module", autouse=True)
def sandbox():
    try:
        LocalSandbox(workers=1).close()
    except SandboxUnavailable as error:
        pytest.skip(str(error))


def make_tests(model, folder=None, **changes):
    pytest.importorskip("cyaron")
    given = {"sampling": Sampling(), "seed": 0, "settings": SMALL, "model_digest": "sha256:m"} | changes
    return self_generated_tests(model, [GREATEST], folder=folder, **given)


def test_a_majority_of_right_programs_wins_over_wrong_ones():
    tests = {GREATEST.id: ("-3 -4\n", "2 5 1\n", "7\n")}
    (answer,) = vote([GREATEST], samples(FROM_ZERO, LAST, "", RIGHT[0], CRASH, RIGHT[1]), tests)
    assert (answer.sample_index, answer.verdict.status) == (3, "correct")
    # Two that are wrong in the same way outvote one that is right, the tests of the problem have no say.
    (answer,) = vote([GREATEST], samples(RIGHT[0], FROM_ZERO, FROM_ZERO + "\n"), tests)
    assert (answer.sample_index, answer.verdict.status) == (1, "wrong")


def test_without_tests_the_first_program_stands():
    (answer,) = vote([GREATEST], samples("", LAST, RIGHT[0]), {GREATEST.id: ()})
    assert answer.sample_index == 1


def test_what_programs_print_is_kept(tmp_path, monkeypatch):
    drawn, tests = samples(FROM_ZERO, RIGHT[0], RIGHT[1]), {GREATEST.id: ("-3 -4\n",)}
    first = vote([GREATEST], drawn, tests, folder=tmp_path)
    monkeypatch.setattr("evals.vote.check", lambda *_: pytest.fail("run again"))
    assert vote([GREATEST], drawn, tests, folder=tmp_path) == first


def test_what_programs_printed_under_another_version_of_the_judge_is_run_again(tmp_path, monkeypatch):
    drawn, tests = samples(FROM_ZERO, RIGHT[0], RIGHT[1]), {GREATEST.id: ("-3 -4\n",)}
    first = vote([GREATEST], drawn, tests, folder=tmp_path)
    runs = []
    monkeypatch.setattr("evals.vote.JUDGE_VERSION", "another")
    monkeypatch.setattr("evals.vote.check", lambda *given: runs.append(given) or check(*given))
    assert vote([GREATEST], drawn, tests, folder=tmp_path) == first
    assert len(runs) == 3


def test_only_programs_on_standard_input_can_vote():
    other = replace(GREATEST, reference={"function": "f", "calls": [{"arguments": [1], "result": 1}]})
    with pytest.raises(ValueError, match="own/greatest is not a problem on standard input"):
        vote([other], samples(RIGHT[0]), {GREATEST.id: ()})


def test_the_model_makes_the_tests_once(tmp_path):
    model = Scripted(GENERATOR, CRASH, "no program of Python at all:", GENERATOR + "\n# again")
    tests = make_tests(model, tmp_path)
    assert len(model.chats) == 4
    assert len({chat.seed for chat in model.chats}) == 4
    assert ASK in model.chats[0].prompt[-1].content
    assert "3 9 4" not in model.chats[0].prompt[-1].content  # the problem's own tests have no part in it
    assert len(tests[GREATEST.id]) == 4  # both generators print the same
    assert all(re.fullmatch(r"-?\d+( -?\d+)*\n", text) for text in tests[GREATEST.id])
    assert make_tests(model, tmp_path) == tests
    assert len(model.chats) == 4  # nothing was asked again
    for change in ({"seed": 1}, {"model_digest": "sha256:other"}, {"sampling": Sampling(temperature=0.5)}):
        other = Scripted(CRASH)
        make_tests(other, tmp_path, **change)
        assert len(other.chats) == 4
    with pytest.raises(ValueError, match="model_digest"):
        make_tests(model, tmp_path, model_digest="")


def test_a_model_that_writes_no_generator_leaves_no_tests():
    assert make_tests(Scripted(CRASH)) == {GREATEST.id: ()}


def test_the_figures_of_the_vote_stand_beside_those_of_all_samples(tmp_path):
    pytest.importorskip("cyaron")

    def share(problems, samples):
        return Figure(sum(one.verdict.correct for one in samples) / len(samples), 0.0, 1.0)

    drawn = samples(FROM_ZERO, RIGHT[0], LAST, RIGHT[1])
    benchmark = Benchmark(
        "own", "1", "Own.", lambda: [GREATEST], Sampling(), 4, protocol="majority", measures={"share": share}
    )
    assert is_voted(benchmark)
    assert not is_voted(replace(benchmark, protocol="standings"))
    made = voted(Scripted(GENERATOR), benchmark, drawn, seed=0, folder=tmp_path, model_digest="sha256:m")
    figures = {name: measure([GREATEST], drawn).value for name, measure in made.measures.items()}
    assert figures == {"maj@4 by self-generated tests": 1.0, "share": 1.0, "share, no vote": 0.5}
    assert made.caveats == ()
    without = voted(
        Scripted("None."), benchmark, drawn, seed=1, folder=tmp_path / "n", model_digest="sha256:n"
    )
    assert without.caveats == ("no test could be made for 1 of 1 problems: the first program stands there",)


def test_a_sandbox_that_fails_is_not_the_programs_fault(monkeypatch):
    class Broken:
        outcome, reason, execution = "error", "no room", None

    drawn = samples(RIGHT[0])
    monkeypatch.setattr("evals.vote.check", lambda *_: (Broken(),))
    with pytest.raises(RuntimeError, match="own/greatest could not be run: no room"):
        vote([GREATEST], drawn, {GREATEST.id: ("1\n",)})


def test_a_truncated_response_has_no_vote():
    cut = Sample(GREATEST.id, 0, "```python\nprint(", 9, "length",
                 Verdict("truncated", 0.0, None, "extract", "Cut.", "code", "1"), 0)  # fmt: skip
    (answer,) = vote(
        [GREATEST], [cut, *(replace(one, sample_index=1) for one in samples(LAST))], {GREATEST.id: ("4\n",)}
    )
    assert answer.sample_index == 1
