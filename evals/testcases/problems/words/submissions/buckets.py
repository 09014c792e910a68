import re
import sys

k = int(input())
text = sys.stdin.read()
times = {}
for m in re.finditer(r"[a-zA-Z]+", text):
    w = m[0].lower()
    times[w] = times.setdefault(w, 0) + 1
by_count = {}
for w, n in times.items():
    by_count.setdefault(n, []).append(w)
out = [f"{w} {n}" for n in sorted(by_count, reverse=True) for w in sorted(by_count[n])]
print("\n".join(out[:k]))
