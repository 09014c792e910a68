"""HumanEval-Mul on a problem of the same form written for these tests, run in the sandbox in every language."""

import json
import shutil

import pytest
from evals_support import make_samples

from evals.benchmarks.humaneval_mul import SPEC
from evals.data import DataError
from evals.judge import judge
from evals.measures import macro_average
from verifiers.code import missing_tools
from verifiers.sandbox import LANGUAGES, LocalSandbox, SandboxUnavailable, languages, toolchains

ABOUT = "The length of the longest run of equal characters in text."
# Of each language: its name in the data, the prompt and the tests, in the form of MultiPL-E.
ROWS = {
    "python": (
        "python",
        f'def longest_run(text: str) -> int:\n    """{ABOUT}"""\n',
        "def check(candidate):\n    assert candidate('') == 0\n    assert candidate('abbbcc') == 3\n",
    ),
    "cpp": (
        "cpp",
        f"#include<assert.h>\n#include<string>\n// {ABOUT}\nlong longest_run(std::string text) {{\n",
        '}\nint main() {\n    auto candidate = longest_run;\n    assert(candidate(("")) == (0));\n'
        '    assert(candidate(("abbbcc")) == (3));\n}\n',
    ),
    "java": (
        "java",
        f"import java.util.*;\nimport org.javatuples.*;\nclass Problem {{\n    // {ABOUT}\n"
        "    public static long longestRun(String text) {\n",
        '    }\n    public static void main(String[] args) {\n    assert(longestRun(("")) == (0l));\n'
        '    assert(longestRun(("abbbcc")) == (3l));\n    }\n\n}\n',
    ),
    "javascript": (
        "js",
        f"//{ABOUT}\nfunction longest_run(text){{\n",
        "const assert = require('node:assert');\n\n\nfunction test() {\n  let candidate = longest_run;\n"
        '  assert.deepEqual(candidate(""),0);\n  assert.deepEqual(candidate("abbbcc"),3);\n}\n\ntest();',
    ),
    "typescript": (
        "ts",
        f"//{ABOUT}\nfunction longest_run(text: string): number {{\n",
        "declare var require: any;\nconst assert = require('node:assert');\n\n\nfunction test() {\n"
        '  let candidate = longest_run;\n  assert.deepEqual(candidate(""),0);\n'
        '  assert.deepEqual(candidate("abbbcc"),3);\n}\n\ntest();',
    ),
    "php": (
        "php",
        f"<?php\n// {ABOUT}\nfunction longest_run($text) {{\n",
        "function candidate(...$args) {\n    return longest_run(...$args);\n}\n\nfunction test(): void {\n"
        '    if (candidate("") !== 0) { throw new Exception("Test failed!"); }\n'
        '    if (candidate("abbbcc") !== 3) { throw new Exception("Test failed!"); }\n}\n\ntest();',
    ),
    "bash": (
        "sh",
        f"#!/bin/bash\n# {ABOUT}\n#\n# $1 is a string\nlongest_run() {{\n",
        '}\n\ncandidate() {\n    longest_run "$@"\n}\n\nset -e\nrun_test() {\n    [[ $(candidate "") = "0" ]]\n'
        '    [[ $(candidate "abbbcc") = "3" ]]\n}\n\nrun_test',
    ),
    "csharp": (
        "cs",
        "using System;\nusing System.Numerics;\nusing System.Diagnostics;\nusing System.Linq;\n"
        f"class Problem {{\n    // {ABOUT}\n    public static long LongestRun(string text) {{\n",
        '    }\n    public static void Main(string[] args) {\n    Debug.Assert(LongestRun(("")) == (0L));\n'
        '    Debug.Assert(LongestRun(("abbbcc")) == (3L));\n    }\n\n}\n',
    ),
}
C_LIKE = (
    "    long best = 0, run = 0;\n    for (int i = 0; i < {n}; i++) {{\n"
    "        run = i > 0 && text{i} == text{before} ? run + 1 : 1;\n"
    "        if (run > best) best = run;\n    }}\n    return best;\n"
)
CPP = C_LIKE.format(n="(int)text.size()", i="[i]", before="[i - 1]")
JAVA = C_LIKE.format(n="text.length()", i=".charAt(i)", before=".charAt(i - 1)")
CSHARP = C_LIKE.format(n="text.Length", i="[i]", before="[i - 1]")
JS = C_LIKE.format(n="text.length", i="[i]", before="[i - 1]").replace("long", "let").replace("int", "let")
PHP = (
    "    $best = 0; $run = 0;\n    for ($i = 0; $i < strlen($text); $i++) {\n"
    "        $run = $i > 0 && $text[$i] == $text[$i - 1] ? $run + 1 : 1;\n"
    "        $best = max($best, $run);\n    }\n    return $best;\n"
)
BASH = (
    "    local best=0 run=0 i\n    for ((i = 0; i < ${#1}; i++)); do\n"
    '        if ((i > 0)) && [[ "${1:i:1}" == "${1:i-1:1}" ]]; then run=$(echo "$run + 1" | bc); else run=1; fi\n'
    "        if ((run > best)); then best=$run; fi\n    done\n    echo $best\n"
)
BODIES = {
    "cpp": CPP,
    "javascript": JS,
    "typescript": JS.replace("let i ", "let i: number "),
    "php": PHP,
    "bash": BASH,
}
ENDS = {"java": f"{JAVA}    }}\n}}\n", "csharp": f"{CSHARP}    }}\n}}\n"} | {
    language: f"{body}}}\n" for language, body in BODIES.items()
}
PYTHON = (
    "    best = run = 0\n    for i, c in enumerate(text):\n"
    "        run = run + 1 if i and text[i - 1] == c else 1\n        best = max(best, run)\n    return best\n"
)
WHOLE = {language: ROWS[language][1] + end for language, end in (ENDS | {"python": PYTHON}).items()}
JAVA_FUNCTION = f"    public static long longestRun(String text) {{\n{JAVA}    }}\n"
CSHARP_FUNCTION = f"    public static long LongestRun(string text) {{\n{CSHARP}    }}\n"
# Other ways in which the same is written: with a program of its own around it, or less than was asked for.
OTHERWISE = [
    ("cpp", f'#include <iostream>\nusing namespace std;\nlong longest_run(string text) {{\n{CPP}}}\n\n'
            'int main() {\n    cout << longest_run("aab") << endl;\n    return 0;\n}\n'),
    ("cpp", f"long longest_run(std::string text) {{\n{CPP}}}\n"),
    ("java", f"import java.util.*;\n\npublic class Problem {{\n{JAVA_FUNCTION}\n    // a {{ brace\n    "
             'public static void main(String[] args) {\n        System.out.print("}" + longestRun("a"));\n    }\n}\n'),
    ("java", f"class Problem {{\n{JAVA_FUNCTION}}}\n\npublic class Main {{\n    static final char BRACE = '}}';\n"
             '    public static void main(String[] args) { System.out.println(Problem.longestRun("aab")); }\n}\n'),
    ("java", f"import java.util.List;\n\n{JAVA_FUNCTION}"),
    ("java", f"public class Solution {{\n    record Pair(int a) {{ }}\n{JAVA_FUNCTION}}}\n"),
    ("csharp", f'using System;\n\nnamespace Ours\n{{\n    public class Problem\n    {{\n{CSHARP_FUNCTION}\n'
               '        static void Main() { Console.WriteLine($"{{{LongestRun(@"a\\")}"); }\n    }\n}\n'),
    ("csharp", f"using System.Text;\n\n{CSHARP_FUNCTION}"),
    ("javascript", f"const assert = require('assert');\n{WHOLE['javascript']}\nassert.equal(longest_run('aab'), 2);\n"
                   "function test() { return 1; }\nmodule.exports = longest_run;\n"),
    ("javascript", "export default " + WHOLE["javascript"].split("\n", 1)[1]),
    ("typescript", "export " + WHOLE["typescript"].split("\n", 1)[1] + 'console.log(longest_run("aab"));\n'),
    ("php", WHOLE["php"].removeprefix("<?php\n") + 'echo longest_run("aab");\n'),
    ("php", WHOLE["php"] + "\n?>\n"),
    ("bash", WHOLE["bash"] + '\nlongest_run "aab"\n'),
]  # fmt: skip
EARLY = [
    ("cpp", "#include <cstdlib>\nlong longest_run(std::string text) { exit(0); }\nint main() { return 0; }\n"),
    ("java", "class Problem {\n    public static long longestRun(String text) { System.exit(0); return 0; }\n}\n"),
    ("java", "public class Problem {\n    static { System.exit(0); }\n"
             "    public static long longestRun(String text) { return 0; }\n}\n"),
    ("csharp", "class Problem { public static long LongestRun(string text) { Environment.Exit(0); return 0; } }"),
    ("javascript", "function longest_run(text) { process.exit(0); }"),
    ("php", "<?php\nfunction longest_run($text) { exit(0); }"),
    ("bash", "longest_run() { echo 0; }\nexit 0\n"),
]  # fmt: skip
HERE = {tools.language: tools.is_here for tools in toolchains()}


def row(language, number=0, **more):
    name, prompt, tests = ROWS[language]
    if language == "python":
        return {"task_id": f"Own/{number}", "prompt": prompt, "entry_point": "longest_run", "test": tests}
    return {
        "name": f"Own_{number}_run",
        "language": name,
        "prompt": prompt,
        "tests": tests,
        "stop_tokens": [],
        **more,
    }


@pytest.fixture
def data(tmp_path):
    """A directory with two problems in every language, a file for each."""
    for language in LANGUAGES:
        rows = [row(language, number) for number in range(2)]
        (tmp_path / f"{language}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    return tmp_path


def judged(data, language, *programs):
    """The verdicts on programs in the language, each in a fenced block."""
    if not HERE[language]:
        pytest.skip(f"{language}: no toolchain")
    try:
        LocalSandbox(workers=1).close()
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    problem = next(one for one in SPEC.benchmark(data=data).load() if one.tags["language"] == language)
    return judge(
        [(problem, f"Here it is.\n\n```{language}\n{program}\n```\n", "stop") for program in programs]
    )


@pytest.mark.parametrize(
    "language",
    [
        pytest.param(one, marks=[pytest.mark.slow] if one in ("cpp", "java", "typescript", "csharp") else [])
        for one in LANGUAGES
    ],
)
def test_a_right_function_passes_and_a_wrong_one_fails(data, language):
    wrong = WHOLE[language].replace("+ 1", "+ 2")
    assert wrong != WHOLE[language]
    right, failed = judged(data, language, WHOLE[language], wrong)
    assert (right.status, failed.status) == ("correct", "wrong"), (right, failed)
    assert failed.layer != "compile", failed


@pytest.mark.slow
@pytest.mark.parametrize(("language", "program"), OTHERWISE)
def test_the_same_function_passes_however_it_is_written(data, language, program):
    right, failed = judged(data, language, program, program.replace("+ 1", "+ 2"))
    assert (right.status, failed.status) == ("correct", "wrong"), (right, failed)
    assert failed.layer != "compile", failed


@pytest.mark.slow
@pytest.mark.parametrize(("language", "program"), EARLY)
def test_leaving_early_is_no_pass(data, language, program):
    (verdict,) = judged(data, language, program)
    assert (verdict.status, verdict.layer) == ("wrong", "run"), verdict


@pytest.mark.slow
def test_pairs_of_java_are_there_and_equal_by_value(tmp_path):
    made = row(
        "java",
        prompt="import java.util.*;\nimport org.javatuples.*;\nclass Problem {\n    // The two swapped.\n"
        "    public static Pair<Long, String> swapped(Pair<String, Long> pair) {\n",
        tests="    }\n    public static void main(String[] args) {\n"
        '    assert(swapped((Pair.with("a", 7l))).equals((Pair.with(7l, "a"))));\n    }\n\n}\n',
    )
    (tmp_path / "java.jsonl").write_text(json.dumps(made))
    body = "        return {};\n    }}\n}}\n"
    right, wrong = judged(
        tmp_path,
        "java",
        made["prompt"] + body.format("Pair.with(pair.getValue1(), pair.getValue0())"),
        made["prompt"] + body.format("new Pair<>(pair.getValue1(), pair.getValue0()).setAt0(8l)"),
    )
    assert (right.status, wrong.status, wrong.layer) == ("correct", "wrong", "compare"), (right, wrong)
    assert wrong.reason == "Test 1 of 1: call 1 of 1 returns (8, 'a'), not (7, 'a')."


# --- Data -----------------------------------------------------------------------------------------------------


def test_the_languages_take_turns_and_the_prompt_asks_in_each(data):
    made = SPEC.benchmark(data=data)
    assert [problem.tags["language"] for problem in made.load()] == [*LANGUAGES, *LANGUAGES]
    assert made.load()[0].id == "humaneval_mul/python/Own/0"
    for problem in made.load():
        language = problem.tags["language"]
        assert problem.prompt[0].content.endswith(f"\n\n```{language}\n{ROWS[language][1]}```")
    limited = SPEC.benchmark(data=data, limit=8)
    assert {problem.tags["language"] for problem in limited.load()} == set(LANGUAGES)


def test_one_file_with_every_language_is_the_same_as_a_file_for_each(data, tmp_path):
    file = tmp_path / "all.jsonl"
    rows = [row(language, number) for language in reversed(LANGUAGES) for number in range(2)]
    file.write_text("".join(json.dumps(one) + "\n" for one in rows))
    assert SPEC.benchmark(data=file).load() == SPEC.benchmark(data=data).load()


def test_languages_without_a_file_are_left_out_and_those_that_are_there_named(data):
    def said():
        return [caveat for caveat in SPEC.benchmark(data=data).caveats if " by language" in caveat]

    assert said() == []
    (data / "python.jsonl").unlink()
    assert said() == ["7 of 8 by language, without python"]
    for language in set(LANGUAGES) - {"python", "cpp", "bash"}:
        (data / f"{language}.jsonl").unlink()
    assert said() == ["2 of 8 by language: cpp, bash"]
    assert {problem.tags["language"] for problem in SPEC.benchmark(data=data).load()} == {"cpp", "bash"}


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ({**row("cpp"), "language": "rs"}, "language"),
        (row("cpp", tests="}\nint main() {"), "must end as a cpp program does"),
        ({**row("python"), "test": "assert longest_run('') == 0"}, "must define `check"),
        ({**row("php"), "prompt": None}, "prompt"),
    ],
)
def test_a_row_of_another_form_is_one_sentence(tmp_path, made, says):
    (tmp_path / "test.jsonl").write_text(json.dumps(made))
    with pytest.raises(
        DataError, match=rf"test\.jsonl, row 1, is not as humaneval_mul has it: .*{says}"
    ) as error:
        SPEC.benchmark(data=tmp_path)
    assert "\n" not in str(error.value)


def test_the_protocols_are_the_two_means(data):
    default, items = SPEC.benchmark(data=data), SPEC.benchmark(data=data, protocol="items")
    assert (default.protocol, default.metric, items.metric) == ("mean-of-languages", "macro", "avg@k")
    assert default.load() == items.load()
    samples = make_samples([[1], [1], [0], [0]], language="cpp") + make_samples([[1]], language="bash")
    assert macro_average("language")([], samples).value == 0.75


# --- What is missing ------------------------------------------------------------------------------------------


@pytest.fixture
def references(data):
    return {problem.tags["language"]: problem.reference for problem in SPEC.benchmark(data=data).load()}


def test_a_language_without_its_tools_is_named_before_anything_is_asked(references, monkeypatch):
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name, **more: None if name == "mcs" else which(name, **more))
    languages._find.cache_clear()
    try:
        assert missing_tools([references["python"]]) == ""
        said = missing_tools([references["python"], references["csharp"]])
    finally:
        languages._find.cache_clear()
    assert said == "mcs not found: install Mono (Debian: mono-mcs mono-runtime)"


def test_so_is_a_command_that_its_programs_call(references):
    try:
        LocalSandbox(workers=1).close()
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    bash = references["bash"]
    assert bash["tools"] == ["bc"]
    assert missing_tools([bash]) == ("" if shutil.which("bc") else "bc not found: install bc")
    assert (
        missing_tools([{**bash, "tools": ["no_such_tool", "cat"]}])
        == "no_such_tool not found: install no_such_tool"
    )
