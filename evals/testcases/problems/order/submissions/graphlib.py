from graphlib import CycleError, TopologicalSorter

n, m = map(int, input().split())
sorter = TopologicalSorter(dict.fromkeys(range(1, n + 1), ()))
for _ in range(m):
    a, b = map(int, input().split())
    sorter.add(b, a)
try:
    print(*sorter.static_order())
except CycleError:
    print("NONE")
