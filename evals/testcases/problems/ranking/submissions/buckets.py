from collections import defaultdict

buckets = defaultdict(list)
for _ in range(int(input())):
    name, points, time = input().split()
    buckets[int(points), -int(time)].append(name)
ahead = 0
for score in sorted(buckets, reverse=True):
    for name in sorted(buckets[score]):
        print(ahead + 1, name)
    ahead += len(buckets[score])
