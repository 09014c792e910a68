"""Codeforces: problems of past rounds, for a rating and a percentile.

The problems, with all of their official test cases, limits and checkers, are open-r1's (huggingface.co/datasets/
open-r1/codeforces). A rating comes from the problems' own ratings (`evals.ratings`), or from the standings of the
contests (`evals.standings`), where the data directory has a part `standings`: for each contest its id and what
Codeforces' API answers to `contest.standings` (without unofficial contestants) and `contest.ratingChanges`.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, FiniteFloat, RootModel, Tag

from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import DataError, Hub, Local
from evals.files import digest
from evals.percentiles import percentile, published
from evals.ratings import problem_rating
from evals.standings import Contest, Contestant, Place, standings_rating
from evals.types import Measure, Message, Problem, Sampling

Language = Literal["cpp", "python"]

MAPPING = "CodeElo list"
"""Of `evals.percentiles.published`: the one that is complete."""
PERCENTILE = f"percentile ({MAPPING})"

CHECKER = """\
import contextlib, io, runpy, sys
for name in ("input.txt", "solution_output.txt", "correct_output.txt"):
    size = int(sys.stdin.buffer.readline())
    with open(name, "wb") as file:
        file.write(sys.stdin.buffer.read(size))
    sys.stdin.buffer.readline()
with open("checker.py", "w", encoding="utf-8") as file:
    file.write(SOURCE)
sys.argv[:] = ["checker.py", "input.txt", "correct_output.txt", "solution_output.txt"]
said = io.StringIO()
try:
    with contextlib.redirect_stdout(said):
        runpy.run_path("checker.py", run_name="__main__")
except SystemExit:
    pass
except Exception as error:  # such as an output that is not of the form that it expects
    sys.exit(f"{type(error).__name__}: {error}")
sys.exit(0 if said.getvalue().strip() in ("1", "1.0", "True") else f"it says {said.getvalue().strip()[:80]!r}")
"""
"""Puts a checker of the data, which reads three files and prints 1 for a right output, into the judge's form."""

_ANY_CASE = re.compile(
    r"\bin (?:any|either|arbitrary) (?:letter )?(?:case|register)\b|\bcase[- ]?insensitive", re.IGNORECASE
)
"""What a statement says where letters of the output may be small or capital ones."""

ASK: Mapping[Language, str] = {
    "cpp": "Write a C++17 program that reads standard input and writes standard output. "
    "Reply with the whole program in one ```cpp block.",
    "python": "Write a Python 3 program that reads standard input and writes standard output. "
    "Reply with the whole program in one ```python block.",
}


class Example(BaseModel):
    """A test case."""

    input: str
    output: str


class ProblemRow(BaseModel):
    """One problem. Limits are in seconds and MiB.

    Without a checker outputs are compared word by word, in any case where the statement says so.
    """

    contest_id: str
    index: str
    aliases: list[str] | None = None
    title: str
    description: str
    input_format: str | None = None
    output_format: str | None = None
    interaction_format: str | None = None
    note: str | None = None
    examples: list[Example] | None = None
    rating: float | None = None
    time_limit: float = Field(gt=0)
    memory_limit: float = Field(gt=0)
    official_tests: list[Example] | None = None
    official_tests_complete: bool
    input_mode: str | None = None
    generated_checker: str | None = None


class Member(BaseModel):
    """A contestant's name."""

    handle: str


class Party(BaseModel):
    """Who took part."""

    members: list[Member] = Field(min_length=1)


class Result(BaseModel):
    """A line of the standings."""

    party: Party
    points: FiniteFloat
    penalty: FiniteFloat = 0.0


class ContestProblem(BaseModel):
    """A problem of the contest, and what it is worth."""

    index: str
    points: FiniteFloat | None = None


class Standings(BaseModel):
    """The answer to `contest.standings`."""

    problems: list[ContestProblem] = Field(min_length=1)
    rows: list[Result] = Field(min_length=1)


class RatingChange(BaseModel):
    """One of the answer to `contest.ratingChanges`."""

    handle: str
    oldRating: FiniteFloat


class ContestRow(BaseModel):
    """A contest's standings, and its contestants' ratings before it."""

    contest_id: str
    standings: Standings
    rating_changes: list[RatingChange] = Field(min_length=1)


def _part(raw: object) -> str:
    return "standings" if isinstance(raw, Mapping) and "rating_changes" in raw else "problem"


class Row(
    RootModel[
        Annotated[
            Annotated[ProblemRow, Tag("problem")] | Annotated[ContestRow, Tag("standings")],
            Discriminator(_part),
        ]
    ]
):
    """A problem, or the standings of a contest."""


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row that can be judged.

    With `standings` also those without a rating, but only of contests whose standings are there; their tag
    `standings` names these, each with a digest of what rates the model in it.
    Raises `DataError` where none is left, or the standings are missing.
    """
    kept = _kept(rows, protocol)
    if not kept:
        raise DataError("The data has no Codeforces problem that can be judged under this protocol.")
    language: Language = "python" if protocol.name.endswith("python") else "cpp"
    digests = _digests(_contests(rows), kept) if protocol.name == "standings" else {}
    return [_problem(row, language, digests) for row in kept]


def notes(rows: Rows, protocol: Protocol, asked: Sequence[Problem]) -> tuple[str, ...]:
    """What a reader must know: how many problems were left out, and why; what the contests have that is not asked."""
    counts = Counter(filter(None, (_left_out(row, protocol) for row in _problem_rows(rows))))
    reasons = ", ".join(f"{count:,} {why}" for why, count in counts.most_common())
    found = [f"problems left out: {reasons}"] if reasons else []
    if protocol.name == "standings":
        places = {place for own in _places_of(rows, asked).values() for place in own}
        rated = {contest for contest, _ in places}
        contests = [contest for contest in _contests(rows) if contest.id in rated]
        whole = sum(len(contest.problems) for contest in contests)
        missing = sum((contest.id, index) not in places for contest in contests for index in contest.problems)
        found.append(f"{len(contests):,} contest{'s' * (len(contests) > 1)}")
        if missing:
            found.append(
                f"{missing:,} of their {whole:,} problems were not asked and count as unsolved: "
                "the rating is a lower bound"
            )
    return tuple(found)


def measures(rows: Rows, protocol: Protocol, asked: Sequence[Problem]) -> dict[str, Measure]:
    """The rating and its percentile: by the standings where the protocol says so, else by the problems' ratings."""
    if protocol.name != "standings":
        return _with_percentile(problem_rating())
    places = _places_of(rows, asked)
    return _with_percentile(standings_rating(_contests(rows), places.__getitem__))


def _problem_rows(rows: Rows) -> list[ProblemRow]:
    found = [row.root for row in rows["test"]]
    if not all(isinstance(row, ProblemRow) for row in found):
        raise DataError(
            "The part `test` of the Codeforces data holds standings where it should hold problems."
        )
    return found


def _contests(rows: Rows) -> list[Contest]:
    """The contests of the part `standings`, with the contestants whose rating is known."""
    found: Sequence[Any] = rows.get("standings", ())
    if not found or not all(isinstance(row.root, ContestRow) for row in found):
        raise DataError(
            "Rating by standings needs the contests' standings: a directory as --data with a file `standings` "
            "(.jsonl, .json or .parquet) beside `test`; docs/benchmarks.md says what is in it."
        )
    return [_contest(row.root) for row in found]


def _contest(row: ContestRow) -> Contest:
    ratings = {change.handle: change.oldRating for change in row.rating_changes}
    contestants = tuple(
        Contestant(ratings[handle], result.points, result.penalty)
        for result in row.standings.rows
        if (handle := result.party.members[0].handle) in ratings
    )
    if not contestants:
        raise DataError(f"No contestant in the standings of contest {row.contest_id} has a rating.")
    return Contest(row.contest_id, {one.index: one.points for one in row.standings.problems}, contestants)


def _kept(rows: Rows, protocol: Protocol) -> list[ProblemRow]:
    kept = [row for row in _problem_rows(rows) if _left_out(row, protocol) is None]
    if protocol.name != "standings":
        return kept
    contests = {contest.id for contest in _contests(rows)}
    return [row for row in kept if any(contest in contests for contest, _ in _places(row))]


def _left_out(row: ProblemRow, protocol: Protocol) -> str | None:
    """Why the problem is not asked; None where it is."""
    if row.interaction_format:
        return "interactive"
    if row.input_mode not in (None, "stdio"):
        return "with files in place of standard input"
    if not row.official_tests_complete or not row.official_tests:
        return "without all of the official tests"
    if row.rating is None and protocol.name != "standings":
        return "without a rating"
    return None


def _id(row: ProblemRow) -> str:
    return f"codeforces/{row.contest_id}/{row.index}"


def _places(row: ProblemRow) -> list[Place]:
    """Where it was set: some problems are shared by the two divisions of a round."""
    aliases = [alias.split("/") for alias in row.aliases or ()]
    return [(row.contest_id, row.index), *((parts[0], parts[1]) for parts in aliases if len(parts) == 2)]


def _places_of(rows: Rows, asked: Sequence[Problem]) -> dict[str, list[Place]]:
    """Where the problems that are asked were set, by their id."""
    ids = {problem.id for problem in asked}
    return {_id(row): _places(row) for row in _problem_rows(rows) if _id(row) in ids}


def _digests(contests: Sequence[Contest], kept: Sequence[ProblemRow]) -> dict[str, str]:
    """By a contest's id a short digest of what gives the rating in it: its results, and which problems are its own."""
    own: dict[str, list[tuple[str, str]]] = {contest.id: [] for contest in contests}
    for row in kept:
        for contest_id, index in _places(row):
            own.get(contest_id, []).append((_id(row), index))
    return {
        contest.id: digest(
            [
                dict(contest.problems),
                [(one.rating, one.points, one.penalty) for one in contest.contestants],
                own[contest.id],
            ]
        ).partition(":")[2][:12]
        for contest in contests
    }


def _tags(row: ProblemRow, digests: Mapping[str, str]) -> dict[str, str]:
    """The rating, and the contests with standings: tags are part of `evals.run.data_digest`."""
    rated = [f"{contest} ({digests[contest]})" for contest, _ in _places(row) if contest in digests]
    return {
        **({} if row.rating is None else {"rating": f"{row.rating:.0f}"}),
        **({"standings": ", ".join(rated)} if rated else {}),
    }


def _problem(row: ProblemRow, language: Language, digests: Mapping[str, str]) -> Problem:
    reference: dict[str, Any] = {
        "language": language,
        "tests": [{"stdin": test.input, "stdout": test.output} for test in row.official_tests or ()],
        "limits": {
            "cpu_seconds": row.time_limit,
            "wall_seconds": 2 * row.time_limit + 1,
            "memory_bytes": int(row.memory_limit * 2**20),
        },
    }
    if row.generated_checker:
        reference["checker"] = f"SOURCE = {row.generated_checker!r}\n{CHECKER}"
    else:
        reference["compare"] = "caseless" if _ANY_CASE.search(row.output_format or "") else "numbers"
    return Problem(
        id=_id(row),
        prompt=(Message("user", _prompt(row, language)),),
        reference=reference,
        verifier="code",
        tags=_tags(row, digests),
    )


def _prompt(row: ProblemRow, language: Language) -> str:
    parts = [
        f"# {row.title}",
        f"Time limit: {row.time_limit:g} s. Memory limit: {row.memory_limit:g} MB.",
        row.description,
    ]
    for title, text in (("Input", row.input_format), ("Output", row.output_format)):
        parts += [f"## {title}", text] if text else []
    for number, example in enumerate(row.examples or (), 1):
        parts += [
            f"## Example {number}",
            f"Input:\n```\n{example.input.rstrip()}\n```",
            f"Output:\n```\n{example.output.rstrip()}\n```",
        ]
    parts += ["## Note", row.note] if row.note else []
    return "\n\n".join([*(part.strip() for part in parts), ASK[language]])


def _with_percentile(rating: Measure) -> dict[str, Measure]:
    return {"rating": rating, PERCENTILE: percentile(rating, published()[MAPPING])}


SAMPLING = Sampling(temperature=0.6, top_p=0.95, max_tokens=32_768)
_SAMPLED = "temperature 0.6 and top-p 0.95 are ours"
_PAPER = "arXiv:2501.12599 gives neither its contests, its sampling nor the list behind its percentile"

SPEC = Spec(
    name="codeforces",
    title="Codeforces",
    version="2",
    description="Problems of past Codeforces rounds, for a rating and a percentile.",
    licence="CC-BY-4.0 (open-r1/codeforces); problems © Codeforces and their authors; not redistributed here",
    sources={
        "test": Hub("open-r1/codeforces", "test", "verifiable"),
        "standings": Local("the contests' standings and rating changes"),
    },
    size=422,
    row=Row,
    verifier="code",
    problems=problems,
    protocols=(
        Protocol(
            name="problem-ratings",
            description="Eight C++ programs for each problem; the most likely rating by the problems' ratings.",
            source="Elo's model, as Codeforces rates problems",
            sampling=SAMPLING,
            samples_per_problem=8,
            metric=PERCENTILE,
            caveats=(_SAMPLED,),
        ),
        Protocol(
            name="problem-ratings-python",
            description="As problem-ratings, with Python programs.",
            source="Elo's model, as Codeforces rates problems",
            sampling=SAMPLING,
            samples_per_problem=8,
            metric=PERCENTILE,
            caveats=(
                _SAMPLED,
                "time limits are those for all languages: Python solves fewer problems in them",
            ),
        ),
        Protocol(
            name="majority",
            description="The answer is a majority vote over eight C++ programs, by their outputs on tests that the "
            "model makes itself; the rating is that of the answers.",
            source="arXiv:2501.12599, table 2",
            sampling=SAMPLING,
            samples_per_problem=8,
            metric=PERCENTILE,
            caveats=(_SAMPLED, _PAPER),
        ),
        Protocol(
            name="standings",
            description="Up to eight C++ submissions for each problem of a contest; the rating is the one that its "
            "rank among the human contestants stands for.",
            source="CodeElo, arXiv:2501.01257, which submits to Codeforces itself",
            sampling=SAMPLING,
            samples_per_problem=8,
            metric=PERCENTILE,
            caveats=(_SAMPLED, "judged by the official tests here, not by Codeforces; no time passes"),
        ),
    ),
    caveats=(
        "a percentile depends on the people counted: name the mapping with it",
        "where the data has no checker, outputs are compared word by word, numbers up to 1e-6",
    ),
    measures=_with_percentile(problem_rating()),
    measures_of=measures,
    notes=notes,
)
