n, k = map(int, input().split())
values = set(map(int, input().split()))
print(sum(k - x in values and x < k - x for x in values))
