import sys

numbers = [int(x) for x in sys.stdin.read().split()]
starts, ends = sorted(numbers[1::2]), sorted(numbers[2::2])
rooms = j = 0
for s in starts:
    if s < ends[j]:
        rooms += 1
    else:
        j += 1
print(rooms)
