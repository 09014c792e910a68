"""Tests in the program's own language that are judged from outside: right programs pass, and attacks do not."""

import json
import re
from pathlib import Path

import pytest
from harness_texts import harness, of_integers, reference
from hypothesis import given
from hypothesis import strategies as st

from verifiers import code
from verifiers.code import from_multipl_e
from verifiers.code.harness_calls import read_calls
from verifiers.code.literals import read_literal
from verifiers.code.outside import first_difference
from verifiers.code.values import KINDS, NotLiteral, Value
from verifiers.sandbox import LocalSandbox, SandboxUnavailable, toolchains

WANTED = {7: 94_421, 8: 94_477, 9: 94_500}
LIMITS = {"cpu_seconds": 5, "wall_seconds": 30}
HERE = {tools.language for tools in toolchains() if tools.is_here}
DATA = Path(__file__).resolve().parents[2] / "data"
ATTACKS = re.findall(
    r"^#### (\w+): ([^\n]+)\n(.*?)(?=^####|\Z)",
    (DATA / "harness_attacks.txt").read_text(),
    re.DOTALL | re.MULTILINE,
)
SLOW = ("cpp", "java", "typescript")  # a second or more to compile each

try:
    LocalSandbox().close()
except SandboxUnavailable as error:
    pytest.skip(str(error), allow_module_level=True)


def judged(language, program, wanted, **options):
    if language not in HERE:
        pytest.skip(f"{language}: no toolchain")
    return code.verify(f"~~~~{language}\n{program}\n~~~~", {**wanted, "limits": LIMITS}, **options)


def _attacks():
    seen = dict.fromkeys(SLOW, 0)
    for language, name, program in ATTACKS:
        seen[language] = seen.get(language, 0) + 1
        marks = [pytest.mark.slow] if language in SLOW and seen[language] > 3 else []
        yield pytest.param(language, program, id=f"{language}: {name}", marks=marks)


def test_there_are_enough_of_them():
    assert len({(language, name) for language, name, _ in ATTACKS}) == len(ATTACKS) >= 100


@pytest.mark.parametrize(("language", "program"), list(_attacks()))
def test_an_attack_is_wrong(language, program):
    verdict = judged(language, program, of_integers(language, WANTED))
    assert verdict.status == "wrong", verdict
    assert "tests=outside" in verdict.policy


# --- Right programs -----------------------------------------------------------------------------------------

RIGHT = {
    match[1]: (
        match[2],
        [
            (line.partition(" ")[0], line.partition(" ")[2].replace("⏎", "\n").split(" | "))
            for line in match[3].strip().splitlines()
        ],
    )
    for match in re.finditer(
        r"^#### ([^\n]+)\n(.*?)\n====\n(.*?)(?=^####|\Z)",
        (DATA / "harness_programs.txt").read_text(),
        re.DOTALL | re.MULTILINE,
    )
}
HEADS = {
    "java": "import java.util.*;\nclass Problem {\n    public %s\n}",
    "csharp": "using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing System.Diagnostics;\n"
    "class Problem {\n    public %s\n}",
}
RIGHT_NAMES = [
    pytest.param(name, marks=[pytest.mark.slow] if name.startswith(SLOW) and index % 3 else [])
    for index, name in enumerate(RIGHT)
]


def right_program(name):
    language = name.split()[0]
    program, comparisons = RIGHT[name]
    holding = [comparison for holds, comparison in comparisons if holds == "yes"]
    failing = [comparison for holds, comparison in comparisons if holds == "no"]
    return language, HEADS[language] % program if language in HEADS else program, holding, failing


def test_there_is_one_of_each_kind():
    assert len(RIGHT) >= 40
    assert all(right_program(name)[2] and right_program(name)[3] for name in RIGHT)


@pytest.mark.parametrize("name", RIGHT_NAMES)
def test_a_right_program_passes(name):
    language, program, holding, _ = right_program(name)
    verdict = judged(language, program, reference(language, holding))
    assert (verdict.status, verdict.reason) == ("correct", "Passes its test."), verdict
    assert "tests=outside" in verdict.policy


@pytest.mark.parametrize("name", RIGHT_NAMES)
def test_a_value_that_is_not_the_expected_one_is_wrong(name):
    """Behind the comparisons that hold, so that the verdict is about the last."""
    language, program, holding, failing = right_program(name)
    for comparison in failing[: 1 if language in SLOW else None]:
        verdict = judged(language, program, reference(language, [*holding, comparison]))
        last = len(holding) + 1
        assert verdict.status == "wrong", verdict
        assert verdict.reason.startswith(f"Test 1 of 1: call {last} of {last} returns "), verdict


def test_a_program_may_be_the_start_of_the_function():
    row = {
        "language": "cpp",
        "prompt": "#include <string>\nlong f(long x) {\n",
        "tests": "}\nint main() {\n    auto candidate = f;\n    assert(candidate((2)) == (4));\n}\n",
    }
    begun = {**from_multipl_e(row), "harness": row["tests"]}
    assert judged("cpp", "long f(long x) {\n    return x + 2;", begun).correct
    assert judged(
        "cpp", "long f(long x) {\n    return x + 2;\n}\nint main() { return f(1); }", from_multipl_e(row)
    ).correct


def test_what_a_program_prints_is_no_value():
    program = "function f(x) { process.stdout.write('half a line'); console.log(x); return x }\nconsole.log('hello')"
    assert judged("javascript", program, of_integers("javascript", {1: 1, 2: 2})).correct
    loud = "echo start\nf() { echo note >&2; echo $(($1 + 1)); }"
    assert judged("bash", loud, of_integers("bash", {1: 2, 2: 3})).correct


def test_a_program_that_does_not_end_well_is_wrong_whatever_it_returned():
    program = "function f(x) { return x }\nprocess.on('exit', () => { process.exitCode = 3 })"
    verdict = judged("javascript", program, of_integers("javascript", {1: 1}))
    assert (verdict.status, verdict.layer) == ("wrong", "run")


INSIDE = {
    "cpp": "int main() { long all = 0; for (long i = 0; i < 3; i++) all += f(i); assert(all == 3); }",
    "javascript": "const assert = require('assert');\nfor (const x of [1, 2]) assert.deepEqual(f(x), x);",
    "php": "foreach ([1, 2] as $x) { if (f($x) !== $x) { throw new Exception('no'); } }",
    "bash": 'for x in 1 2; do [[ $(f "$x") = "$x" ]]; done',
}
IDENTITY = {
    "cpp": "long f(long x) { return x; }",
    "javascript": "function f(x) { return x }",
    "php": "<?php\nfunction f($x) { return $x; }",
    "bash": "f() { local i=0; ((i++)); echo $1; }",
}


@pytest.mark.parametrize("language", INSIDE)
def test_tests_of_another_form_run_inside_and_the_verdict_says_so(language):
    verdict = judged(language, IDENTITY[language], {"language": language, "harness": INSIDE[language]})
    assert verdict.correct, verdict
    assert verdict.reason == "Passes its tests, which ran inside the program's own process."
    assert "tests=inside" in verdict.policy


# --- Reading ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "tests", "calls"),
    [
        ("cpp", "int main() { assert(f(2) == 4); assert(ns::f(3)==(9)); return 0; }", 2),
        ("java", "public static void main(String... a) { assert f(2) == 4; assert f(3).equals(\"x\"); } }", 2),
        ("javascript", "assert.strictEqual(f([1, 'a)']), 4);\nassert.equal(f(\"\\\")\"), 'x')", 2),
        ("typescript", "const assert = require('assert');\nconst candidate = f;\n"
         "assert.deepStrictEqual(candidate(2), {a: [1]});\nassert(candidate(1) === 2);", 2),
        ("javascript", "if (f(2) !== 4) throw new Error('no');\nif (f(3) !== \"a\") { throw new Error(); }", 2),
        ("php", "if (f(2) !== 4) { throw new \\Exception('no'); } ?>", 1),
        ("php", "assert(f(2) === [4]);", 1),
        ("java", "public static void main(String[] a) { if (f(2) != 4) throw new Error(\"no\");\n"
         "if (!f(3).equals(\"x\")) { throw new RuntimeException(); } } }", 2),
        ("csharp", "static void Main() { if (F(2) != 4) throw new System.Exception(\"no\"); } }", 1),
        ("bash", "[[ $(f 2) == 4 ]] || exit 1\n[ \"$(f 3)\" = 9 ] || return 2", 2),
        ("bash", "[ \"$(f 2)\" = 4 ]\ntest \"$(f 'a b')\" == 'x y'\n[[ \"$(f)\" = \"\\$1\" ]]", 3),
        ("bash", "check() {\n  [[ $(f 2) = 4 ]]\n}\ncheck\n", 1),
        ("csharp", "static void Main() { System.Diagnostics.Debug.Assert(Problem.F(2) == 4); } }", 1),
    ],
)  # fmt: skip
def test_tests_are_read_in_other_dress(language, tests, calls):
    found = read_calls(tests, language)
    assert found is not None
    assert len(found.calls) == calls


@pytest.mark.parametrize(
    ("language", "tests"),
    [
        ("cpp", "int main() { assert(f(2) == g(2)); }"),
        ("cpp", "int main() { assert(f(2) == 4 || true); }"),
        ("cpp", "int main() { assert(f(2) == 4); f(3); }"),
        ("cpp", "int main() { assert(f(2) == 4); "),
        ("cpp", "int main() { }"),
        ("cpp", "int main() { assert(f(2) == 010); }"),
        ("java", "public static void main(String[] a) { assert(f(2).equals(new Thing(4))); } }"),
        ("javascript", "assert.deepEqual(f(2), 4, `why`)"),
        ("javascript", "assert.deepEqual(f(2), /x/)"),
        ("javascript", "assert.deepEqual(f(`)`), 4)"),
        ("php", "if (f(2) !== \"{$x}\") { throw new Exception('no'); }"),
        ("php", "if (f(2) !== 4) { throw new Exception($why); }"),
        ("bash", '[[ $(f "$x") = 4 ]]'),
        ("bash", "[[ $(f 2) = 4 ]] || exit 0"),
        ("bash", "[[ $(f 2) = 4 ]] || true"),
        ("bash", "[[ $(f 2) = $(f 3) ]]"),
        ("bash", "[[ $(f 2) = 4* ]]"),
        ("bash", "[[ $(f 2; exit) = 4 ]]"),
        ("csharp", "static void Main() { Debug.Assert(F(2) > 4); } }"),
        ("python", "assert f(2) == 4"),
    ],
)
def test_tests_of_another_form_are_not_read(language, tests):
    assert read_calls(tests, language) is None


@pytest.mark.parametrize("language", ["cpp", "java", "javascript", "php", "bash", "csharp"])
@pytest.mark.parametrize(
    "piece", ["(", "[", "{", '"', "'", "\\", "<", "((a<", " ", "f(", "\n", "a.", "1", "array(", "\"'"]
)
def test_reading_takes_time_in_proportion(language, piece):
    """No pattern and no bracket makes it slow; what is too deep is not read."""
    start = harness(language, [("1", "1")]).split("1")[0]
    for text in (start + piece * 20_000, start + "1) == (" + piece * 20_000 + "\0"):
        assert read_calls(text, language) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("cpp", "'ab'"), ("cpp", '"\\q"'), ("cpp", '"a" "b"'), ("cpp", "std::set<long>({1})"), ("cpp", "1 + 1"[2:]),
        ("cpp", "{1, 2}"), ("java", "f(1)"), ("java", "'"), ("javascript", '{"a": 1, "a": 2}'), ("javascript", "1_000"),
        ("javascript", "0x10"), ("php", '"$a[0]"'), ("php", "array(1 => 1, 1 => 2)"), ("php", "array(array() => 1)"),
        ("csharp", "9" * 500), ("csharp", "((((" * 40 + "1"), ("csharp", "new List<long>(5L, 6L)"),
    ],
)  # fmt: skip
def test_what_is_no_literal_is_refused(language, text):
    with pytest.raises(NotLiteral):
        read_literal(text, 0, language)


# --- Frames, which anything may be in -----------------------------------------------------------------------

MARK = "0123456789abcdef" * 2
ONE = read_calls(harness("php", [("1", "1")]), "php")
TWO = read_calls(harness("php", [("1", "1"), ("2", "2")]), "php")


def frame(place, content, mark=MARK):
    return f"\n{mark} {place}\n{content}\n{mark} {place} end\n".encode()


def value(number):
    return f'["int","","{number}"]'


def test_frames_are_read_in_order_and_once():
    right = frame(0, value(1)) + b"noise" + frame(1, value(2))
    assert first_difference(b"before" + right + b"behind", TWO, "php", MARK) is None
    for wrong in (
        b"",
        frame(0, value(1)),
        frame(1, value(2)) + frame(0, value(1)),
        right + frame(1, value(2)),
        frame(0, value(1)) + frame(0, value(1)) + frame(1, value(2)),
        frame(0, value(1), "f" * 32) + frame(1, value(2), "f" * 32),
        frame(0, value(2)) + frame(1, value(2)),
        frame(0, "") + frame(1, value(2)),
        right.replace(b" end", b""),
    ):
        assert first_difference(wrong, TWO, "php", MARK) is not None, wrong


@pytest.mark.parametrize(
    "content",
    [
        "", "1", "null", "[]", '["int"]', '["int","",1]', '["int","","1.0"]', '["int","","' + "1" * 500 + '"]', "NaN",
        '["int","","١"]', '["float","","3ff0000000000000"]', '["float","","1"]', '["bool","",true]', '["text","","31"]',
        '["text","","3"]', '["other","",null]', '["list","",[]]', '["map","",[["int","","1"]]]', '["int",1,"1"]',
        '["optional","",[["int","","1"]]]', "[" * 100_000, '["list","",[' * 500 + "]]" * 500, '{"int": 1}',
        '["int","","1"]\n["int","","1"]', '["float","","3131"]', '["none","a\\nb",null]',
        '["int","",' + "1" * 10**6 + "]",
    ],
)  # fmt: skip
def test_whatever_else_is_in_a_frame_is_not_the_value(content):
    difference = first_difference(frame(0, content), ONE, "php", MARK)
    assert difference is not None
    assert "\n" not in difference[1]


def test_a_value_may_be_of_any_bytes():
    text = Value("text", scalar="é\n".encode())
    assert read_literal('"é\\n"', 0, "javascript") == (text, 5)
    assert read_literal("'a\\'$x'", 0, "php")[0] == Value("text", scalar=b"a'$x")


@pytest.mark.parametrize(
    ("language", "text", "other"),
    [
        ("cpp", "std::vector<std::vector<long>>({{1, 2}, {}})",
         "std::vector<std::vector<long>>({(std::vector<long>)std::vector<long>({1, 2L}), std::vector<long>()})"),
        ("cpp", "std::vector<std::tuple<long, bool>>({{1, true}})",
         "std::vector<std::tuple<long, bool>>{std::make_tuple((long)1, true)}"),
        ("cpp", "std::map< std::string, long >{{\"a\", 1}}", "std::map<std::string,long>({{\"a\", 1}})"),
        ("cpp", "std::string(\"a\\101\")", "(std::string)\"aA\""),
        ("cpp", "float(3)", "3.0f"),
        ("java", "new ArrayList<>(List.of(1l))", "(ArrayList<Long>)(new ArrayList<Long>(Arrays.asList((long)1)))"),
        ("java", "new Pair<Long, String>(1l, \"a\")", "Pair.with(1L, \"\\u0061\")"),
        ("csharp", "new List<long>{1L, 2L}", "new List<long>(new long[] { (long)1L, 2L, })"),
        ("csharp", "Tuple.Create((Nullable<long>)null, 1L)", "new Tuple<long?, long>(null, 1L)"),
        ("javascript", "{a: [1,], 'b': -1.5e3}", "{ \"a\" : [ 1.0 ], \"b\": -1500 }"),
        ("php", "[1, 'k' => 2, 3]", "array(0 => 1, \"k\" => 2, \"1\" => 3,)"),
    ],
)  # fmt: skip
def test_one_value_is_written_in_several_ways(language, text, other):
    value, end = read_literal(text, 0, language)
    assert end == len(text)
    written, _ = read_literal(other, 0, language)
    if language == "csharp" and value.kind == "tuple":  # `null` alone does not say of what
        assert value.type == written.type
    else:
        assert value == written


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


def as_value(plain):
    if plain is None:
        return Value("none", "null")
    if isinstance(plain, bool):
        return Value("bool", "bool", plain)
    if isinstance(plain, float):
        return Value("float", "number", plain)
    if isinstance(plain, str):
        return Value("text", scalar=plain.encode())
    if isinstance(plain, list):
        return Value("list", items=tuple(map(as_value, plain)))
    return Value("map", items=tuple(as_value(one) for entry in plain.items() for one in entry))


@given(PLAIN)
def test_what_json_writes_is_read_as_javascript_reads_it(plain):
    written = json.dumps(plain, ensure_ascii=False)
    if re.search(r"e[+-]?\d{4}|\\u(?!00[0-7])", written) is None:
        assert read_literal(written, 0, "javascript") == (as_value(plain), len(written))


@given(
    st.binary(),
    st.text("()[]{}\"',:0n \\=assertf.dpEqul;\n"),
    st.sampled_from(["javascript", "cpp", "php", "bash"]),
)
def test_nothing_that_is_read_raises_anything_else(stdout, text, language):
    head = harness(language, [("1", "1")]).split("1")[0]
    read_calls(head + text, language)
    assert first_difference(stdout + frame(0, text), ONE, "php", MARK) is not None


NODES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.sampled_from(["3ff0000000000000", "7ff8000000000000"]),
    lambda inner: st.tuples(
        st.sampled_from(KINDS), st.sampled_from(["", "float", "long", "\n"]), st.lists(inner) | inner
    ),
    max_leaves=10,
)


@given(NODES, st.sampled_from(["javascript", "cpp", "java", "csharp", "php"]))
def test_no_frame_raises_and_what_is_said_is_one_line(node, language):
    calls = {
        "java": [("1l", "new HashMap<Long,Float>(Map.of(1l, 1.0f))", "equals")],
        "csharp": [("1L", 'Tuple.Create((Nullable<long>)null, "a")', "Equals")],
        "cpp": [("1", "std::make_tuple(std::optional<long>(1), 2.0f)")],
    }.get(language, [("1", "[1.5, [null]]")])
    tests = read_calls(harness(language, calls), language)
    difference = first_difference(frame(0, json.dumps(node)), tests, language, MARK)
    assert difference is not None
    assert "\n" not in difference[1]
