n = int(input())
starts, ends = [], []
for _ in range(n):
    a, b = map(int, input().split())
    starts.append(min(a, b))
    ends.append(max(a, b))
starts.sort()
ends.sort()
# a piece begins where all that began before has ended
total = 0
for i in range(n):
    if i == 0 or starts[i] > ends[i - 1]:
        total -= starts[i]
    if i == n - 1 or starts[i + 1] > ends[i]:
        total += ends[i]
print(total)
