from dataclasses import dataclass


@dataclass(order=True)
class Entrant:
    minus_points: int
    time: int
    name: str


entrants = []
for _ in range(int(input())):
    a, b, c = input().split()
    entrants.append(Entrant(-int(b), int(c), a))
entrants.sort()
shown = 0
for i, e in enumerate(entrants):
    same = i and (e.minus_points, e.time) == (entrants[i - 1].minus_points, entrants[i - 1].time)
    shown = shown if same else i + 1
    print(shown, e.name)
