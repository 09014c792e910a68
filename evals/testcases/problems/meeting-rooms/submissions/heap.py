import heapq

n = int(input())
ends = []
for s, e in sorted(tuple(map(int, input().split())) for _ in range(n)):
    if ends and ends[0] <= s:
        heapq.heapreplace(ends, e)
    else:
        heapq.heappush(ends, e)
print(len(ends))
