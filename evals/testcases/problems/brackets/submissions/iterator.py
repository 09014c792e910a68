import re

line = input()
open_now = ""
where = None
pieces = []
for m in re.finditer(r"[\[\](){}]", line):
    b = m.group()
    if b in "([{":
        pieces.append(b)
        continue
    if not pieces or {"(": ")", "[": "]", "{": "}"}[pieces.pop()] != b:
        where = m.start() + 1
        break
if where is None:
    where = "OK" if not pieces else len(line) + 1
print(where)
