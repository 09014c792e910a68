import sys

s = sys.stdin.readline().strip()
closing = {"(": ")", "[": "]", "{": "}"}
want, answer = [], None
for i, c in enumerate(s):
    if c in closing:
        want.append(closing[c])
    elif c.isalpha():
        continue
    elif want and want[-1] == c:
        want.pop()
    else:
        answer = i + 1
        break
if answer is None and want:
    answer = len(s) + 1
print(answer or "OK")
