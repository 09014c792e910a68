"""Usual programs that are easily failed, tricks that are easily passed, and nonsense in references."""

import pytest

from verifiers import verify
from verifiers.code.extract import extract_code
from verifiers.code.formats import LIVECODEBENCH_PRELUDE
from verifiers.sandbox import LocalSandbox, SandboxUnavailable
from verifiers.sandbox.java import java_names
from verifiers.sandbox.languages import toolchain


@pytest.fixture(autouse=True, scope="module")
def _sandbox_here():
    try:
        LocalSandbox(workers=1).close()
    except SandboxUnavailable as error:
        pytest.skip(str(error))


def status(program: str, reference: dict[str, object], language: str = "python") -> str:
    if not toolchain(language).is_here:
        pytest.skip(f"no toolchain for {language}")
    return verify("code", f"```{language}\n{program}\n```", {"language": language, **reference}).status


STDIN = {"tests": [{"stdin": "4 5\n", "stdout": "9\n"}]}


@pytest.mark.parametrize(
    ("language", "program"),
    [
        ("python", "print(sum(map(int, open('/dev/stdin').read().split())))"),
        ("python", "import os\nprint(sum(map(int, os.read(0, os.fstat(0).st_size).split())))"),
        ("python", "print(9, file=open('/dev/stdout', 'w'))"),
        ("bash", "read a b < /dev/stdin; echo $((a + b)) > /dev/stdout"),
        ("javascript",
         "const [a, b] = require('fs').readFileSync('/dev/stdin', 'utf8').split(' ').map(Number); console.log(a + b)"),
        ("cpp", '#include <cstdio>\nint main() { freopen("/dev/stdin", "r", stdin); int a, b; '
                'scanf("%d %d", &a, &b); printf("%d\\n", a + b); return 0; }'),
        ("java", "import java.util.*;\nclass Main { static class Node { int a; }\n public static void main(String[] x) "
                 "{ Scanner s = new Scanner(System.in); System.out.println(s.nextInt() + s.nextInt()); } }"),
    ],
)  # fmt: skip
def test_usual_ways_to_read_and_write(language, program):
    assert status(program, STDIN, language) == "correct"


@pytest.mark.parametrize(
    ("response", "language"),
    [
        ("```c++17\nint main() { return 0; }\n```", "cpp"),
        ("```python3\nprint(9)\n```<|im_end|>", "python"),
        ("```python\nprint(9)\n```.", "python"),
    ],
)
def test_a_block_by_its_label_and_its_end(response, language):
    assert extract_code(response, language).text == response.partition("\n")[2].partition("\n")[0] + "\n"


def test_livecodebench_programs_have_the_built_in_pow_and_usual_modules():
    reference = {"prompt": LIVECODEBENCH_PRELUDE, "tests": [{"stdin": "", "stdout": "24 [1] 3.0\n"}]}
    assert status("print(pow(2, 10, 1000), deepcopy([1]), sqrt(9))", reference) == "correct"


def test_deep_memoised_recursion_has_the_stack_it_needs():
    program = (
        "import sys\nfrom functools import lru_cache\nsys.setrecursionlimit(10**6)\n@lru_cache(None)\n"
        "def f(n):\n    return n and 1 + f(n - 1)\nprint(f(20000))"
    )
    assert status(program, {"tests": [{"stdin": "", "stdout": "20000"}]}) == "correct"


@pytest.mark.parametrize(
    ("said", "wanted", "right"),
    [
        ("1000000500.0", "1000000007", False),
        ("3.0000005", "3", False),
        ("3.0", "3", True),
        ("2.9999999", "3.0", True),
    ],
)
def test_a_whole_number_is_met_exactly(said, wanted, right):
    reference = {"tests": [{"stdin": "", "stdout": wanted}], "compare": "numbers", "tolerance": 1e-6}
    assert status(f"print('{said}')", reference) == ("correct" if right else "wrong")


@pytest.mark.parametrize(
    "tests",
    [
        "assert all(map(lambda x: f(x) == 2 * x, [1, 2]))",
        "for got in map(f, [1, 2, 3]):\n    assert got == 7",
    ],
)
@pytest.mark.parametrize("name", ["StopIteration", "StopAsyncIteration", "GeneratorExit"])
def test_an_exception_of_the_program_does_not_end_a_loop_of_the_tests(name, tests):
    assert status(f"def f(x):\n    raise {name}", {"function": "f", "assertions": tests}) == "wrong"


@pytest.mark.parametrize(
    ("language", "program", "harness"),
    [
        ("cpp", "#include <cassert>\n#define __assert_fail(a, b, c, d) (void)0\nint f(int x) { return 1; }",
         "int main() { assert(f(2) == 2 + 2); return 0; }"),
        ("bash", "function [ { return 0; }\nf() { echo 1; }", '[ "$(f 2)" = $((2 + 2)) ]'),
        ("bash", "test() { return 0; }\nenable() { return 0; }\nf() { echo 1; }", 'test "$(f 2)" = $((2 + 2))'),
        ("bash", "shopt() { exit 0; }\nenable() { return 0; }\nf() { echo 1; }", 'test "$(f 2)" = $((2 + 2))'),
    ],
)  # fmt: skip
def test_assertions_of_a_harness_stay_in_force(language, program, harness):
    assert status(program, {"harness": harness}, language) == "wrong"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"checker": ""}, "checker"),
        ({"checker": "def ("}, "checker"),
        ({"limits": {"processes": 1.5}}, "processes is 1.5"),
        ({"limits": {"cpu_seconds": 1e308}}, "cpu_seconds"),
    ],
)
def test_nonsense_in_a_reference_is_the_callers_mistake(change, says):
    with pytest.raises(ValueError, match=says):
        status("print(9)", {**STDIN, **change})


def test_a_whole_number_written_as_a_float_is_a_limit():
    assert status("print(9)", {**STDIN, "limits": {"memory_bytes": 1e8}}) == "correct"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("// public class Foo\n/* class Bar */\nclass Main { interface X {} public static void main(String[] a) {} }",
         "Main"),
        ("class A {}\nclass B { static final void main(String... a) {} }\nclass C {}", "B"),
        ('class A { public static class P {} }\nclass M { void main(String[] a) { String s = "class Q {"; } }', "M"),
        ("interface I {}\npublic final class Z {}", "Z"),
    ],
)  # fmt: skip
def test_the_java_class_to_start(source, name):
    assert java_names(source).start == name
