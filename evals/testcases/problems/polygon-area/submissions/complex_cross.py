class P:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def cross(self, other):
        return self.x * other.y - self.y * other.x


n = int(input())
ring = [P(*map(int, input().split())) for _ in range(n)]
ring.append(ring[0])
double = 0
for a, b in zip(ring, ring[1:]):
    double += a.cross(b)
if double < 0:
    double = -double
print("%d%s" % (double >> 1, ".5" if double & 1 else ""))
