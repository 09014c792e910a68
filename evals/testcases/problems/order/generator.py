import sys

from cyaron import Graph, randint

case = int(sys.argv[1])
n = randint(1, 8) if case <= 20 else randint(9, 300)
graph = Graph.DAG(n, randint(0, min(2 * n, n * (n - 1) // 2)), repeated_edges=False)
print(n, graph.edge_count())
for edge in graph.iterate_edges():
    print(edge.start, edge.end)
