def digits(n):
    if n in (0, 1):
        return str(n)
    r = n % 2
    return digits((n - r) // -2) + str(r)


print(digits(int(input())))
