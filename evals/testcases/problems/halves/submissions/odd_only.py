n = int(input())
print(*(["NO"] if n % 4 == 2 else [x for x in range(1, n + 1) if x % 4 in (0, 1)]))
