n = int(input())
half, odd = divmod(n * (n + 1) // 2, 2)
group = []
for x in range(n, 0, -1):
    if x <= half:
        group.append(x)
        half -= x
print("NO" if odd else " ".join(map(str, group)))
