import heapq

count = int(input())
todo = [tuple(map(int, input().split())) for _ in range(count)]
todo.sort()
busy, free, used = [], [], 0
for start, end in todo:
    while busy and busy[0][0] <= start:
        heapq.heappush(free, heapq.heappop(busy)[1])
    if not free:
        used += 1
        free.append(used)
    heapq.heappush(busy, (end, heapq.heappop(free)))
print(used)
