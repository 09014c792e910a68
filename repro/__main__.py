"""The `repro` command."""

import sys


def main() -> None:
    """Run the command line; what went wrong is said in one sentence."""
    from repro.cli import app
    from repro.errors import exit_code_of

    try:
        app()
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.", file=sys.stderr)
        raise SystemExit(130) from None
    except Exception as error:
        code = exit_code_of(error)
        if code is None:
            raise
        print(f"repro: {' '.join(str(error).split())}", file=sys.stderr)
        raise SystemExit(code) from None


if __name__ == "__main__":
    main()
