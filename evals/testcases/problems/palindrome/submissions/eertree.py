s = input()
length, link, to, text = [-1, 0], [0, 0], [{}, {}], ["", ""]
last = 1
for i, c in enumerate(s):
    while i - length[last] - 1 < 0 or s[i - length[last] - 1] != c:
        last = link[last]
    if c not in to[last]:
        k = length[last] + 2
        other = link[last]
        while length[last] >= 0 and (i - length[other] - 1 < 0 or s[i - length[other] - 1] != c):
            other = link[other]
        link.append(1 if k == 1 else to[other][c])
        length.append(k)
        text.append(s[i - k + 1 : i + 1])
        to.append({})
        to[last][c] = len(length) - 1
    last = to[last][c]
print(min(text[2:], key=lambda t: (-len(t), t)))
