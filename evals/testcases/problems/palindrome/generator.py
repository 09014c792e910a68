import sys

from cyaron import String, randint

case = int(sys.argv[1])
length = randint(1, 8) if case <= 20 else randint(9, 80) if case <= 44 else 1500
letters = ["ab", "abc", "zyx", "abcdefghijklmnopqrstuvwxyz"][case % 4]
word = String.random(length, charset=letters)
if case % 5 == 0:
    half = word[: max(1, length // 3)]
    word = (word + half + half[::-1])[-length:]
if case == 50:
    word = "a" * length
print(word)
