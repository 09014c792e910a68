B, M = 911382323, (1 << 61) - 1
s = input()
n = len(s)
f, g, power = [0], [0], [1]
for a, b in zip(s, reversed(s)):
    f.append((f[-1] * B + ord(a)) % M)
    g.append((g[-1] * B + ord(b)) % M)
    power.append(power[-1] * B % M)


def is_palindrome(i, j):
    x = (f[j] - f[i] * power[j - i]) % M
    y = (g[n - i] - g[n - j] * power[j - i]) % M
    return x == y


answers = []
for first in (1, 2):  # odd and even lengths: if one of length k is there, so is one of k − 2
    low, high = 0, (n - first) // 2 + 1
    while high - low > 1:
        m = (low + high) // 2
        k = first + 2 * m
        if any(is_palindrome(i, i + k) for i in range(n - k + 1)):
            low = m
        else:
            high = m
    k = first + 2 * low
    answers += [s[i : i + k] for i in range(n - k + 1) if is_palindrome(i, i + k)]
print(min(answers, key=lambda t: (-len(t), t)))
