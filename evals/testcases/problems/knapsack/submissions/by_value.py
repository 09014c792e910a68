n, w = map(int, input().split())
things = [tuple(map(int, input().split())) for _ in range(n)]
lightest = {0: 0}
for a, v in things:
    new = dict(lightest)
    for value, weight in lightest.items():
        if weight + a <= min(w, new.get(value + v, w + 1) - 1):
            new[value + v] = weight + a
    lightest = new
print(max(lightest))
