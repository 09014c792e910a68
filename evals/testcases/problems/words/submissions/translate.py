import sys
from collections import Counter

first, _, text = sys.stdin.read().partition("\n")
kept = "".join(c if "a" <= c <= "z" else " " for c in text.lower())
counts = Counter(kept.split())
ranked = sorted(counts, key=lambda w: (-counts[w], w))
print(*(f"{w} {counts[w]}" for w in ranked[: int(first)]), sep="\n")
