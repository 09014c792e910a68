import re
import sys

k, words = int(input()), re.sub("[^a-z]", " ", sys.stdin.read().lower()).split()
seen = {}
for w in words:
    seen[w] = seen.get(w, 0) + 1
while k and seen:
    most = max(seen.values())
    w = min(x for x in seen if seen[x] == most)
    print(w, seen.pop(w))
    k -= 1
