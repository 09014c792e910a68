import sys

lines = sys.stdin.read().splitlines()
w, h, _ = map(int, lines[0].split())
STEPS = [(0, 1), (1, 0), (0, -1), (-1, 0)]
x = y = d = 0
for line in lines[1:]:
    if line[0] in "LR":
        d = (d + (1 if line[0] == "R" else 3)) % 4
        continue
    k = int(line[2:])
    if line[0] == "B":
        k = -k
    x += k * STEPS[d][0]
    y += k * STEPS[d][1]
print(x % w, y % h, "NESW"[d])
