M = 998244353
n, numbers = input(), set(map(int, input().split()))
limit = 31623
prime = bytearray([1]) * (limit + 1)
primes = []
for p in range(2, limit + 1):
    if prime[p]:
        primes.append(p)
        prime[p * p :: p] = bytes(len(range(p * p, limit + 1, p)))
powers = {}
for x in numbers:
    for p in primes:
        if p * p > x:
            break
        q = 1
        while x % p == 0:
            x //= p
            q *= p
        if q > powers.get(p, 1):
            powers[p] = q
    if x > 1:
        powers[x] = max(x, powers.get(x, 1))
out = 1
for q in powers.values():
    out = out * q % M
print(out)
