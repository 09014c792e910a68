n = int(input())
low, high, k = 0, 0, 0
while not low <= n <= high:
    if k % 2:
        low -= 2**k
    else:
        high += 2**k
    k += 1
out = []
for i in reversed(range(k)):
    # take place i when the places below cannot reach n
    below_high = sum(2**j for j in range(0, i, 2))
    below_low = -sum(2**j for j in range(1, i, 2))
    bit = not below_low <= n <= below_high
    out.append("01"[bit])
    n -= bit * (-2) ** i
print("".join(out).lstrip("0") or "0")
