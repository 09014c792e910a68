# Divide all numbers by one prime after another until nothing is left.
n = int(input())
left = set(map(int, input().split())) - {1}
answer, p = 1, 2
while left:
    if p * p > max(left):
        for q in left:  # all primes by now
            answer = answer * q % 998244353
        break
    while any(x % p == 0 for x in left):
        answer = answer * p % 998244353
        left = {x // p if x % p == 0 else x for x in left} - {1}
    p += 1
print(answer)
