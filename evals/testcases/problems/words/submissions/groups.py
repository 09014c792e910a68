import sys
from itertools import groupby

lines = sys.stdin.read().lower().splitlines()
words = []
for line in lines[1:]:
    words += ["".join(g) for good, g in groupby(line, key=lambda c: c.isascii() and c.isalpha()) if good]
runs = [(len(list(g)), w) for w, g in groupby(sorted(words))]
runs.sort(key=lambda r: -r[0])  # stable: equal counts stay in alphabetical order
for n, w in runs[: int(lines[0])]:
    print(w, n)
