"""Programs as models write them for programming problems, with their inputs and what they must print."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One program on one input."""

    name: str
    source: str
    stdin: str
    stdout: str


SUM = "n = int(input())\nprint(sum(map(int, input().split())))\n"

SIEVE = """import math
n = int(input())
sieve = bytearray([1]) * (n + 1)
sieve[:2] = b"\\0\\0"
for i in range(2, math.isqrt(n) + 1):
    if sieve[i]:
        sieve[i * i :: i] = bytes(len(range(i * i, n + 1, i)))
print(sum(sieve))
"""

WORDS = """import sys
from collections import Counter
words = sys.stdin.read().split()
for word, count in sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0]))[:3]:
    print(word, count)
"""

PATHS = """import heapq
n, m = map(int, input().split())
edges = [[] for _ in range(n)]
for _ in range(m):
    a, b, w = map(int, input().split())
    edges[a].append((b, w))
    edges[b].append((a, w))
best = [None] * n
queue = [(0, 0)]
while queue:
    d, a = heapq.heappop(queue)
    if best[a] is None:
        best[a] = d
        for b, w in edges[a]:
            heapq.heappush(queue, (d + w, b))
print(*[-1 if d is None else d for d in best])
"""

STEPS = """from functools import lru_cache
@lru_cache(None)
def ways(n):
    return 1 if n < 2 else ways(n - 1) + ways(n - 2)
class Solution:
    def climb(self, n):
        return ways(n)
print(Solution().climb(int(input())))
"""


def tasks(seed: int) -> list[Task]:
    """One of each, with random inputs; what they must print is worked out here, by other means."""
    draw = random.Random(seed)
    numbers = [draw.randrange(1000) for _ in range(200)]
    size = draw.randrange(5_000, 20_000)
    words = draw.choices(["an", "apple", "on", "the", "table"], [5, 4, 3, 2, 1], k=300)
    counts = sorted({word: words.count(word) for word in words}.items(), key=lambda pair: (-pair[1], pair[0]))
    nodes = 60
    edges = [(a, draw.randrange(a), draw.randrange(1, 100)) for a in range(1, nodes)]
    steps = draw.randrange(20, 80)
    return [
        Task("sum", SUM, f"{len(numbers)}\n{' '.join(map(str, numbers))}\n", f"{sum(numbers)}\n"),
        Task("sieve", SIEVE, f"{size}\n", f"{primes(size)}\n"),
        Task("words", WORDS, " ".join(words), "".join(f"{word} {count}\n" for word, count in counts[:3])),
        Task("paths", PATHS, f"{nodes} {len(edges)}\n" + "".join(f"{a} {b} {w}\n" for a, b, w in edges),
             " ".join(map(str, distances(edges))) + "\n"),
        Task("steps", STEPS, f"{steps}\n", f"{fibonacci(steps)}\n"),
    ]  # fmt: skip


def primes(most: int) -> int:
    found: list[int] = []
    for number in range(2, most + 1):
        for prime in found:
            if prime * prime > number:
                found.append(number)
                break
            if number % prime == 0:
                break
        else:
            found.append(number)
    return len(found)


def distances(edges: list[tuple[int, int, int]]) -> list[int]:
    """From node 0, in a tree whose nodes hang on earlier ones."""
    found = [0]
    for _, parent, weight in edges:
        found.append(found[parent] + weight)
    return found


def fibonacci(n: int) -> int:
    a, b = 1, 1
    for _ in range(n):
        a, b = b, a + b
    return a
