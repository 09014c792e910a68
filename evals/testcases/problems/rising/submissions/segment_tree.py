n = int(input())
a = list(map(int, input().split()))
order = sorted(set(a))
size = 1 << max(1, len(order)).bit_length()
tree = [0] * (2 * size)
index = {v: i for i, v in enumerate(order)}
for x in a:
    left, right, best = size, size + index[x], 0
    while left < right:
        if left & 1:
            best = max(best, tree[left])
            left += 1
        if right & 1:
            right -= 1
            best = max(best, tree[right])
        left, right = left // 2, right // 2
    p = size + index[x]
    while p and tree[p] < best + 1:
        tree[p] = best + 1
        p //= 2
print(tree[1])
