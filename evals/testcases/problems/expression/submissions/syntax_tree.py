import ast
import sys

M = 10**9 + 7
sys.setrecursionlimit(20000)


def value(node):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp):
        return -value(node.operand)
    a, b = value(node.left), value(node.right)
    if isinstance(node.op, ast.Add):
        return (a + b) % M
    return (a - b) % M if isinstance(node.op, ast.Sub) else a * b % M


print(value(ast.parse(input().strip(), mode="eval").body) % M)
