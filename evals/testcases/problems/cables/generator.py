import sys

from cyaron import Graph, randint

case = int(sys.argv[1])
n = randint(1, 7) if case <= 20 else randint(8, 100) if case <= 45 else 5000
top = [3, 100, 10**9][case % 3]
if case % 5 == 0:
    graph = Graph.graph(n, randint(0, 2 * n), weight_limit=(1, top))
else:
    graph = Graph.tree(n, weight_limit=(1, top)) if n > 1 else Graph(1)
    for _ in range(randint(0, n)):
        graph.add_edge(randint(1, n), randint(1, n), weight=randint(1, top))
edges = list(graph.iterate_edges())
print(n, len(edges))
for edge in edges:
    print(edge)
