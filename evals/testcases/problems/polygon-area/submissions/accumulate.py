from itertools import pairwise

n = int(input())
pts = [tuple(int(v) for v in input().split()) for _ in range(n)]
s = sum(a * d - b * c for (a, b), (c, d) in pairwise([*pts, pts[0]]))
text = str(abs(s) * 5)  # tenths
whole, tenth = text[:-1] or "0", text[-1]
print(whole + ("." + tenth if tenth != "0" else ""))
