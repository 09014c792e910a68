s = input()


def inside(i, close):
    while i < len(s):
        c = s[i]
        if c in "([{":
            i = inside(i + 1, ")]}"["([{".index(c)])
        elif c in ")]}":
            if c != close:
                print(i + 1)
                raise SystemExit
            return i + 1
        else:
            i += 1
    if close:
        print(len(s) + 1)
        raise SystemExit
    return i


inside(0, "")
print("OK")
