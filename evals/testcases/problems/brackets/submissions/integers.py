# The stack as one big number in base 4, three bits would do as well; cut into chunks to stay fast.
s = input()
kinds = "([{)]}"
chunks, top, depth = [], 0, 0
result = "OK"
for i, c in enumerate(s):
    k = kinds.find(c)
    if k < 0:
        continue
    if k < 3:
        if depth and depth % 30 == 0:
            chunks.append(top)
            top = 0
        top = top * 4 + k + 1
        depth += 1
    else:
        if depth == 0 or top % 4 != k - 2:
            result = i + 1
            break
        top //= 4
        depth -= 1
        if depth and depth % 30 == 0:
            top = chunks.pop()
if result == "OK" and depth:
    result = len(s) + 1
print(result)
