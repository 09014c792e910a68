"""Which checkpoints a report speaks of, and by what names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.types import Score
from reports.run import Run

METHODS = ("merge", "shortest_rejection", "merge_rejection", "dpo", "rl")
METHOD_LABELS = {
    "merge": "merge",
    "shortest_rejection": "shortest rejection sampling",
    "merge_rejection": "merge + rejection sampling",
    "dpo": "DPO",
    "rl": "long2short RL",
}
STAGE_LABELS = {
    "sft": "SFT (short CoT)",
    "curate": "prompt curation",
    "long_cot_sft": "long-CoT SFT",
    "rl": "RL",
    "long2short": "long2short",
    "external": "external",
}
BEST_SHORT_MARGIN = 0.03
PLAIN_AVERAGE = "long2short/merge-0.50"
"""The merge of the paper (section 2.4): both parents' weights averaged."""


@dataclass(frozen=True, slots=True)
class KeyScores:
    """The four checkpoints that tell the story of a run, where they have been scored.

    `short_chosen_on` is the split whose scores chose `short`.
    """

    sft: Score | None = None
    long_cot: Score | None = None
    rl: Score | None = None
    short: Score | None = None
    short_chosen_on: str | None = None

    def named(self) -> tuple[tuple[str, Score], ...]:
        """(label, score) of those that are there, in pipeline order."""
        pairs = (
            ("SFT", self.sft),
            ("long-CoT SFT", self.long_cot),
            ("RL", self.rl),
            ("best long2short", self.short),
        )
        return tuple((label, score) for label, score in pairs if score is not None)


def main_benchmark(run: Run, split: str = "test") -> str | None:
    """The benchmark of the suite's own with the most checkpoints scored on `split`; the first by name among equals."""
    counts: dict[str, int] = {}
    for score in run.scores:
        if score.split == split and not score.protocol:
            counts[score.benchmark] = counts.get(score.benchmark, 0) + 1
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


def main_split(run: Run) -> str:
    """`test` where anything was scored on it, else `validation`."""
    return "test" if any(s.split == "test" for s in run.scores) or not run.scores else "validation"


def key_scores(run: Run, benchmark: str, split: str) -> KeyScores:
    """The last checkpoint of SFT, of long-CoT SFT and of RL, and the best long2short one."""

    def last(stage: str) -> Score | None:
        rows = run.of(benchmark, split, stage)
        return max(rows, key=lambda s: (s.iteration or 0, rows.index(s)), default=None)

    rl = last("rl")
    short, chosen_on = best_short(run, benchmark, split, rl)
    return KeyScores(last("sft"), last("long_cot_sft"), rl, short, chosen_on)


def best_short(run: Run, benchmark: str, split: str, long: Score | None) -> tuple[Score | None, str | None]:
    """The shortest long2short model within 3 points of the long one (the most accurate if none is), and the
    split that it was chosen on.

    It is chosen on the validation split where every candidate was scored on it, so that the test figures of
    the chosen one are not chosen for being high.
    """
    rows = [s for s in run.of(benchmark, split, "long2short") if method_of(s.checkpoint)]
    if not rows:
        return None, None
    judged = {s.checkpoint: run.find(s.checkpoint, benchmark, "validation") for s in rows}
    reference = run.find(long.checkpoint, benchmark, "validation") if long else None
    by_validation = {name: score for name, score in judged.items() if score is not None}
    chosen_on = "validation"
    if len(by_validation) < len(rows) or (long is not None and reference is None):
        by_validation, reference, chosen_on = {s.checkpoint: s for s in rows}, long, split
    floor = reference.accuracy.value - BEST_SHORT_MARGIN if reference else 0.0
    close = [s for s in rows if by_validation[s.checkpoint].accuracy.value >= floor]
    if close:
        shortest = min(close, key=lambda s: (by_validation[s.checkpoint].response_tokens_mean, s.checkpoint))
        return shortest, chosen_on
    return max(rows, key=lambda s: (by_validation[s.checkpoint].accuracy.value, s.checkpoint)), chosen_on


def rl_start(run: Run, benchmark: str, split: str) -> Score | None:
    """The score of the checkpoint that RL started from: the parent of its first checkpoint."""
    first = min(run.of(benchmark, split, "rl"), key=lambda s: s.iteration or 0, default=None)
    parent = first.parents[0] if first and first.parents else "long_cot_sft"
    return run.find(parent, benchmark, split)


def rl_trajectory(run: Run, benchmark: str, split: str) -> tuple[tuple[int, Score], ...]:
    """(iteration, score) over RL, from the checkpoint that it started from as iteration 0."""
    rows = {s.iteration: s for s in run.of(benchmark, split, "rl") if s.iteration is not None}
    start = rl_start(run, benchmark, split)
    if start is not None and 0 not in rows:
        rows[0] = start
    return tuple(sorted(rows.items()))


def method_of(checkpoint: str) -> str | None:
    """The long2short method behind an id such as `long2short/merge-0.50`; None for controls and others."""
    name = checkpoint.removeprefix("long2short/")
    if name == checkpoint or "control" in name:
        return None
    stem = name.replace("+", "_").replace("/", "-").split("-")[0]
    if stem.startswith("merge_"):
        return "merge_rejection"
    return stem if stem in METHODS else None


def short_methods(
    run: Run, benchmark: str, split: str, chosen: Mapping[str, str] | None = None
) -> dict[str, Score]:
    """The checkpoint that stands for each long2short method (section 2.4).

    `chosen` (method to checkpoint id) decides; without it `long2short/<method>` itself, then the last
    iteration, then the most accurate on validation (of equals the one with fewer tokens there) where every
    checkpoint of the method was scored on it, else the plain average of a coefficient sweep (`-0.50`).
    Controls are left out.
    """
    found: dict[str, Score] = {}
    for method in METHODS:
        named = (chosen or {}).get(method)
        if named is not None:
            rows = [s for s in run.of(benchmark, split) if s.checkpoint == named]
        else:
            rows = [s for s in run.of(benchmark, split, "long2short") if method_of(s.checkpoint) == method]
        if rows:
            judged = on_validation(run, rows)
            found[method] = max(rows, key=lambda s: _preference(method, s, judged))
    return found


def on_validation(run: Run, rows: Sequence[Score]) -> dict[str, Score]:
    """The validation scores of these checkpoints; none unless every one of them has one."""
    judged = {s.checkpoint: run.find(s.checkpoint, s.benchmark, "validation") for s in rows}
    found = {name: score for name, score in judged.items() if score is not None}
    return found if len(found) == len(judged) else {}


def _preference(
    method: str, score: Score, judged: Mapping[str, Score]
) -> tuple[bool, int, float, float, bool, str]:
    validation = judged.get(score.checkpoint)
    return (
        score.checkpoint == f"long2short/{method}",
        score.iteration or 0,
        validation.accuracy.value if validation else 0.0,
        -validation.response_tokens_mean if validation else 0.0,
        score.checkpoint == f"long2short/{method}-0.50",
        score.checkpoint,
    )


def label(checkpoint: str) -> str:
    """A checkpoint's name for a chart."""
    method = method_of(checkpoint)
    if method is None:
        return {"sft": "SFT", "long_cot_sft": "long-CoT SFT"}.get(checkpoint, checkpoint)
    if checkpoint == PLAIN_AVERAGE:
        return "merge 0.50, plain average"
    short = {
        "shortest_rejection": "shortest",
        "merge_rejection": "merge + rs",
        "dpo": "DPO",
        "rl": "long2short RL",
    }
    return short.get(method, checkpoint.removeprefix("long2short/").replace("-", " "))
