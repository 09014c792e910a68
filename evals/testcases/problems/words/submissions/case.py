import re
import sys
from collections import Counter

k = int(input())
c = Counter(re.findall("[A-Za-z]+", sys.stdin.read()))
merged = {}
for word, n in c.items():
    merged[word.lower()] = max(n, merged.get(word.lower(), 0))
for word, n in sorted(merged.items(), key=lambda t: (-t[1], t[0]))[:k]:
    print(word, n)
