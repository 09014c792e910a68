import re

text = input()
bare = re.sub("[a-z]", "", text)
while any(p in bare for p in ("()", "[]", "{}")):
    bare = bare.replace("()", "").replace("[]", "").replace("{}", "")
if not bare:
    print("OK")
else:
    bad = re.search(r"[)\]}]", bare)
    print(len(text) + 1 if not bad else text.index(bad.group()) + 1)
