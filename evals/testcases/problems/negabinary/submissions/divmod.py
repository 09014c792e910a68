n, out = int(input()), []
while n:
    q, r = divmod(n, -2)
    if r < 0:
        q, r = q + 1, r + 2
    out.append(r)
    n = q
print(*(out[::-1] or [0]), sep="")
