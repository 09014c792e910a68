"""Tests of MultiPL-E's form in the seven languages, for functions of these tests' own."""

CLASSY = ("java", "csharp")
_WRAPS = {
    "cpp": "int main() {{\n    auto candidate = {name};\n{lines}}}\n",
    "java": "    public static void main(String[] args) {{\n{lines}    }}\n\n}}\n",
    "javascript": "const assert = require('node:assert');\n\n\nfunction test() {{\n"
    "  let candidate = {name};\n{lines}}}\n\ntest();",
    "typescript": "declare var require: any;\nconst assert = require('node:assert');\n\n\nfunction test() {{\n"
    "  let candidate = {name};\n{lines}}}\n\ntest();",
    "php": "function candidate(...$args) {{\n    return {name}(...$args);\n}}\n\n"
    "function test(): void {{\n{lines}}}\n\ntest();",
    "bash": '\ncandidate() {{\n    {name} "$@"\n}}\n\nset -e\nrun_test() {{\n{lines}}}\n\nrun_test',
    "csharp": "    public static void Main(string[] args) {{\n{lines}    }}\n\n}}\n",
}
_LINES = {
    "cpp": "    assert({call} == ({expected}));\n",
    "java": "    assert({call} == ({expected}));\n",
    "java.equals": "    assert({call}.equals({expected}));\n",
    "javascript": "  assert.deepEqual({call},{expected});\n",
    "typescript": "  assert.deepEqual({call},{expected});\n",
    "php": '    if ({call} !== {expected}) {{ throw new Exception("Test failed!"); }}\n',
    "bash": "    [[ $({call}) = {expected} ]]\n",
    "csharp": "    Debug.Assert({call} == ({expected}));\n",
    "csharp.Equals": "    Debug.Assert({call}.Equals(({expected})));\n",
    "csharp.SequenceEqual": "    Debug.Assert({call}.SequenceEqual(({expected})));\n",
}


def harness(language, comparisons, name="f"):
    """The tests. A comparison is the arguments, what is expected and, where it is not the usual one, the operator."""
    lines = []
    for arguments, expected, *operator in comparisons:
        caller = name if language in CLASSY else "candidate"
        call = f"{caller} {arguments}" if language == "bash" else f"{caller}({arguments})"
        lines.append(_LINES[".".join([language, *operator])].format(call=call, expected=expected))
    return _WRAPS[language].format(name=name, lines="".join(lines))


def reference(language, comparisons, name="f", **more):
    return {"language": language, "harness": harness(language, comparisons, name), **more}


def of_integers(language, values):
    """Tests of a function of one whole number: what it is to return for each."""
    marks = {"java": "l", "csharp": "L"}.get(language, "")
    quote = '"' if language == "bash" else ""
    return reference(
        language,
        [(f"{quote}{x}{marks}{quote}", f"{quote}{y}{marks}{quote}") for x, y in values.items()],
        "F" if language == "csharp" else "f",
    )
