import heapq

ends = []
for s, e in sorted(tuple(map(int, input().split())) for _ in range(int(input()))):
    if ends and ends[0] < s:
        heapq.heappop(ends)
    heapq.heappush(ends, e)
print(len(ends))
