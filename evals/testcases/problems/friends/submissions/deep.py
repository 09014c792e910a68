import sys
import threading

sys.setrecursionlimit(100000)
threading.stack_size(1 << 27)


def main():
    n, m = map(int, input().split())
    g = [[] for _ in range(n + 1)]
    for _ in range(m):
        a, b = map(int, input().split())
        g[a].append(b)
        g[b].append(a)
    seen = [0] * (n + 1)

    def visit(x):
        seen[x] = 1
        return 1 + sum(visit(y) for y in g[x] if not seen[y])

    sizes = [visit(x) for x in range(1, n + 1) if not seen[x]]
    print(len(sizes), max(sizes))


thread = threading.Thread(target=main)
thread.start()
thread.join()
