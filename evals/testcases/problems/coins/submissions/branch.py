import heapq

_, a = map(int, input().split())
coins = list(map(int, input().split()))
heap, done = [(0, 0)], set()
answer = -1
while heap:
    n, x = heapq.heappop(heap)
    if x == a:
        answer = n
        break
    if x in done:
        continue
    done.add(x)
    for c in coins:
        if x + c <= a and x + c not in done:
            heapq.heappush(heap, (n + 1, x + c))
print(answer)
