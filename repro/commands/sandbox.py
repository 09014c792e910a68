"""`repro sandbox`: what keeps untrusted programs in here, and the sandbox as a service."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repro.commands.output import Json, print_json, print_table
from repro.errors import InputError, bad_input

if TYPE_CHECKING:
    from verifiers.sandbox import Protections

SHORTEST_TOKEN = 16

sandbox = typer.Typer(
    help="Run untrusted programs: what keeps them in here, and a service for other machines.",
    no_args_is_help=True,
)

TokenFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help=f"Holds the token, {SHORTEST_TOKEN} characters or more; needed where other machines can come.",
    ),
]


@sandbox.command("serve")
def serve(
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="0 takes any free one.")] = 8000,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, max=1024, metavar="N", help="Programs that run at once.", show_default="one per core"
        ),
    ] = None,
    queue: Annotated[
        int, typer.Option(min=0, metavar="N", help="Requests that wait; more are told to come again.")
    ] = 256,
    token_file: TokenFile = None,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Serve even where a protection is missing that is needed.")
    ] = False,
) -> None:
    """Serve sandboxes over HTTP until stopped; the log is JSON lines on standard error."""
    service, server = _service_modules()
    from verifiers.sandbox import LocalSandbox

    token = None if token_file is None else read_token(token_file)
    with bad_input():
        server.check_host(host, token is not None)
    with LocalSandbox(1, unsafe=unsafe) as first:
        about = facts(first.protections)
    bounds = service.Bounds(queue=queue) if workers is None else service.Bounds(workers, queue)
    made = service.Service(lambda: LocalSandbox(1, unsafe=unsafe), bounds, token, about)
    with bad_input():
        server.serve(made, host, port, token is not None)


@sandbox.command("check")
def check(
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Of a service; without it, this machine.")
    ] = None,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Say what keeps programs in and which languages there are; fail where programs would not be run."""
    if url is None:
        from verifiers.sandbox import protections

        found = protections()
        told, refusal = facts(found), found.refusal
    else:
        told, refusal = _facts_of(url, token_file), None
    if as_json:
        print_json(told)
    else:
        _print(told)
    if refusal is not None:
        raise InputError(refusal)


def read_token(path: Path) -> str:
    """The token in a file. Raises `InputError` where it is too short or cannot be sent."""
    with bad_input():
        token = path.read_text("utf-8").strip()
    if len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable():
        raise InputError(
            f"{path} must hold one line of {SHORTEST_TOKEN} or more ASCII characters, such as "
            "`openssl rand -hex 32` makes."
        )
    return token


def facts(found: "Protections") -> dict[str, Any]:
    """The protections and toolchains of this machine, as `check --json` and a service's health have them."""
    from verifiers.sandbox import toolchains

    return {
        "protections": [
            {"layer": one.layer, "active": one.active, "needed": one.needed, "reason": one.reason}
            for one in found.layers
        ],
        "toolchains": [
            {
                "language": one.language,
                "here": one.is_here,
                "version": one.version,
                "missing": list(one.missing),
                "get": one.get,
            }
            for one in toolchains()
        ],
    }


def _facts_of(url: str, token_file: Path | None) -> dict[str, Any]:
    from verifiers.sandbox.client import TOKEN_VARIABLE, RemoteSandbox

    token = None if token_file is None else read_token(token_file)
    with bad_input(), RemoteSandbox(url, token) as remote:
        told = remote.health()
    if not {"protections", "toolchains"} <= told.keys():
        raise InputError(
            f"The service at {url} tells more only with its token: give --token-file or set {TOKEN_VARIABLE}."
        )
    return told


def _print(told: Mapping[str, Any]) -> None:
    marks = {True: "yes", False: "no"}
    rows = [
        (one["layer"].replace("_", " "), marks[one["active"]], marks[one["needed"]], one["reason"])
        for one in told["protections"]
    ]
    columns = [("layer", "name"), ("active", "left"), ("needed", "left"), ("why not", "left")]
    print_table("Protections", columns, rows)
    languages = [
        (one["language"], one["version"] if one["here"] else f"no {', '.join(one['missing'])}: {one['get']}")
        for one in told["toolchains"]
    ]
    print_table("Languages", [("language", "name"), ("toolchain", "left")], languages)
    if "workers" in told:
        print(
            f"Version {told['version']}: {told['running']} of {told['workers']} workers run, "
            f"{told['queued']} of {told['queue']} places in the queue are taken."
        )


def _service_modules() -> tuple[Any, Any]:
    try:
        from verifiers.sandbox import service, service_server
    except ModuleNotFoundError as error:
        raise InputError(
            f"This command needs {error.name}, which is not installed: pip install 'k15-repro[service]'."
        ) from error
    return service, service_server
