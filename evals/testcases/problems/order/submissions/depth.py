import sys

sys.setrecursionlimit(5000)
n, m = map(int, input().split())
g = [[] for _ in range(n + 1)]
for _ in range(m):
    a, b = map(int, input().split())
    g[a].append(b)
state, out = [0] * (n + 1), []


def visit(x):
    state[x] = 1
    for y in g[x]:
        if state[y] == 1 or (state[y] == 0 and not visit(y)):
            return False
    state[x] = 2
    out.append(x)
    return True


ok = all(state[x] == 2 or visit(x) for x in range(1, n + 1))
print(*(reversed(out) if ok else ["NONE"]))
