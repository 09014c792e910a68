class N:
    def __init__(self, v):
        self.v = v % (10**9 + 7)

    def __add__(self, o):
        return N(self.v + o.v)

    def __sub__(self, o):
        return N(self.v - o.v)

    def __mul__(self, o):
        return N(self.v * o.v)

    def __neg__(self):
        return N(-self.v)


import re

print(eval(re.sub(r"(\d+)", r"N(\1)", input().strip()), {"N": N}).v)
