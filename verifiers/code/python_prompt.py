"""Python that a program goes on from, such as a function's head."""

import ast
import re
import textwrap

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def parsed(source: str) -> ast.Module | None:
    """The syntax tree of `source`; None where it is not Python. What its texts hold may be changed in it."""
    # Python warns of odd escapes in texts as it parses; their content is of no interest here.
    plain = _ESCAPE.sub(lambda escape: escape[0] if escape[1] in "\n\\'\"" else escape[1], source)
    try:
        return ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def parses(source: str) -> bool:
    """Whether `source` is Python."""
    return parsed(source) is not None


def completed(prompt: str) -> str:
    """The prompt as Python that runs by itself: a function that has no docstring gets a body."""
    return prompt if parses(prompt) else f"{prompt.rstrip()}\n    pass\n"


def as_body(code: str) -> str:
    """Code that returns outside of any function, indented as the body of one; other code as it is."""
    if "return" not in code:
        return code
    tree = parsed(code)
    return code if tree is None or not _returns(tree) else textwrap.indent(code, "    ")


def _returns(tree: ast.Module) -> bool:
    """Whether there is a `return` that stands in no function."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            waiting.extend(ast.iter_child_nodes(node))
    return False
