"""The eight languages: each runs, fails to compile, fails, and meets its limits as it should."""

import shutil
import time

import pytest
from sandbox_runs import SMALL, run

from verifiers.sandbox import LANGUAGES, Program, Stdin, languages, toolchains
from verifiers.sandbox.java import JavaNames, java_names
from verifiers.sandbox.typescript import CHECKED

TWICE = {
    "python": "print(int(input()) * 2)",
    "cpp": "#include <iostream>\nint main() { long n; std::cin >> n; std::cout << n * 2 << std::endl; }",
    "java": "import java.util.*;\npublic class Twice {\n  public static void main(String[] a) {\n"
            "    System.out.println(new Scanner(System.in).nextLong() * 2);\n  }\n}",
    "javascript": "console.log(2 * Number(require('fs').readFileSync(0, 'utf8')))",
    "typescript": "declare var require: any;\nconst n: number = Number(require('fs').readFileSync(0, 'utf8'));\n"
                  "console.log([n].map((x: number) => x * 2).join(''))",
    "php": "<?php echo 2 * intval(fgets(STDIN)), \"\\n\";",
    "bash": "read n; echo $((n * 2)) | cat",
    "csharp": "using System; using System.Collections.Generic; using System.Linq;\nclass P { static void Main() {\n"
              "  var n = long.Parse(Console.ReadLine());\n"
              "  Console.WriteLine(new List<long> { n }.Select(x => x * 2).Sum()); } }",
}  # fmt: skip
BROKEN = {
    "cpp": "int main() { return undefined; }",
    "java": "class Main { public static void main(String[] a) { undefined(); } }",
    "typescript": "const n: number = ;",
    "csharp": "class P { static void Main() { undefined(); } }",
}
FAILING = {
    "python": ("import sys; print('no', file=sys.stderr); sys.exit(3)", 3),
    "cpp": ('#include <cstdio>\nint main() { fputs("no", stderr); return 3; }', 3),
    "java": (
        'class Main { public static void main(String[] a) { System.err.print("no"); System.exit(3); } }',
        3,
    ),
    "javascript": ("console.error('no'); process.exit(3)", 3),
    "typescript": ("declare var process: any; console.error('no'); process.exit(3)", 3),
    "php": ("<?php fwrite(STDERR, 'no'); exit(3);", 3),
    "bash": ("echo no >&2; exit 3", 3),
    "csharp": ('class P { static int Main() { System.Console.Error.Write("no"); return 3; } }', 3),
}
THROWING = {
    "python": "raise ValueError('no')",
    "cpp": '#include <stdexcept>\nint main() { throw std::runtime_error("no"); }',
    "java": 'class Main { public static void main(String[] a) { throw new RuntimeException("no"); } }',
    "javascript": "throw new Error('no')",
    "typescript": "throw new Error('no')",
    "php": "<?php throw new Exception('no');",
    "bash": "no-such-command",
    "csharp": 'class P { static void Main() { throw new System.Exception("no"); } }',
}
ENDLESS = {
    "python": "while True: pass",
    "cpp": "int main() { volatile long n = 0; while (true) n = n + 1; }",
    "java": "class Main { public static void main(String[] a) { while (true); } }",
    "javascript": "while (true);",
    "typescript": "while (true);",
    "php": "<?php while (true);",
    "bash": "while true; do :; done",
    "csharp": "class P { static void Main() { while (true); } }",
}
HOARDING = {
    "python": "a = []\nwhile True: a.append(bytearray(1 << 20))",
    "cpp": "#include <cstring>\nint main() { while (true) memset(new char[1 << 20], 1, 1 << 20); }",
    "java": "import java.util.*;\nclass Main { public static void main(String[] a) { var b = new ArrayList<byte[]>();"
            " while (true) b.add(new byte[1 << 20]); } }",
    "javascript": "const a = []; while (true) a.push(new Array(1 << 16).fill(a.length))",
    "typescript": "const a: number[][] = []; while (true) a.push(new Array(1 << 16).fill(a.length))",
    "php": "<?php $a = []; while (true) $a[] = str_repeat('x', 1 << 20);",
    "bash": "a=xxxxxxxx; while true; do a=$a$a; done",
    "csharp": "using System.Collections.Generic;\nclass P { static void Main() { var a = new List<byte[]>();\n"
              "  while (true) { var b = new byte[1 << 20]; for (int i = 0; i < 1 << 20; i++) b[i] = 1; a.Add(b); } } }",
}  # fmt: skip
DEEP = {
    "cpp": "int f(volatile int n) { return n ? 1 + f(n - 1) : 0; }\nint main() { return f(500000) != 500000; }",
    "java": "class Main { static int f(int n) { return n > 0 ? 1 + f(n - 1) : 0; }\n"
            "  public static void main(String[] a) { System.exit(f(100000) == 100000 ? 0 : 1); } }",
}  # fmt: skip

HERE = {tools.language for tools in toolchains() if tools.is_here}
MISSING = {tools.language: f"{', '.join(tools.missing)} not found: {tools.get}" for tools in toolchains()}


def each(programs):
    """Parameters: those languages whose tools are here, the others skipped with what is missing."""
    return pytest.mark.parametrize("language", [
        pytest.param(name, marks=[] if name in HERE else pytest.mark.skip(reason=MISSING[name])) for name in programs
    ])  # fmt: skip


@each(LANGUAGES)
def test_a_program_runs(sandbox, language):
    inputs = [Stdin(b"%d\n" % number) for number in (21, 4, -1)]
    executions = list(sandbox.run(Program(TWICE[language], language), inputs, SMALL))
    assert [execution.stdout for execution in executions] == [b"42\n", b"8\n", b"-2\n"], executions
    assert all(execution.ok for execution in executions)


@each(BROKEN)
def test_a_program_that_does_not_compile_says_so_for_every_input(sandbox, language):
    executions = list(sandbox.run(Program(BROKEN[language], language), [Stdin()] * 3, SMALL))
    assert [execution.outcome for execution in executions] == ["not_compiled"] * 3
    assert executions[0].reason.startswith("It does not compile: ")
    assert b"error" in executions[0].stdout + executions[0].stderr
    assert not executions[0].ok


@each(LANGUAGES)
def test_an_exit_code_is_the_programs(sandbox, language):
    source, code = FAILING[language]
    execution = run(sandbox, source, language=language)
    assert (execution.outcome, execution.exit_code) == ("exited", code), execution
    assert execution.stderr.strip() == b"no"


@each(LANGUAGES)
def test_an_uncaught_error_is_a_failure(sandbox, language):
    execution = run(sandbox, THROWING[language], language=language)
    assert execution.outcome in ("exited", "signalled"), execution
    assert not execution.ok
    assert b"no" in execution.stderr


@each(LANGUAGES)
def test_processor_time_is_bounded(sandbox, language):
    execution = run(sandbox, ENDLESS[language], language=language, cpu_seconds=0.6)
    assert execution.limit == "cpu", execution


@each(LANGUAGES)
def test_memory_is_bounded(sandbox, language):
    execution = run(sandbox, HOARDING[language], language=language, memory_bytes=1 << 26, cpu_seconds=9)
    assert execution.limit == "memory", execution


@each(DEEP)
def test_recursion_may_be_deep(sandbox, language):
    execution = run(sandbox, DEEP[language], language=language)
    assert execution.ok, execution


@each(["cpp"])
def test_a_program_is_compiled_once_and_cannot_be_changed_by_a_run(sandbox, language):
    source = """
#include <cstdio>
#include <sys/stat.h>
int main(int, char **argv) {
    bool open = fopen(argv[0], "r+") || fopen("/program/more", "w") || !remove(argv[0]) || !chmod(argv[0], 0777);
    struct stat status;
    stat(argv[0], &status);
    printf("%d %ld.%ld\\n", open, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}"""
    started = time.monotonic()
    executions = list(sandbox.run(Program(source, language), [Stdin()] * 20, SMALL))
    assert time.monotonic() - started < 10
    assert len({execution.stdout for execution in executions}) == 1
    assert executions[0].stdout.startswith(b"0 ")


@each(["cpp"])
def test_the_next_program_does_not_see_what_the_last_was_compiled_to(sandbox, language):
    for _ in range(2):  # both servers
        assert run(sandbox, "int main() {}", language=language).ok
        assert run(sandbox, "import os; print(os.listdir('/program'))").stdout == b"[]\n"


@each(["cpp"])
def test_a_compiler_is_bounded_too(sandbox, language, monkeypatch):
    from dataclasses import replace

    from verifiers.sandbox import session

    monkeypatch.setattr(session, "BUILD_LIMITS", replace(session.BUILD_LIMITS, cpu_seconds=0.2))
    endless = "template <int n> struct A { static constexpr long v = A<n - 1>::v + A<n - 2 + n % 2>::v; };\n" \
              "#include <bits/stdc++.h>\n#include <regex>\nint main() { std::regex r(\"a*\"); }"  # fmt: skip
    execution = run(sandbox, endless, language=language)
    assert (execution.outcome, execution.limit) == ("not_compiled", "cpu")


@each(["cpp"])
def test_files_may_not_be_included_from_the_host(sandbox, language):
    execution = run(sandbox, '#include "/etc/passwd"\nint main() {}', language=language)
    assert execution.outcome == "not_compiled"
    assert b"No such file" in execution.stderr


def test_a_missing_toolchain_is_no_failure_of_the_program(sandbox, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    languages._find.cache_clear()
    try:
        executions = list(sandbox.run(Program("", "cpp"), [Stdin()] * 2, SMALL))
    finally:
        languages._find.cache_clear()
    assert [execution.outcome for execution in executions] == ["no_toolchain"] * 2
    assert executions[0].reason == "g++ not found: install a C++ compiler (Debian: g++)."


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("public class A { }", "A"),
        ("class B { } public final class A { public static void main(String[] a) { } }", "A"),
        ("class B { }\nclass A { static int n; public static void main(String... a) { } }\nclass C { }", "A"),
        ("// public class Wrong\nclass Right { public static void main(String[] a) { } }", "Right"),
        ("", "Main"),
    ],
)
def test_the_class_to_start(source, name):
    assert java_names(source) == JavaNames(name, name)


@pytest.mark.parametrize(
    ("source", "file", "start"),
    [
        ("package a.b;\npublic class C { public static void main(String[] a) { } }", "C", "a.b.C"),
        ("package a;\nclass C { public static void main(String[] a) { } }", "C", "a.C"),
        ("public class A { int n; }\nclass B { public static void main(String[] a) { } }", "A", "B"),
        ("class A { static class B { public static void main(String[] a) { } } }", "A", "A$B"),
        ('class A { String s = """\nclass B { \\"""; } void main( """; void main() { } }', "A", "A"),
        (f"public class {'a' * 300} {{ }}", "Main", "Main"),
        ('"""' + "\\" * 61, "Main", "Main"),
    ],
)
def test_the_file_and_the_class_to_start(source, file, start):
    assert java_names(source) == JavaNames(file, start)


def test_a_java_program_with_a_package_runs(sandbox):
    source = TWICE["java"].replace("import", "package shop.orders;\nimport", 1)
    assert run(sandbox, source, b"4\n", language="java").stdout == b"8\n"


JAVA_PIECES = (
    "\\",
    "/* ",
    "public ",
    '"',
    '"""',
    '\\"""',
    "'",
    "class ",
    "class A { void main(",
    "{",
    "a.",
    "package ",
)


@pytest.mark.parametrize("piece", JAVA_PIECES)
@pytest.mark.parametrize("before", ["", '"""', "/*", "public class A {"])
def test_a_java_program_is_read_in_linear_time(before, piece):
    """Twice the program takes about twice the time, whatever stands before and behind what repeats."""

    def cost(pieces: int) -> float:
        started = time.process_time()
        for after in ("", "\\", "x", '"', "!"):
            java_names(before + piece * pieces + after)
        return time.process_time() - started

    assert cost(40_000) < 8 * cost(10_000) + 0.5


TYPESCRIPT_READS = [
    "const n: number = Number(require('fs').readFileSync(0, 'utf8'));\nconsole.log(n * 2)",
    "import * as fs from 'fs';\nconsole.log(2 * Number(fs.readFileSync('/dev/stdin').toString()))",
    "import fs, { readFileSync } from 'node:fs';\nconsole.log(2 * Number(readFileSync(0)) + 0 * fs.constants.R_OK)",
    "import * as readline from 'readline';\nconst rl = readline.createInterface({ input: process.stdin });\n"
    "rl.on('line', (line: string) => { console.log(2 * parseInt(line)); });",
    "let data = '';\nprocess.stdin.on('data', (part: Buffer) => { data += part; });\n"
    "process.stdin.on('end', () => { console.log(2 * Number(data)); });",
    "import { createInterface } from 'readline';\n"
    "for await (const line of createInterface({ input: process.stdin })) { console.log(2 * Number(line)); }",
    "const lines: string[] = require('fs').readFileSync(0, 'utf8').split('\\n');\n"
    "const twice: string = 2 * Number(lines.at(0));\nconsole.log(twice)",
]


@pytest.mark.parametrize("source", TYPESCRIPT_READS)
def test_typescript_reads_as_node_does(sandbox, source):
    assert run(sandbox, source, b"4\n", language="typescript").stdout == b"8\n"


def test_types_are_checked_where_that_is_asked_for(sandbox):
    source = "const n: number = 'text';"
    assert run(sandbox, source, language="typescript").ok
    assert run(sandbox, source, language="typescript", files=CHECKED).outcome == "not_compiled"


def test_versions_are_told():
    assert [tools.language for tools in toolchains()] == list(LANGUAGES)
    assert all(tools.version[0].isdigit() for tools in toolchains() if tools.is_here)
