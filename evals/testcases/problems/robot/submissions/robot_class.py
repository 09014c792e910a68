class Robot:
    def __init__(self, w, h):
        self.w, self.h, self.x, self.y, self.d = w, h, 0, 0, 0

    def l(self):
        self.d = (self.d + 3) % 4

    def r(self):
        self.d = (self.d + 1) % 4

    def f(self, k):
        if self.d % 2 == 0:
            self.y = (self.y + (k if self.d == 0 else -k)) % self.h
        else:
            self.x = (self.x + (k if self.d == 1 else -k)) % self.w

    def b(self, k):
        self.f(-k)


w, h, n = map(int, input().split())
robot = Robot(w, h)
for _ in range(n):
    name, *arguments = input().split()
    getattr(robot, name.lower())(*map(int, arguments))
print(robot.x, robot.y, "NESW"[robot.d])
