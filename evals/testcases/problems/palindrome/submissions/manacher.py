s = input()
t = "|" + "|".join(s) + "|"
n = len(t)
radius = [0] * n
c = r = 0
for i in range(n):
    k = min(radius[2 * c - i], r - i) if i < r else 0
    while i - k - 1 >= 0 and i + k + 1 < n and t[i - k - 1] == t[i + k + 1]:
        k += 1
    radius[i] = k
    if i + k > r:
        c, r = i, i + k
top = max(radius)
print(min(s[(i - top) // 2 : (i + top) // 2] for i in range(n) if radius[i] == top))
