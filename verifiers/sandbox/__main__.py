"""What protects this machine from untrusted programs, and which languages it has: `python -m verifiers.sandbox`.

    python -m verifiers.sandbox [--json]

Exits with 1 where the sandbox would refuse to run.
"""

import argparse
import json
import sys
from dataclasses import asdict

from verifiers.sandbox.detect import Protections, protections
from verifiers.sandbox.errors import SandboxUnavailable
from verifiers.sandbox.languages import Toolchain, toolchains


def main() -> int:
    """Print it; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m verifiers.sandbox",
        description="Try every protection of the sandbox, and look for the tools of every language.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    try:
        found = protections()
    except SandboxUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    tools = toolchains()
    if arguments.json:
        print(json.dumps(as_json(found, tools), indent=2))
    else:
        print(as_text(found, tools))
    return 0 if found.refusal is None else 1


def as_json(found: Protections, tools: tuple[Toolchain, ...]) -> dict[str, object]:
    """Everything that was found."""
    return {
        "refusal": found.refusal,
        "protections": [{**asdict(layer), "needed": layer.needed} for layer in found.layers],
        "languages": [
            {"language": one.language, "version": one.version, "missing": one.missing, "get": one.get}
            for one in tools
        ],
    }


def as_text(found: Protections, tools: tuple[Toolchain, ...]) -> str:
    """Two tables, and what follows from them."""
    rows = [("protection", "", "")]
    for layer in found.layers:
        state = "active" if layer.active else "MISSING" if layer.needed else "missing"
        rows.append((layer.layer, state, layer.reason))
    rows += [("", "", ""), ("language", "", "")]
    for one in tools:
        state, reason = (one.version, "") if one.is_here else ("missing", one.get)
        rows.append((one.language, state, reason))
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = [f"{name:{first}}  {state:{second}}  {reason}".rstrip() for name, state, reason in rows]
    return "\n".join([*lines, "", found.refusal or "Untrusted programs can be run."])


if __name__ == "__main__":
    sys.exit(main())
