# Reachable sums with exactly m coins (0 counts as a coin), m by powers of two, then the least m by bits.
_, a = map(int, input().split())
coins = list(map(int, input().split()))
mask = (1 << a + 1) - 1


def plus(p, q):
    out = 0
    while q:
        low = q & -q
        out |= p << low.bit_length() - 1
        q ^= low
    return out & mask


powers = [sum(1 << c for c in [0, *coins]) & mask]
while not powers[-1] >> a & 1 and (1 << len(powers)) <= 2 * a + 2:
    powers.append(plus(powers[-1], powers[-1]))
if a == 0:
    print(0)
elif not powers[-1] >> a & 1:
    print(-1)
else:
    now, count = 1, 0
    for i in reversed(range(len(powers))):
        wider = plus(now, powers[i])
        if not wider >> a & 1:
            now, count = wider, count + (1 << i)
    print(count + 1)
