def rings(grid, start):
    """The squares at distance 0, 1, 2, ..."""
    seen, ring = {start}, [start]
    while ring:
        yield ring
        ring = [n for p in ring for n in grid.get(p, ()) if not (n in seen or seen.add(n))]


h, w = map(int, input().split())
rows = [input() for _ in range(h)]
free = [(r, c) for r in range(h) for c in range(w) if rows[r][c] == "."]
inside = set(free)
graph = {
    (r, c): [n for n in ((r, c + 1), (r + 1, c), (r, c - 1), (r - 1, c)) if n in inside] for r, c in free
}
goal = (h - 1, w - 1)
found = (d for d, ring in enumerate(rings(graph, (0, 0))) if goal in ring)
print(next(found, -1) if {(0, 0), goal} <= inside else -1)
