"""Tests written in the program's own language that run in the program's own process.

Those that can be read as calls, MultiPL-E's among them, are judged from outside instead (`verifiers/code/outside.py`);
here are all others. The tests are source that is appended to the program, or in Java and C# put into its class. The
program is a whole one, or the beginning of a function or class that the tests close. A `main` of its own is never run.

Exit code 0 is not taken for a pass: behind the tests a secret is printed, made anew for each run, and the last line
of standard output must be it. So a program that ends early, in whatever way, does not pass; nor does one that prints
what it reads, or reads its own source out loud. Assertions are in force in every language, and where the language
lets us, cannot be redefined.

What stays weak: program and tests share a process, so that a program written against these very tests can take
the secret out of its own source or return an object that is equal to anything. Where programs have a
reason to try, use `tests`, whose expected output never enters the sandbox, or tests of a form that can be read. A
verdict on tests that ran here says so: `tests=inside` in its policy.
"""

import re
from dataclasses import dataclass

from verifiers.sandbox.types import Language


@dataclass(frozen=True, slots=True)
class _Frame:
    """What goes around program and tests. `end` matches the end of the tests, before which the secret is printed.

    `program` and `tests` are what is replaced in each; with `in_class` the tests are members of the program's class.
    """

    show: str
    end: re.Pattern[str]
    before: str = ""
    between: str = ""
    after: str = ""
    program: tuple[tuple[re.Pattern[str], str], ...] = ()
    tests: tuple[tuple[str, str], ...] = ()
    in_class: bool = False


_CLOSING = re.compile(r"\s*\}")
_BRACES = re.compile(
    r"""//[^\n]*|/\*.*?(?:\*/|\Z)|\"{3}.*?(?:\"{3}|\Z)|(?:\$@|@\$?)"(?:[^"]|"")*+"?|"(?:\\.|[^"\\\n])*+"?"""
    r"""|'(?:\\.|[^'\\\n])*+'?|\b(?:class|struct|record)\s+(?P<name>\w+)|[{}]""",
    re.DOTALL,
)
"""Braces and names of classes, outside of what is skipped: comments and texts of Java and C#."""
_HEAD = re.compile(r"(?:\s*(?:import|using)\b[^\n]*;)*")
_FROZEN = "Object.freeze(require('assert')); Object.freeze(require('assert').strict);\n"
_ANYWHERE = re.compile(r"\s*\Z")
_FRAMES: dict[Language, _Frame] = {
    # `<cassert>` defines `assert` anew each time it is included, whatever the program made of it.
    "cpp": _Frame(
        'std::cout << std::endl << "{secret}" << std::endl;',
        re.compile(r"(?:return\s+0\s*;\s*)?\}\s*\Z"),
        between="#undef NDEBUG\n#undef assert\n#include <cassert>\n#include <iostream>\n#undef assert\n"
        "#define assert(...) ((__VA_ARGS__) ? (void)0 : __builtin_trap())\n",
        program=((re.compile(r"^([ \t]*(?:int|signed|auto|void)\s+)main(?=\s*\()", re.MULTILINE), r"\1itsOwnMain"),),
    ),
    # Shown only where assertions are switched on.
    "java": _Frame(
        'boolean _asserts = false; assert _asserts = true; if (_asserts) System.out.println("\\n{secret}");',
        re.compile(r"\}\s*\}\s*\Z"),
        # A public class would be the one that is started.
        program=(
            (re.compile(r"(\bvoid\s+)main(?=\s*\()"), r"\1itsOwnMain"),
            (re.compile(r"\bpublic\s+(?=(?:(?:static|final|abstract)\s+)*(?:class|record|interface|enum)\b)"), ""),
        ),
        in_class=True,
    ),
    "javascript": _Frame(
        'console.log("\\n{secret}");',
        _ANYWHERE,
        before=_FROZEN,
        between="{\n",
        after="}\n",
        program=((re.compile(r"^export\s+(?:default\s+)?(?=async\b|function\b|const\b|class\b)", re.MULTILINE), ""),),
    ),
    "typescript": _Frame(
        'console.log("\\n{secret}");',
        _ANYWHERE,
        before="declare var require: any;\n" + _FROZEN,
        between="{\n",
        after="}\n",
        tests=(("declare var require: any;", ""),),
    ),
    "php": _Frame(
        'echo "\\n{secret}\\n";',
        re.compile(r"(?:\?>)?\s*\Z"),
        before="<?php\n",
        program=((re.compile(r"\A\s*<\?(?:php\b)?"), ""), (re.compile(r"\?>\s*\Z"), "")),
    ),
    # In this mode no function of the program's comes before `unset` and `set`, and a backslash keeps aliases off.
    # `inherit_errexit`, which it leaves switched on, would end a `$(...)` at `((i++))` from 0.
    "bash": _Frame(
        "printf '\\n%s\\n' '{secret}'",
        _ANYWHERE,
        between="POSIXLY_CORRECT=1\n\\unset -f printf set unset enable shopt [ test true false eval\n"
        "\\enable set [ test printf shopt\n\\set -e\n\\unset POSIXLY_CORRECT\n\\shopt -u inherit_errexit\n",
    ),
    # `Debug.Assert` does nothing in a release build, and ends nothing in Mono.
    "csharp": _Frame(
        'System.Console.WriteLine("\\n{secret}");',
        re.compile(r"\}\s*\}\s*\Z"),
        after=(
            "\nstatic class OurTests { public static void Assert(bool holds, string why = \"\") "
            "{ if (!holds) throw new System.Exception(\"Assertion failed. \" + why); } }\n"
        ),
        program=((re.compile(r"(\b(?:void|int|Task)\s+)Main(?=\s*\()"), r"\1ItsOwnMain"),),
        tests=(("Debug.Assert(", "OurTests.Assert("),),
        in_class=True,
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
    for old, new in frame.tests:
        tests = tests.replace(old, new)
    program, rest = prepared(program, language)
    end = frame.end.search(tests)
    assert end is not None
    # Where the program is the start of a function, the tests begin by closing it.
    closing = _CLOSING.match(tests)
    start = closing.end() if closing else 0
    shown = f"\n{frame.show.replace('{secret}', secret)}\n"
    return "".join(
        (frame.before, program, "\n", tests[:start], "\n", frame.between, tests[start : end.start()],
         shown, tests[end.start() :], rest, frame.after)
    )  # fmt: skip


def prepared(program: str, language: Language) -> tuple[str, str]:
    """The program as tests can follow it, and what follows on them: in Java and C#, what stands behind its class."""
    frame = _FRAMES[language]
    for pattern, put in frame.program:
        program = pattern.sub(put, program)
    return _opened(program) if frame.in_class else (program, "")


def _opened(program: str) -> tuple[str, str]:
    """A Java or C# program up to the end of its class, which the tests close in its place, and what follows on that.

    Functions without a class get one. A program that does not close what it opens is left as it is.
    """
    ends: dict[str, int] = {}
    open_classes: list[str] = []
    coming = ""
    for found in _BRACES.finditer(program):
        if found["name"]:
            coming = found["name"]
        elif found[0] == "{":
            open_classes.append(coming)
            coming = ""
        elif found[0] == "}" and open_classes and (name := open_classes.pop()):
            ends[name] = found.start()
    if open_classes:
        return program, ""
    if not ends:
        head = _HEAD.match(program)
        assert head is not None  # it may be empty
        return f"{head[0]}class Problem {{\n{program[head.end() :]}", ""
    end = ends.get("Problem", max(ends.values()))
    return program[:end], program[end + 1 :]


def ran_to_the_end(stdout: bytes, secret: str) -> bool:
    """Whether the last line of the output is the secret."""
    return stdout.rstrip().rpartition(b"\n")[2].strip() == secret.encode()
