# Only pairs (weight, value) that no other beats are kept.
n, w = map(int, input().split())
front = [(0, 0)]
for _ in range(n):
    a, v = map(int, input().split())
    both = sorted(front + [(x + a, y + v) for x, y in front if x + a <= w], key=lambda p: (p[0], -p[1]))
    front = []
    for x, y in both:
        if not front or y > front[-1][1]:
            front.append((x, y))
print(front[-1][1])
