"""An append-only JSON-lines log that a resumed run can cut back to what it resumes from."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evals.files import atomic_write_text


class MetricsLog:
    """Rows of metrics in a file; a torn last line (of a killed run) is dropped on opening."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self) -> list[dict[str, Any]]:
        """Every whole row."""
        if not self.path.exists():
            return []
        lines = self.path.read_text().split("\n")
        return [json.loads(line) for line in lines[:-1] if line]  # what follows the last newline is torn

    def keep(self, wanted: Callable[[dict[str, Any]], bool]) -> None:
        """Keep the rows that are wanted, for example those up to the step that a run resumes from."""
        rows = [row for row in self.rows() if wanted(row)]
        atomic_write_text(self.path, "".join(json.dumps(row) + "\n" for row in rows))

    def append(self, row: dict[str, Any]) -> None:
        """Add one row."""
        with self.path.open("a") as stream:
            stream.write(json.dumps(row) + "\n")
