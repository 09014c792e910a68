from collections import deque

s, q = input(), deque()
match = dict(zip(")]}", "([{"))
for pos, ch in enumerate(s, start=1):
    if ch in match.values():
        q.appendleft(ch)
    elif ch in match:
        if not q or q.popleft() != match[ch]:
            print(pos)
            exit()
print(len(s) + 1 if q else "OK")
