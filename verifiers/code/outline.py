"""What a piece of source defines, what it uses of others, and what it does when it is run. Linear in its length.

Python is parsed. The other languages are read as words and brackets, without comments and texts; that is enough to
tell the block of a response that defines a function from one that calls it.
"""

import ast
import builtins
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from verifiers.code.python_prompt import completed, parsed
from verifiers.sandbox.types import Language

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outline:
    """What a piece of source is made of.

    - `defines`: its functions, classes and variables, without functions that have no body yet; a method is there as
      `Class.method`.
    - `imports`: the names that it imports; "*" where it imports all of a module.
    - `headers`: its imports and includes as source.
    - `uses`: names that it neither defines nor has as a variable.
    - `runs`: the names in what runs when it is a program; `within`: those in each function and class (Python alone).
    """

    defines: frozenset[str] = NOTHING
    imports: frozenset[str] = NOTHING
    headers: str = ""
    uses: frozenset[str] = NOTHING
    runs: frozenset[str] = NOTHING
    within: Mapping[str, frozenset[str]] = field(default_factory=dict)


def outline(source: str, language: Language) -> Outline:
    """The outline of a piece of source, also of one that is not whole or has errors."""
    if language != "python":
        return _of_words(source, language)
    tree = parsed(source)
    return _of_lines(source) if tree is None else _of_tree(tree)


def asked_of_program(function: str, prompt: str) -> frozenset[str]:
    """The names of which a Python program defines one: the function that tests call, or where `prompt` defines that
    itself, what it uses for it.
    """
    given = _of_prompt(prompt)
    return given.uses if function in given.defines and given.uses else frozenset({function})


def given_by(prompt: str) -> frozenset[str]:
    """The names that a Python prompt gives to the program behind it."""
    given = _of_prompt(prompt)
    return given.defines | given.imports


@lru_cache(maxsize=256)
def _of_prompt(prompt: str) -> Outline:
    return outline(completed(prompt), "python") if prompt else Outline()


# Python


def _of_tree(tree: ast.Module) -> Outline:
    defines: set[str] = set()
    imports: set[str] = set()
    headers: list[str] = []
    within: dict[str, frozenset[str]] = {}
    runs: set[str] = set()
    for statement in _statements(tree):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            within[statement.name] = _words(statement)
            defines.update(_defined_by(statement))
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            imports.update(_imported(statement))
            headers.append(ast.unparse(statement) + "\n")
        else:
            runs |= _words(statement)
            defines.update(_assigned(statement))
    stored, loaded = _names(tree)
    return Outline(
        frozenset(defines),
        frozenset(imports),
        "".join(headers),
        frozenset(loaded - stored - _BUILTIN),
        frozenset(runs),
        within,
    )


def reached(pieces: Iterable[Outline]) -> set[str]:
    """The names that are reached when pieces of source run one after the other as one program."""
    within: dict[str, frozenset[str]] = {}
    waiting: set[str] = set()
    for piece in pieces:
        within.update(piece.within)
        waiting |= piece.runs
    names: set[str] = set()
    while waiting:
        names |= waiting
        waiting = {name for known in waiting & within.keys() for name in within[known]} - names
    return names


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements of a module, with those inside of `if`, `try` and `with`."""
    waiting: list[ast.stmt] = list(reversed(tree.body))
    while waiting:
        statement = waiting.pop()
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            inner = [one for one in ast.iter_child_nodes(statement) if isinstance(one, ast.stmt)]
            waiting.extend(one for one in inner if isinstance(one, _DEFINITIONS))


_DEFINITIONS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
    ast.If,
    ast.Try,
)


def _defined_by(statement: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[str]:
    if not isinstance(statement, ast.ClassDef):
        if not _is_stub(statement):
            yield statement.name
        return
    yield statement.name
    for inner in statement.body:
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_stub(inner):
            yield f"{statement.name}.{inner.name}"


def _is_stub(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the body is nothing but a docstring, `pass`, `...` or `raise NotImplementedError`."""
    return all(
        isinstance(one, ast.Pass)
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        or (isinstance(one, ast.Raise) and "NotImplementedError" in _words(one))
        for one in function.body
    )


def _imported(statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
    for alias in statement.names:
        yield alias.asname or alias.name.partition(".")[0]


def _assigned(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.Assign):
        targets: list[ast.expr] = list(statement.targets)
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets = [statement.target]
    else:
        return
    for target in targets:
        yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _names(tree: ast.AST) -> tuple[set[str], set[str]]:
    """The names that are stored anywhere, as variable, parameter or definition, and those that are loaded."""
    stored: set[str] = set()
    loaded: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (loaded if isinstance(node.ctx, ast.Load) else stored).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            stored.add(node.name)
        elif isinstance(node, ast.arg):
            stored.add(node.arg)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            stored.update(_imported(node))
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            stored.add(node.name)
    return stored, loaded


def _words(node: ast.AST) -> frozenset[str]:
    """Names and attributes below a node."""
    return frozenset(
        inner.id if isinstance(inner, ast.Name) else inner.attr
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name | ast.Attribute)
    )


_LINE = re.compile(
    r"^(?:(?P<indent>[ \t]+)?(?:async[ \t]+)?def[ \t]+(?P<function>\w+)|class[ \t]+(?P<type>\w+)"
    r"|(?P<name>\w+)[ \t]*=(?!=))",
    re.MULTILINE,
)


def _of_lines(source: str) -> Outline:
    """The outline of Python that cannot be parsed: its definitions, by the beginnings of lines."""
    defines: set[str] = set()
    within = ""
    for line in _LINE.finditer(source):
        if line["type"]:
            within = line["type"]
            defines.add(within)
        elif line["name"]:
            defines.add(line["name"])
        elif line["indent"] is None:
            defines.add(line["function"])
        elif within:
            defines.add(f"{within}.{line['function']}")
    return Outline(frozenset(defines))


_BUILTIN = frozenset(dir(builtins)) | {"__name__", "__file__"}


# The other languages

_C_TEXT = r"//[^\n]*+|/\*.*?(?:\*/|\Z)"
_QUOTED = r"""|"(?:\\.|[^"\\\n])*+"?|'(?:\\.|[^'\\\n])*+'?"""
_BLOCK = r'|"""(?:\\.|[^\\])*?(?:"""|\\?\Z)'
_BACKTICKS = r"|`(?:\\.|[^`\\])*+`?"
_TEXT: dict[Language, re.Pattern[str]] = {
    "cpp": re.compile(_C_TEXT + _QUOTED, re.DOTALL),
    "java": re.compile(_C_TEXT + _BLOCK + _QUOTED, re.DOTALL),
    "csharp": re.compile(_C_TEXT + _BLOCK + r'|@"(?:[^"]|"")*+"?' + _QUOTED, re.DOTALL),
    "javascript": re.compile(_C_TEXT + _QUOTED + _BACKTICKS, re.DOTALL),
    "typescript": re.compile(_C_TEXT + _QUOTED + _BACKTICKS, re.DOTALL),
    "php": re.compile(_C_TEXT + r"|\#[^\n]*+" + _QUOTED, re.DOTALL),
    "bash": re.compile(r"""(?<![^\s;])\#[^\n]*+|\\.|"(?:\\.|[^"\\])*+"?|'[^']*+'?""", re.DOTALL),
}


def without_text(source: str, language: Language) -> str:
    """The source of a language other than Python without its comments and texts."""
    return _TEXT[language].sub(" ", source)


def closed(source: str, language: Language) -> str:
    """The source with the closing braces that it lacks."""
    bare = without_text(source, language)
    missing = bare.count("{") - bare.count("}")
    return source if missing <= 0 else source.rstrip() + "\n" + "}\n" * missing


def called_in(tests: str, language: Language) -> frozenset[str]:
    """The names that tests use and do not define themselves: one of them is the function that they are for."""
    return outline(tests, language).uses


_TOKEN = re.compile(r"[^\W\d][\w$]*+|=>|[(){};=]|[^\s\w]")
_NAMED = re.compile(
    r"\b(?:class|struct|interface|enum|record|union|trait|namespace|type)\s+([^\W\d]\w*)"
    r"|\#[ \t]*define[ \t]+(\w+)"
    r"|\bfunction[ \t]*[*&]?[ \t]*\b([^\W\d][\w$]*)"
    r"|\b(?:const|let|var|auto)\s+([^\W\d][\w$]*)\s*(?::[^=;\n]{0,200})?=(?!\s*(?:require|await)\b)"
    r"|\b([^\W\d]\w*)\s*=\s*(?:async\s*)?(?:function\b|\([^()]{0,300}\)\s*(?::[^=;{}\n]{0,200})?=>|\w+\s*=>)"
    r"|>\s*([^\W\d]\w*)\s*=\s*\["
)
"""Names of types, macros, functions that a keyword tells, variables, and functions that are assigned to a name.

The last one is a lambda of C++, behind its type `std::function<…>`.
"""
_SHELL_FUNCTION = re.compile(r"([^\W\d]\w*)[ \t]*\([ \t]*\)")
_NO_FUNCTION = frozenset(
    ("if", "for", "foreach", "while", "switch", "catch", "using", "lock", "fixed", "synchronized", "try", "function",
     "return", "new", "else", "do", "with", "until", "fn")
)  # fmt: skip
_WORD = re.compile(r"[^\W\d][\w$]*+")


_HEADER: dict[Language, re.Pattern[str]] = {
    "cpp": re.compile(r"^[ \t]*(?:#[ \t]*include\b|using[ \t]+namespace\b)[^\n]*\n?", re.MULTILINE),
    "java": re.compile(r"^[ \t]*import\b[^\n]*;[ \t]*\n?", re.MULTILINE),
    "csharp": re.compile(r"^[ \t]*using\b[^\n(]*;[ \t]*\n?", re.MULTILINE),
}


def _of_words(source: str, language: Language) -> Outline:
    bare = without_text(source, language)
    words = frozenset(_WORD.findall(bare))
    named = {next(filter(None, match.groups())) for match in _NAMED.finditer(bare)}
    functions = _SHELL_FUNCTION.findall(bare) if language == "bash" else _functions(bare)
    defines = frozenset(named.union(functions))
    headers = "".join(_HEADER[language].findall(source)) if language in _HEADER else ""
    return Outline(defines, NOTHING, headers, words - defines, words)


def without_headers(source: str, language: Language) -> str:
    """The source without its imports, in the languages in which these have to stand first."""
    return _HEADER[language].sub("", source) if language in _HEADER else source


def _functions(bare: str) -> Iterator[str]:
    """The names of functions: what stands before round brackets that a body follows, such as `f<T>(x) {`."""
    before = last = ""
    open_brackets: list[tuple[str, str]] = []
    open_angles: list[tuple[str, str]] = []
    generic = ("", "")  # the name before the last closed angle brackets, and the token before it
    head: tuple[str, str] | None = None  # the same of round brackets
    for match in _TOKEN.finditer(bare):
        token = match[0]
        if token == "(":
            open_brackets.append(generic if last == ">" else (last, before))
            head = None
        elif token == ")":
            head = open_brackets.pop() if open_brackets else None
        elif token in ("{", "=>"):
            if head is not None and _is_function(*head, token):
                yield head[0]
            head = None
        elif token in ("=", ";", "}"):
            head = None
            open_angles.clear()
        elif token == "<":
            open_angles.append((last, before))
        elif token == ">":
            generic = open_angles.pop() if open_angles else ("", "")
        before, last = last, token


def _is_function(name: str, before: str, opens: str) -> bool:
    """Whether what a body follows is a function: `f(…) {`, or where a type stands before it `f(…) =>`."""
    if _WORD.fullmatch(name) is None or name in _NO_FUNCTION or before == "new":
        return False
    return opens == "{" or before[-1:].isalnum() or before[-1:] in ("]", ">", "?")
