import sys

k = int(sys.stdin.readline())
count, word = {}, ""
for c in sys.stdin.read() + "\n":
    o = ord(c)
    if 65 <= o <= 90:
        word += chr(o + 32)
    elif 97 <= o <= 122:
        word += c
    elif word:
        count[word] = count.get(word, 0) + 1
        word = ""
for n, w in sorted((-n, w) for w, n in count.items())[:k]:
    print(w, -n)
