import sys

from cyaron import String, choice, randint

case = int(sys.argv[1])
PAIRS = ["()", "[]", "{}"]


def balanced(length):
    text, opened = [], []
    while len(text) + len(opened) < length:
        what = randint(0, 4)
        if what == 0:
            text.append(String.random(1))
        elif what <= 2 or not opened:
            pair = choice(PAIRS)
            text.append(pair[0])
            opened.append(pair[1])
        else:
            text.append(opened.pop())
    return text + opened[::-1]


length = randint(1, 12) if case <= 20 else randint(13, 300) if case <= 45 else 100000
if case == 50:
    text = list("(" * 50000 + ")" * 50000)
elif case % 4 == 0:
    text = list(String.random(length, charset="ab()[]{}"))
else:
    text = balanced(length)[:100000]
    if case % 4 == 1:
        text[randint(0, len(text) - 1)] = choice("()[]{}a")
    if case % 4 == 2:
        text.pop(randint(0, len(text) - 1))
print("".join(text) or "a")
