n, w = map(int, input().split())
states = {0: 0}
for _ in range(n):
    a, v = map(int, input().split())
    for weight, value in list(states.items()):
        if weight + a <= w and states.get(weight + a, -1) < value + v:
            states[weight + a] = value + v
    states = dict(states)
print(max(states.values()))
