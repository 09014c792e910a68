"""A public benchmark as data: where it comes from, how it is asked, how it is scored, what to beware of."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from evals.data import DataError, Source, checked_row, load_rows
from evals.judge import judged_by
from evals.types import Benchmark, Measure, Problem, Sampling

Rows = Mapping[str, Sequence[Any]]
"""The checked rows of a benchmark's data, by the name of the part."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """One published way to ask a benchmark's questions and to score the answers.

    `source` says who does it so, `metric` is the figure that they publish (see `evals.types.Benchmark`).
    `sampling` and `samples_per_problem` are theirs, or ours where `caveats` says that they give none; `size` is
    the number of problems, where a protocol takes only some. `one_message` says that a prompt is one message of text,
    after a system message where there is one: no pictures, no earlier turns. `stop` are texts that end a response,
    and `options` those of the verifiers (`{"take": "first"}`), each of which gets the ones that it has.
    """

    name: str
    description: str
    source: str
    sampling: Sampling
    samples_per_problem: int = 1
    metric: str = "avg@k"
    caveats: tuple[str, ...] = ()
    size: int | None = None
    one_message: bool = True
    stop: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spec:
    """A public benchmark.

    `sources` names the parts of its data, the scored one first; `size` is the number of problems there, as
    published. `problems` makes problems of rows under a protocol, the first of `protocols` unless another is
    asked for, judged by `verifier`, or by what an answer's type calls for: then `judged_by_reference` is false, for a
    reference alone does not say how. `measures` are the figures beside avg@k;
    where they follow from rows or protocol, `measures_of` gives them by the same names. `notes` are caveats that
    follow from the rows. Both are told which problems are asked; what `measures_of` reads beside them must be in
    their tags, so that `evals.run.data_digest` sees it.
    """

    name: str
    title: str
    version: str
    description: str
    licence: str
    sources: Mapping[str, Source]
    size: int
    row: type[BaseModel]
    verifier: str
    problems: Callable[[Rows, Protocol], list[Problem]]
    protocols: tuple[Protocol, ...]
    caveats: tuple[str, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    measures_of: Callable[[Rows, Protocol, Sequence[Problem]], Mapping[str, Measure]] | None = None
    notes: Callable[[Rows, Protocol, Sequence[Problem]], tuple[str, ...]] | None = None
    judged_by_reference: bool = True

    def protocol(self, name: str | None) -> Protocol:
        """The protocol of that name, or the default. Raises `ValueError` with the names there are."""
        if name is None:
            return self.protocols[0]
        known = {protocol.name: protocol for protocol in self.protocols}
        if name not in known:
            raise ValueError(f"{self.name} has no protocol {name!r}; choose from {', '.join(known)}.")
        return known[name]

    def _problems(self, rows: Rows, protocol: Protocol) -> list[Problem]:
        return judged_by(self.problems(rows, protocol), protocol.stop, protocol.options, all_used=False)

    def problem(self, row: Any, protocol: str | None = None) -> Problem | None:
        """The problem of one row of the official data, to judge responses by: its pictures are not read.

        None where the protocol leaves the row out. Raises `ValueError` for an unknown protocol, and
        `evals.data.DataError` for a row of another form.

        >>> SPECS["mathvista"].problem({"pid": "3", "choices": ["12 cm", "15 cm"], "answer": "15 cm", ...}).reference
        'B'
        """
        chosen, part = self.protocol(protocol), next(iter(self.sources))
        checked = checked_row(self.name, self.row, row, where="The row", judged_only=True)
        made = self._problems({part: [checked]}, chosen)
        return made[0] if made else None

    def benchmark(
        self,
        *,
        data: Path | None = None,
        protocol: str | None = None,
        limit: int | None = None,
        judged_only: bool = False,
    ) -> Benchmark:
        """The benchmark under a protocol, with its data read now, at most `limit` problems of it.

        The first protocol holds where none is named. With `judged_only` its problems are there to judge responses by
        and not to be asked: rows need no pictures, nor a question where it is not judged by. Raises `ValueError` for
        an unknown protocol, and `evals.data.DataError`.
        """
        chosen = self.protocol(protocol)
        rows = load_rows(self.name, self.sources, self.row, data, judged_only=judged_only)
        made = self._problems(rows, chosen)
        if not made:
            raise DataError(
                f"{data or next(iter(self.sources.values()))} has no problem of {self.name} under its protocol "
                f"{chosen.name} ({chosen.description.rstrip('.')}); give other data, or another --protocol."
            )
        twice = next((name for name, count in Counter(one.id for one in made).items() if count > 1), None)
        if twice is not None:
            raise DataError(
                f"{data or self.name} has {twice} more than once; keep one row of each problem, and ask for more "
                "responses with --samples."
            )
        problems, size = made[:limit], chosen.size or self.size
        notes = [
            (len(problems) < len(made), f"the first {len(problems):,} of {len(made):,} problems"),
            (len(made) != size, f"{len(made):,} problems in this data, {size:,} as published"),
        ]
        return Benchmark(
            name=self.name,
            version=self.version,
            description=self.description,
            load=lambda: problems,
            sampling=chosen.sampling,
            samples_per_problem=chosen.samples_per_problem,
            metric=chosen.metric,
            source=str(data or next(iter(self.sources.values()))),
            protocol=chosen.name,
            caveats=(
                *self.caveats,
                *chosen.caveats,
                *(self.notes(rows, chosen, problems) if self.notes else ()),
                *(note for applies, note in notes if applies),
            ),
            measures=self.measures_of(rows, chosen, problems) if self.measures_of else self.measures,
        )
