P = 10**9 + 7
HALF = pow(2, P - 2, P)
for _ in range(int(input())):
    top = int(input()) - 1
    answer = 0
    for d, sign in ((3, 1), (5, 1), (15, -1)):
        k = top // d
        answer += sign * d * (k % P) * ((k + 1) % P) * HALF
    print(answer % P)
