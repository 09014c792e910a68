import sys
from collections import Counter

k = int(input())
c = Counter(w.strip(".,;:!?'-0123456789").lower() for w in sys.stdin.read().split())
del c[""]
for word, n in sorted(c.items(), key=lambda t: (-t[1], t[0]))[:k]:
    print(word, n)
