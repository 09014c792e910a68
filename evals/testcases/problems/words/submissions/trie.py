import sys

k = int(sys.stdin.readline())
root = {}
node = root
for c in sys.stdin.read().lower() + " ":
    if "a" <= c <= "z":
        node = node.setdefault(c, {})
    elif node is not root:
        node["#"] = node.get("#", 0) + 1
        node = root
found = []


def walk(node, prefix):
    if "#" in node:
        found.append((-node["#"], prefix))
    for c in node:
        if c != "#":
            walk(node[c], prefix + c)


walk(root, "")
for n, w in sorted(found)[:k]:
    print(w, -n)
