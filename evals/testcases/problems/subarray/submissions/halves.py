def solve(a):
    """Total, best prefix, best suffix, best."""
    if len(a) == 1:
        return (a[0],) * 4
    m = len(a) // 2
    t, p, s, b = solve(a[:m])
    T, P, S, B = solve(a[m:])
    return t + T, max(p, t + P), max(S, T + s), max(b, B, s + P)


input()
print(solve(list(map(int, input().split())))[3])
