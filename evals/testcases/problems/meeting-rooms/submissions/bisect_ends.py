from bisect import bisect_right

n = int(input())
meetings = [list(map(int, input().split())) for _ in range(n)]
starts = sorted(m[0] for m in meetings)
ends = sorted(m[1] for m in meetings)
print(max(i + 1 - bisect_right(ends, s) for i, s in enumerate(starts)))
