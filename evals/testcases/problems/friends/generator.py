import sys

from cyaron import Graph, randint

case = int(sys.argv[1])
n = randint(1, 8) if case <= 20 else randint(9, 300) if case <= 44 else 20000
m = 0 if case == 3 else randint(0, n)
if case >= 48:
    graph = Graph.chain(n)  # as deep as it can be
elif case % 4 == 0:
    graph = Graph.tree(n, 0.3, 0.2)
else:
    graph = Graph.graph(n, m)
edges = list(graph.iterate_edges())
print(n, len(edges))
for edge in edges:
    print(edge.start, edge.end)
