import re
import sys
from collections import Counter

k = int(input())
words = Counter(re.findall("[a-z]+", sys.stdin.read().lower()))
for word, n in sorted(words.items(), key=lambda item: (-item[1], item[0]))[:k]:
    print(word, n)
