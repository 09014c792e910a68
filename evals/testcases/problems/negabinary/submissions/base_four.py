n = int(input())
text = ""
while n not in (0, 1):  # a pair of digits is worth 0, 1, −2 or −1 times a power of four
    r = n % 4
    text = {0: "00", 1: "01", 2: "10", 3: "11"}[r] + text if r < 2 else ("10" if r == 2 else "11") + text
    n = (n - {0: 0, 1: 1, 2: -2, 3: -1}[r]) // 4
print((str(n) + text).lstrip("0") or "0")
