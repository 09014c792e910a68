"""The report as one self-contained HTML file, from the template `report.html.j2`. It loads nothing."""

from importlib.resources import files

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from reports.build import Report
from reports.charts import swatch, theme_css
from reports.text import EMPTY, percent, signed_interval


def environment(escape: bool) -> Environment:
    """Templates of this package; an undefined name is an error."""
    env = Environment(
        loader=PackageLoader("reports"),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters["percent"] = percent
    env.filters["effect"] = lambda claim: EMPTY if claim.effect is None else signed_interval(claim.effect, 2)
    env.filters["slug"] = lambda text: str(text).replace(" ", "-").replace("_", "-").replace("/", "-").lower()
    env.filters["breakable"] = _breakable
    return env


def render(report: Report) -> str:
    """report.html."""
    template = environment(escape=True).get_template("report.html.j2")
    return template.render(
        report=report,
        theme=Markup(theme_css()),
        safe=Markup,
        swatch=swatch,
        css=_file("report.css"),
        js=_file("report.js"),
        sections=sections(report),
        filters=filters(report),
        recipe_text=yaml.safe_dump(dict(report.recipe_values), sort_keys=True, allow_unicode=True),
    )


def sections(report: Report) -> tuple[tuple[str, str], ...]:
    """(anchor, name) of the sections that this report has, for its table of contents."""
    there = (
        ("self-check", "Harness self-check", report.self_check),
        ("claims", "Claims", True),
        ("scores", "Scores", report.scores),
        ("lineage", "Lineage", report.lineage.nodes),
        ("rl", "Accuracy and length", report.figure("growth") or report.figure("length")),
        ("long2short", "Long2short", report.figure("efficiency")),
        ("breakdown", "Families and levels", report.breakdown),
        ("public", "Public benchmarks", report.public or report.public_caveats),
        ("published", "Published tables", True),
        ("curation", "Prompt curation", report.curation),
        ("training", "Training", report.training_facts or report.figure("losses")),
        ("verdicts", "Verdicts", report.status),
        ("samples", "Samples", report.samples),
        ("time", "Time and throughput", report.timings),
        ("provenance", "Provenance", True),
    )
    return tuple((anchor, name) for anchor, name, has in there if has)


def filters(report: Report) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    """(attribute, label, choices) of the sample browser's filters."""
    samples = report.samples
    checkpoints = dict.fromkeys((s.checkpoint, f"{s.stage} ({s.checkpoint})") for s in samples)
    families = dict.fromkeys((s.family, s.family or "none") for s in samples)
    statuses = dict.fromkeys((s.status, s.status.replace("_", " ")) for s in samples)
    return (
        ("checkpoint", "Checkpoint", tuple(checkpoints)),
        ("family", "Family", tuple(sorted(families))),
        ("status", "Verdict", tuple(sorted(statuses))),
    )


def _breakable(text: str) -> Markup:
    """A checkpoint's id that may be broken after `/` and `_`."""
    return Markup(str(escape(text)).replace("/", "/<wbr>").replace("_", "_<wbr>"))


def _file(name: str) -> str:
    return files("reports").joinpath("templates", name).read_text("utf-8").strip()
