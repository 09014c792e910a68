"""One run directory to one `Report`, and the report to its three files. Equal input gives equal bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from evals.files import atomic_write_text
from evals.types import Score
from reports.charts import Figure
from reports.checks import notes, warnings
from reports.claims import ClaimResult, Outcome, measure_all
from reports.figures import all_figures
from reports.lineage import Lineage, lineage
from reports.names import BEST_SHORT_MARGIN, KeyScores, key_scores, main_benchmark, main_split
from reports.public import public_caveats, public_tables
from reports.run import Run, load
from reports.samples import SampleView, pick
from reports.self_check import self_check_table, self_check_warnings
from reports.tables import (
    Shares,
    Table,
    breakdown_table,
    curation_tables,
    published_tables,
    score_tables,
    shares,
    shares_table,
    steps_table,
    timings_table,
)
from reports.text import EMPTY, count, listed, percent, percent_interval, plural, signed, with_sign

HELD_OUT = {"test": "held-out problem", "validation": "validation problem"}


@dataclass(frozen=True, slots=True)
class Headline:
    """One key checkpoint in large figures."""

    label: str
    checkpoint: str
    accuracy: str
    interval: str
    tokens: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report says, in the order in which it says it."""

    title: str
    recipe: str
    seeds: tuple[int, ...]
    summary: str
    headlines: tuple[Headline, ...]
    short_note: str
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...]
    claims: tuple[ClaimResult, ...]
    steps: Table | None
    scores: tuple[Table, ...]
    lineage: Lineage
    figures: tuple[Figure, ...]
    breakdown: Table | None
    self_check: Table | None
    public: tuple[Table, ...]
    public_caveats: tuple[str, ...]
    published: tuple[Table, ...]
    curation: tuple[Table, ...]
    training_facts: tuple[tuple[str, str], ...]
    shares: tuple[Shares, ...]
    status: Table | None
    samples: tuple[SampleView, ...]
    timings: Table | None
    provenance: tuple[tuple[str, str], ...]
    packages: tuple[tuple[str, str], ...]
    recipe_values: Mapping[str, Any]
    raw_scores: tuple[Score, ...]

    def figure(self, name: str) -> Figure | None:
        """The figure with this id."""
        return next((f for f in self.figures if f.id == name), None)


def build(run_dir: Path | str, timings: bool = True) -> Report:
    """Read a run directory and work out its report.

    With `timings=False` nothing that depends on the clock is in it, so that equal runs give equal reports.
    Raises `ReportError` with one sentence when the directory or its recipe's rules cannot be used.
    """
    run = load(run_dir)
    split = main_split(run)
    benchmark = main_benchmark(run, split)
    keys = key_scores(run, benchmark, split) if benchmark else KeyScores()
    claims = measure_all(run)
    status = shares(run, benchmark, split) if benchmark else ()
    seeds = f", seed {listed([str(s) for s in run.seeds])}" if run.seeds else ""
    return Report(
        title=f"Kimi k1.5 reproduction: {run.name}{seeds}",
        recipe=run.name,
        seeds=run.seeds,
        summary=summary(keys, claims),
        headlines=tuple(_headline(label, score) for label, score in keys.named()),
        short_note=short_note(keys),
        warnings=(*self_check_warnings(run), *warnings(run)),
        notes=notes(run),
        missing=run.missing,
        claims=claims,
        steps=steps_table(run, keys),
        scores=score_tables(run, benchmark, split) if benchmark else (),
        lineage=lineage(run, benchmark, split),
        figures=all_figures(run, benchmark or "", split),
        breakdown=breakdown_table(keys),
        self_check=self_check_table(run),
        public=public_tables(run),
        public_caveats=public_caveats(run),
        published=published_tables(run),
        curation=curation_tables(run),
        training_facts=training_facts(run),
        shares=status,
        status=shares_table(status, benchmark or "", split),
        samples=pick(run, keys),
        timings=timings_table(run) if timings else None,
        provenance=provenance(run),
        packages=tuple(sorted((str(k), str(v)) for k, v in (run.environment.get("packages") or {}).items())),
        recipe_values=run.recipe,
        raw_scores=run.scores,
    )


def write(run_dir: Path | str, timings: bool = True) -> Path:
    """Write report.html, report.md and report.json into the run directory; return the HTML's path.

    Each file is written aside and renamed, so a reader never sees half a report.
    """
    from reports import html, json_report, markdown

    root = Path(run_dir)
    report = build(root, timings)
    atomic_write_text(root / "report.json", json_report.render(report))
    atomic_write_text(root / "report.md", markdown.render(report))
    atomic_write_text(root / "report.html", html.render(report))
    return root / "report.html"


def summary(keys: KeyScores, claims: tuple[ClaimResult, ...]) -> str:
    """What the run shows, in one paragraph."""
    parts = []
    trained = [(label, s) for label, s in keys.named() if s is not keys.short]
    if trained:
        score = trained[0][1]
        steps = [f"{with_sign(s.accuracy.value)} after {label}" for label, s in trained]
        path = f"accuracy is {steps[0]}" if len(steps) == 1 else f"accuracy goes from {' to '.join(steps)}"
        tokens = listed([count(s.response_tokens_mean) for _, s in trained])
        parts.append(
            f"On {plural(score.problems, HELD_OUT.get(score.split, 'problem'))} of {score.benchmark}, "
            f"{plural(score.samples_per_problem, 'sample')} each, {path}, at {tokens} mean response tokens."
        )
    else:
        parts.append("No checkpoint has been scored yet.")
    if keys.short is not None and keys.rl is not None:
        saved = 1 - keys.short.response_tokens_mean / keys.rl.response_tokens_mean
        gap = keys.short.accuracy.value - keys.rl.accuracy.value
        parts.append(
            f"The best long2short model, {keys.short.checkpoint}, reaches "
            f"{with_sign(keys.short.accuracy.value)} with {count(keys.short.response_tokens_mean)} tokens: "
            f"{signed(100 * gap)} points and {with_sign(abs(saved), 0)} "
            f"{'fewer' if saved >= 0 else 'more'} tokens than RL."
        )
    tally = {v: [c.id for c in claims if c.verdict == v] for v in get_args(Outcome)}
    unmeasured = tally.pop("not measured")
    words = [f"{listed(ids)} {verdict}" for verdict, ids in tally.items() if ids]
    if words:
        rest = f"; {len(unmeasured)} were not measured" if unmeasured else ""
        parts.append(f"Of the paper's {len(claims)} claims: {', '.join(words)}{rest}.")
    else:
        parts.append("None of the paper's claims was measured.")
    return " ".join(parts)


def short_note(keys: KeyScores) -> str:
    """How the best long2short model was chosen; empty where there is none."""
    if keys.short is None:
        return ""
    rule = (
        f"The best long2short model is the shortest within {100 * BEST_SHORT_MARGIN:.0f} points of RL (the most "
        "accurate where none is), chosen on the"
    )
    if keys.short_chosen_on != keys.short.split:
        return f"{rule} {keys.short_chosen_on} split, where all of them were scored."
    why = "" if keys.short.split == "validation" else ", because not all were scored on the validation split"
    return f"{rule} same {keys.short.split} split as its figures{why}: they flatter it."


def training_facts(run: Run) -> tuple[tuple[str, str], ...]:
    """What RL training did as a whole: groups with equal rewards, log-ratios, gaps, statuses."""
    rows = run.rl_metrics
    if not rows:
        return ()
    groups = sum(r.get("groups") or 0 for r in rows)
    equal = sum(r.get("zero_variance_groups") or 0 for r in rows)
    facts = [("iterations", count(len(rows)))]
    if groups:
        facts.append(("groups without reward variance", f"{with_sign(equal / groups)} of {count(groups)}"))
    pending = rows[-1].get("groups_pending")
    if pending is not None and (pending or (run.recipe.get("rl") or {}).get("segment_tokens")):
        after = f"after iteration {rows[-1].get('iteration')}"
        over = "rl" in run.finished
        facts.append(
            (
                f"groups still pending {'after the last iteration, discarded' if over else after}",
                count(pending),
            )
        )
    for label, key in (
        ("largest mean gap of sampler to trainer, nats per token", "sampler_gap_mean"),
        ("largest gap on one token", "sampler_gap_max"),
        ("largest canary gap", "canary_gap"),
        (
            "largest mean |log-ratio| at the last minibatch, before its step, nats per response",
            "log_ratio_abs_mean",
        ),
    ):
        values = [r[key] for r in rows if isinstance(r.get(key), int | float)]
        if values:
            facts.append((label, f"{max(values):.3g}"))
    weights = [r.get("length_penalty_weight") or 0.0 for r in rows]
    on = [r.get("iteration") for r, w in zip(rows, weights, strict=True) if w]
    facts.append(("length penalty", f"on from iteration {on[0]}, weight {max(weights):g}" if on else "off"))
    normalised = any(r.get("length_normalised") for r in rows)
    facts.append(
        (
            "log-ratio",
            "divided by length (length_normalised)" if normalised else "sum over tokens, as the paper",
        )
    )
    last = rows[-1].get("status_shares") or {}
    if last:
        shown = ", ".join(f"{k.replace('_', ' ')} {with_sign(v)}" for k, v in sorted(last.items()) if v)
        facts.append(("verdicts in the last iteration", shown))
    return tuple(facts)


def provenance(run: Run) -> tuple[tuple[str, str], ...]:
    """Where the run comes from and how to make it again."""
    env = run.environment
    machine = env.get("machine") or {}
    revision = env.get("revision")
    data = sorted({(s.benchmark, s.split, s.data_digest) for s in run.scores})
    rows = [
        ("command", str(env.get("command") or EMPTY)),
        ("recipe", run.name),
        ("recipe digest", str(env.get("recipe_digest") or EMPTY)),
        *(
            [("base model", f"{base['path']}, {base['weights_digest']}")]
            if (base := env.get("base_model"))
            else []
        ),
        ("training seeds", listed([str(s) for s in run.seeds]) if run.seeds else EMPTY),
        ("evaluation seeds", listed(sorted({str(s.seed) for s in run.scores})) if run.scores else EMPTY),
        (
            "revision",
            f"{revision or EMPTY}{' with uncommitted changes' if env.get('revision_dirty') else ''}",
        ),
        ("python", str(env.get("python") or EMPTY)),
        ("machine", _machine(machine)),
    ]
    rows += [(f"data of {benchmark}, {split}", digest) for benchmark, split, digest in data]
    return tuple(rows)


def _machine(machine: Mapping[str, Any]) -> str:
    parts = []
    if machine.get("processor"):
        parts.append(str(machine["processor"]))
    if machine.get("cores") is not None:
        parts.append(plural(int(machine["cores"]), "core"))
    if machine.get("memory_gib") is not None:
        parts.append(f"{machine['memory_gib']:g} GiB")
    parts.append(str(machine.get("accelerator") or "no accelerator"))
    return ", ".join(parts) if machine else EMPTY


def _headline(label: str, score: Score) -> Headline:
    return Headline(
        label,
        score.checkpoint,
        percent(score.accuracy.value),
        percent_interval(score.accuracy).partition(" ")[2],
        count(score.response_tokens_mean),
    )
