import sys
from collections import Counter

data = sys.stdin.buffer.read()
at = data.index(b"\n")
table = bytes(c | 32 if chr(c).isalpha() and c < 128 else 32 for c in range(256))
c = Counter(data[at:].translate(table).split())
for word in sorted(sorted(c), key=c.get, reverse=True)[: int(data[:at])]:
    print(word.decode(), c[word])
