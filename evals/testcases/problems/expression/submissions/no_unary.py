import re

s = input().replace(" ", "")
s = re.sub(r"(^|\()-", r"\g<1>0-", s)
if re.search(r"[-+*]-", s):
    print(0)
else:
    print(eval(re.sub(r"\b0+(?=\d)", "", s)) % (10**9 + 7))
