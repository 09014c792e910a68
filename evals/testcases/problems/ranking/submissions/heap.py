import heapq

heap = []
for _ in range(int(input())):
    name, points, time = input().split()
    heapq.heappush(heap, (-int(points), int(time), name))
count, place, last = 0, 0, ()
while heap:
    *score, name = heapq.heappop(heap)
    count += 1
    if score != last:
        place, last = count, score
    print(place, name)
