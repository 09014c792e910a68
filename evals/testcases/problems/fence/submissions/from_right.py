lines = [input() for _ in range(int(input()))]
segments = []
for line in lines:
    a, b = (int(t) for t in line.split())
    segments.append((b, a) if a < b else (a, b))
segments.sort(reverse=True)
edge, covered = 10**9, 0
for high, low in segments:
    high = min(high, edge)
    if low < high:
        covered += high - low
        edge = low
print(covered)
