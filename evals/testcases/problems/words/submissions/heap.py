import heapq
import re
import sys
from collections import defaultdict

k, table = int(input()), defaultdict(int)
for line in sys.stdin:
    for word in re.split(r"[^A-Za-z]+", line):
        if word:
            table[word.lower()] += 1
for word, n in heapq.nsmallest(k, table.items(), key=lambda t: (-t[1], t[0])):
    print(f"{word} {n}")
