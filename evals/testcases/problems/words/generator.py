import sys

from cyaron import String, choice, randint

case = int(sys.argv[1])
print(randint(1, 6) if case % 3 else randint(1, 20))
letters = "abAB" if case % 2 else "abcdefghijkLMNO"
lines = randint(1, 3) if case <= 25 else randint(4, 40)
for _ in range(lines):
    words = [String.random((1, 2 if case % 4 else 5), charset=letters) for _ in range(randint(1, 30))]
    marks = [" ", " ", ", ", ". ", "-", " 7", "'", "; "] if case > 10 else [" ", ", "]
    print("".join(word + choice(marks) for word in words))
