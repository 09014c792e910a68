s = input()
count = {"(": 0, "[": 0, "{": 0}
last = []
for i, c in enumerate(s):
    if c in "([{":
        count[c] += 1
        last.append(c)
    elif c in ")]}":
        o = "([{"[")]}".index(c)]
        count[o] -= 1
        if count[o] < 0 or (len(last) == 2 and last[-1] != o):
            print(i + 1)
            break
        last.remove(o)
else:
    print("OK" if not any(count.values()) else len(s) + 1)
