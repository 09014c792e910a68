def scan(s):
    node = None  # (bracket, below)
    for i, c in enumerate(s):
        if c in "([{":
            node = (c, node)
        elif c in ")]}":
            if node is None or "([{".index(node[0]) != ")]}".index(c):
                return str(i + 1)
            node = node[1]
    return "OK" if node is None else str(len(s) + 1)


print(scan(input().strip()))
