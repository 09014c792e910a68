from collections import deque

_, a = map(int, input().split())
coins = list(map(int, input().split()))
distance = [-1] * (a + 1)
distance[a] = 0
todo = deque([a])
while todo:
    x = todo.popleft()
    for c in coins:
        if x >= c and distance[x - c] < 0:
            distance[x - c] = distance[x] + 1
            todo.append(x - c)
print(distance[0])
