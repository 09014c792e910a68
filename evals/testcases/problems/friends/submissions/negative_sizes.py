import sys


def main():
    n, m, *rest = map(int, sys.stdin.buffer.read().split())
    up = [-1] * n
    it = iter(rest)
    for a, b in zip(it, it):
        a -= 1
        b -= 1
        while up[a] >= 0:
            if up[up[a]] >= 0:
                up[a] = up[up[a]]
            a = up[a]
        while up[b] >= 0:
            if up[up[b]] >= 0:
                up[b] = up[up[b]]
            b = up[b]
        if a != b:
            if up[a] > up[b]:
                a, b = b, a
            up[a] += up[b]
            up[b] = a
    roots = [-x for x in up if x < 0]
    print(len(roots), max(roots))


main()
