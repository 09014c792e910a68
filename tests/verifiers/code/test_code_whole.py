"""Whole programs with tests in their own language: rows of MultiPL-E, files beside a program, and what it may call."""

import time

import pytest

from verifiers import code
from verifiers.code import from_multipl_e, language_called, missing_tools
from verifiers.code.harness import assembled

MAIN = "    public static void main(String[] args) { assert(f(2) == 4); }\n}"


def test_a_row_of_multipl_e_becomes_a_reference():
    row = {
        "language": "cs",
        "prompt": "using System;\nclass Problem {\n    // using 1;\n    public static long F(long x) {\n",
        "tests": "    }\n    public static void Main(string[] args) {\n    Debug.Assert(F(2L) == (4L));\n    }\n\n}\n",
    }
    assert from_multipl_e(row) == {
        "language": "csharp",
        "prompt": "using System;\n",
        "harness": row["tests"].removeprefix("    }"),
        "head": row["prompt"],
        "function": "F",
    }
    script = from_multipl_e({"language": "sh", "prompt": "f() {\n", "tests": "}\nrun_test"})
    assert (script["harness"], script["tools"]) == ("\nrun_test", ["bc"])
    assert list(from_multipl_e({**row, "language": "java"})["files"]) == ["org/javatuples/Pair.java"]
    for other in ("rkt", "python"):
        with pytest.raises(ValueError, match=other):
            from_multipl_e({**row, "language": other})


@pytest.mark.parametrize(
    ("name", "language"),
    [("C#", "csharp"), ("sh", "bash"), ("TS", "typescript"), ("python", "python"), ("ocaml", None)],
)
def test_a_language_goes_by_several_names(name, language):
    assert language_called(name) == language


@pytest.mark.parametrize(
    ("program", "before", "behind"),
    [
        ("class Problem { int f; }", "class Problem { int f; ", ""),
        ("class Problem { int f; } class B { }", "class Problem { int f; ", " class B { }"),
        ("class A { class B { } int f; }", "class A { class B { } int f; ", ""),
        ("class A { char c = '}'; String s = \"}{\"; /* } */ // }\n}",
         "class A { char c = '}'; String s = \"}{\"; /* } */ // }\n", ""),
        ("import a.b;\nstatic int f() { }", "import a.b;class Problem {\n\nstatic int f() { }", ""),
        ("class Problem { int f() {", "class Problem { int f() {", ""),
        ("class Problem { /* never closed", "class Problem { /* never closed", ""),
    ],
)  # fmt: skip
def test_the_tests_stand_in_the_programs_class(program, before, behind):
    made = assembled(program, MAIN, "java", "0")
    assert made.startswith(before + "\n")
    assert made.endswith("}" + behind)
    assert made.index("void main(") >= len(before)


TESTS = {
    "java": "public static void main(String[] args) { }\n}",
    "csharp": "static void Main() { }\n}",
    "cpp": "int main() { }",
}
REPEATED = (
    "public ",
    "class ",
    "/* ",
    '"',
    '"""',
    "\\",
    "{",
    "}",
    "import a",
    "using ",
    "void ",
    "int main",
    "export ",
    '$@"',
    " ",
)


@pytest.mark.parametrize("language", ["java", "csharp", "cpp", "javascript", "typescript", "php", "bash"])
@pytest.mark.parametrize("piece", REPEATED)
def test_a_program_is_put_together_with_its_tests_in_linear_time(language, piece):
    def cost(pieces: int) -> float:
        started = time.process_time()
        for before in ("", '"""', "class Problem {", "import "):
            for after in ("", "\\", "!"):
                assembled(before + piece * pieces + after, TESTS.get(language, ""), language, "0")
        return time.process_time() - started

    assert cost(20_000) < 8 * cost(5_000) + 0.5


def test_files_lie_beside_the_program():
    reference = {
        "tests": [{"stdin": "", "stdout": "7\n"}],
        "language": "bash",
        "files": {"numbers/seven.txt": "7\n"},
    }
    assert code.verify("```bash\ncat numbers/seven.txt\n```", reference).correct


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"files": ["a"]}, "`files` .* object"),
        ({"files": {"a": 5}}, "`files` .* object"),
        ({"files": {"../a": ""}}, "`files` .* stay within the folder"),
        ({"files": {"a/": ""}}, "`files` .* no empty part"),
        ({"files": {"a/./b": ""}}, "`files` .* no empty part"),
        ({"files": {"a": "", "a/b": ""}}, "`files` .* a file and a folder"),
        ({"files": {"a" * 256: ""}}, "`files` .* 255 bytes"),
        ({"files": {"\ud800": ""}}, "`files` .* lone surrogates"),
        ({"tools": "bc"}, "`tools` .* list"),
        ({"tools": ["bc; ls"]}, "`tools` .* list"),
    ],
)
def test_files_and_tools_are_checked(more, says):
    with pytest.raises(ValueError, match=says) as error:
        code.verify("", {"tests": [{"stdout": ""}], **more})
    assert "\n" not in str(error.value)


def test_nothing_is_missing_for_python():
    assert missing_tools([{"check": "def check(candidate): pass", "function": "f"}]) == ""
    assert missing_tools([]) == ""
