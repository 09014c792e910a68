import sys

numbers = list(map(int, sys.stdin.buffer.read().split()))
it = iter(numbers[1:])
pts = list(zip(it, it))
px, py = pts[-1]
acc = 0
for x, y in pts:
    acc += px * (y - py) - py * (x - px)
    px, py = x, y
acc = abs(acc)
sys.stdout.write(f"{acc / 2:.1f}\n" if acc < 2**50 and acc % 2 else f"{acc // 2}{'.5' * (acc % 2)}\n")
