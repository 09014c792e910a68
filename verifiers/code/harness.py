"""Tests written in the program's own language, which run in the program's own process (HumanEval-Mul, MultiPL-E).

The tests are source that is appended to the program. Exit code 0 is not taken for a pass: behind the tests a
secret is printed, made anew for each run, and the last line of standard output must be it. So a program that
ends early, in whatever way, does not pass; nor does one that prints what it reads, or reads its own source
out loud. Assertions are in force in every language, and where the language lets us, cannot be redefined.

What stays weak: program and tests share a process, so that a program written against these very tests can take
the secret out of its own source or return an object that is equal to anything. Where programs have a
reason to try, use `tests`, whose expected output never enters the sandbox.
"""

import re
from dataclasses import dataclass

from verifiers.sandbox.types import Language


@dataclass(frozen=True, slots=True)
class _Frame:
    """What goes around program and tests. `end` matches the end of the tests, before which the secret is printed."""

    show: str
    end: re.Pattern[str]
    before: str = ""
    between: str = ""
    after: str = ""
    replaced: tuple[tuple[str, str], ...] = ()


_CLOSING = re.compile(r"\s*\}")
_FROZEN = "Object.freeze(require('assert')); Object.freeze(require('assert').strict);\n"
_ANYWHERE = re.compile(r"\s*\Z")
_FRAMES: dict[Language, _Frame] = {
    # `<cassert>` defines `assert` anew each time it is included, whatever the program made of it.
    "cpp": _Frame(
        'std::cout << std::endl << "{secret}" << std::endl;',
        re.compile(r"(?:return\s+0\s*;\s*)?\}\s*\Z"),
        between="#undef NDEBUG\n#undef assert\n#include <cassert>\n#include <iostream>\n#undef assert\n"
        "#define assert(...) ((__VA_ARGS__) ? (void)0 : __builtin_trap())\n",
    ),
    # Shown only where assertions are switched on.
    "java": _Frame(
        'boolean _asserts = false; assert _asserts = true; if (_asserts) System.out.println("\\n{secret}");',
        re.compile(r"\}\s*\}\s*\Z"),
    ),
    "javascript": _Frame(
        'console.log("\\n{secret}");',
        _ANYWHERE,
        before=_FROZEN,
    ),
    "typescript": _Frame(
        'console.log("\\n{secret}");',
        _ANYWHERE,
        before="declare var require: any;\n" + _FROZEN,
    ),
    "php": _Frame('echo "\\n{secret}\\n";', re.compile(r"(?:\?>)?\s*\Z")),
    # In this mode no function of the program's comes before `unset` and `set`, and a backslash keeps aliases off.
    "bash": _Frame(
        "printf '\\n%s\\n' '{secret}'",
        _ANYWHERE,
        between="POSIXLY_CORRECT=1\n\\unset -f printf set unset enable [ test true false eval\n"
        "\\enable set [ test printf\n\\set -e\n\\unset POSIXLY_CORRECT\n",
    ),
    # `Debug.Assert` does nothing in a release build, and ends nothing in Mono.
    "csharp": _Frame(
        'System.Console.WriteLine("\\n{secret}");',
        re.compile(r"\}\s*\}\s*\Z"),
        after=(
            "\nstatic class OurTests { public static void Assert(bool holds, string why = \"\") "
            "{ if (!holds) throw new System.Exception(\"Assertion failed. \" + why); } }\n"
        ),
        replaced=(("Debug.Assert(", "OurTests.Assert("),),
    ),
}  # fmt: skip


def check(tests: str, language: Language) -> None:
    """Raise `ValueError` where the end of the tests cannot be told."""
    frame = _FRAMES.get(language)
    if frame is not None and not frame.end.search(tests):
        raise ValueError(
            f"`harness` of the code reference must end as a {language} program does, with its `main`."
        )


def assembled(program: str, tests: str, language: Language, secret: str) -> str:
    """One source of program and tests, whose last line of output is `secret` where the tests ran to their end."""
    frame = _FRAMES[language]
    for old, new in frame.replaced:
        tests = tests.replace(old, new)
    end = frame.end.search(tests)
    assert end is not None
    # Where the program is the start of a function, the tests begin by closing it.
    closing = _CLOSING.match(tests)
    start = closing.end() if closing else 0
    shown = f"\n{frame.show.replace('{secret}', secret)}\n"
    return "".join(
        (frame.before, program, "\n", tests[:start], "\n", frame.between, tests[start : end.start()],
         shown, tests[end.start() :], frame.after)
    )  # fmt: skip


def ran_to_the_end(stdout: bytes, secret: str) -> bool:
    """Whether the last line of the output is the secret."""
    return stdout.rstrip().rpartition(b"\n")[2].strip() == secret.encode()
