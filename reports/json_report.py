"""The report as data: every table as text and every score in full; the drawings are left out."""

import json
from dataclasses import asdict
from typing import Any

from reports.build import Report


def render(report: Report) -> str:
    """report.json: sorted keys, two spaces, a line end at the end."""
    data = asdict(report)
    _strip(data)
    return json.dumps(data, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=1, default=str) + "\n"


def _strip(node: Any) -> None:
    """Take the SVGs out."""
    if isinstance(node, dict):
        node.pop("svg", None)
        for value in node.values():
            _strip(value)
    elif isinstance(node, list | tuple):
        for value in node:
            _strip(value)
