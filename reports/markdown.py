"""The report as Markdown, from the template `report.md.j2`."""

from reports.build import Report
from reports.html import environment


def render(report: Report) -> str:
    """report.md."""
    env = environment(escape=False)
    env.filters["cell"] = lambda value: str(value).replace("|", "\\|").replace("\n", " ")
    return env.get_template("report.md.j2").render(report=report)
