"""What this machine lacks to judge programs, so that a score is refused before it is too low."""

import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from verifiers.sandbox.languages import toolchain
from verifiers.sandbox.types import LANGUAGES, Limits, Program, Sandbox, Stdin


def missing_tools(references: Iterable[Mapping[str, Any]], sandbox: Sandbox | None = None) -> str:
    """What is not here of what programs for `references` need, as one clause; "" where all is.

    For example `mcs, mono not found: install Mono (Debian: mono-mcs mono-runtime)`. A reference needs the toolchain of
    its language, and that its `tools` can be called within the sandbox (None: this process's own). Raises
    `SandboxUnavailable` where that does not start.
    """
    found = list(references)
    needed = {reference.get("language") or "python" for reference in found}
    chains = [toolchain(language) for language in LANGUAGES if language in needed]
    absent = [f"{', '.join(chain.missing)} not found: {chain.get}" for chain in chains if chain.missing]
    tools = sorted({tool for reference in found for tool in reference.get("tools") or ()})
    absent += [f"{tool} not found: install {tool}" for tool in tools if not _is_inside(tool, sandbox)]
    return "; ".join(absent)


def _is_inside(tool: str, sandbox: Sandbox | None) -> bool:
    """Whether programs can call the command. Without Bash to ask, that is what is missing."""
    from verifiers.sandbox import shared

    program = Program(f"command -v {shlex.quote(tool)}", "bash")
    (run,) = (sandbox or shared()).run(program, [Stdin()], Limits())
    return run.ok or run.outcome == "no_toolchain"
