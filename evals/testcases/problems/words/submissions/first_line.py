import re
from collections import Counter

k = int(input())
c = Counter(re.findall("[a-z]+", input().lower()))
for word, n in sorted(c.items(), key=lambda t: (-t[1], t[0]))[:k]:
    print(word, n)
