import re

line = re.sub(r"\b0+(?=\d)", "", input())
print(eval(line.strip()) % (10**9 + 7))
