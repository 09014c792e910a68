n = int(input())
bits = [int(b) for b in reversed(bin(abs(n))[2:])] + [0] * 6
digits = [b if i % 2 == (n < 0) else -b for i, b in enumerate(bits)]
for i in range(len(digits) - 2):  # −1 at i is 1 at i and at i + 1; 2 at i is −1 at i + 1
    carry = -(digits[i] // 2)
    digits[i] %= 2
    digits[i + 1] += carry
print("".join(str(abs(d)) for d in reversed(digits)).lstrip("0") or "0")
