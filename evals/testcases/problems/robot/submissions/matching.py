w, h, n = map(int, input().split())
v, p = (0, 1), (0, 0)
for _ in range(n):
    match input().split():
        case ["L"]:
            v = (-v[1], v[0])
        case ["R"]:
            v = (v[1], -v[0])
        case ["F", k]:
            p = (p[0] + v[0] * int(k), p[1] + v[1] * int(k))
        case ["B", k]:
            p = (p[0] - v[0] * int(k), p[1] - v[1] * int(k))
print(p[0] % w, p[1] % h, {(0, 1): "N", (1, 0): "E", (0, -1): "S", (-1, 0): "W"}[v])
