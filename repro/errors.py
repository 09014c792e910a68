"""Which errors are the user's to mend (exit code 2) or the run's (1), and which are bugs (a traceback)."""

from collections.abc import Iterator
from contextlib import contextmanager

FAILED, USAGE, STOPPED = 1, 2, 130

CODES = {
    "repro.errors.InputError": USAGE,
    "repro.shipped.RecipeError": USAGE,
    "repro.run_dir.RunDirError": USAGE,
    "reports.run.ReportError": USAGE,
    "training.checkpoint.CheckpointError": USAGE,
    "training.errors.StageError": USAGE,
    "training.preflight.PreflightError": USAGE,
    "training.engine.canary.HandOverError": FAILED,
    "evals.lm_eval_results.LmEvalError": USAGE,
    "evals.generations.GenerationsError": USAGE,
    "evals.model.ModelError": FAILED,
    "verifiers.sandbox.errors.SandboxUnavailable": USAGE,
    "evals.testcases.errors.MissingPackage": USAGE,
    "evals.testcases.errors.SandboxFailed": FAILED,
}
"""Exit codes by the name of the class, so that a quick command need not import what it never raises."""

TRAIN_PACKAGES = ("torch", "transformers", "tokenizers", "safetensors")


class InputError(ValueError):
    """What the user gave cannot be used; the message is one sentence that says why."""


@contextmanager
def bad_input() -> Iterator[None]:
    """Take a `ValueError` of the block for bad input: for calls that raise it for nothing else."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise InputError(f"The input is not UTF-8 text ({error.reason} at byte {error.start}).") from error
    except ValueError as error:
        raise InputError(str(error)) from error


def explain(error: BaseException) -> tuple[int, str] | None:
    """Exit code and sentence for an error that a sentence explains; None for a bug."""
    names = [f"{cls.__module__}.{cls.__qualname__}" for cls in type(error).__mro__]
    code = next((CODES[name] for name in names if name in CODES), None)
    if code is not None:
        return code, _sentence(str(error))
    if isinstance(error, OSError):
        return USAGE, _sentence(_of_system(error))
    if isinstance(error, ImportError) and "k15-repro[instructions]" in str(error):
        return USAGE, _sentence(str(error))
    if isinstance(error, ModuleNotFoundError) and (error.name or "").split(".")[0] in TRAIN_PACKAGES:
        return (
            USAGE,
            f"This command needs {error.name}, which is not installed: pip install 'k15-repro[train]'.",
        )
    if "SafetensorError" in type(error).__name__ and "os error" in str(
        error
    ):  # a full disk, as safetensors says it
        return USAGE, _sentence(f"The weights cannot be written: {error}")
    return None


def _of_system(error: OSError) -> str:
    reason = error.strerror or str(error) or type(error).__name__
    if not error.filename:
        return reason
    return f"{reason} {error.filename}" if reason.endswith("while writing") else f"{error.filename}: {reason}"


def _sentence(text: str) -> str:
    """On one line, with a full stop."""
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."
