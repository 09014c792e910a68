"""`python -m evals.lm_eval_tasks FOLDER`: write the task files and print the folder, for `--include_path`."""

import argparse
import sys
from pathlib import Path

from evals.lm_eval_tasks import write_tasks


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser("python -m evals.lm_eval_tasks", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the task files go")
    folder = parser.parse_args().folder
    try:
        names = write_tasks(folder)
    except OSError as error:
        sys.exit(f"The task files cannot be written: {error.strerror}: {error.filename}.")
    print(*names, sep="\n", file=sys.stderr)
    print(folder)


if __name__ == "__main__":
    main()
