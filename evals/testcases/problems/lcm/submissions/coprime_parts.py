# Keep a list of pairwise coprime parts; each number adds what the list does not hold yet.
from math import gcd

input()
whole, answer = 1, 1
for x in sorted(map(int, input().split()), reverse=True):
    new = x // gcd(whole, x)
    whole *= new
    answer = answer * new % 998244353
print(answer)
