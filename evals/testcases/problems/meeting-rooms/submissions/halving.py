# Is k enough? The i-th start must not be before the (i − k)-th end. Search for the least k.
n = int(input())
pairs = [tuple(map(int, input().split())) for _ in range(n)]
a = sorted(s for s, _ in pairs)
b = sorted(e for _, e in pairs)


def enough(k):
    return all(a[i] >= b[i - k] for i in range(k, n))


low, high = 1, n
while low < high:
    middle = (low + high) // 2
    if enough(middle):
        high = middle
    else:
        low = middle + 1
print(low)
