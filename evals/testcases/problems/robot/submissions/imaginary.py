# Multiplying by i turns left; the parts of the position are kept as two integers.
w, h, n = map(int, input().split())
turn = 0
sums = [0, 0, 0, 0]  # how far it went in each of the four directions
for _ in range(n):
    c = input().split()
    if len(c) == 1:
        turn += 1 if c[0] == "L" else -1
    else:
        sums[(turn + 2 * (c[0] == "B")) % 4] += int(c[1])
print((sums[3] - sums[1]) % w, (sums[0] - sums[2]) % h, "NWSE"[turn % 4])
