from bisect import bisect_left, bisect_right

n, k = map(int, input().split())
a = sorted(map(int, input().split()))
print(sum(bisect_right(a, k - x, i + 1) - bisect_left(a, k - x, i + 1) for i, x in enumerate(a)))
