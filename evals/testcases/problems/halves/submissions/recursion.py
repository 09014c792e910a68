def split(n):
    if n == 3:
        return [1, 2]
    if n <= 0:
        return [] if n == 0 else None
    before = split(n - 4)
    return None if before is None else [n - 3, n, *before]


answer = split(int(input()))
print(*(["NO"] if answer is None else answer))
