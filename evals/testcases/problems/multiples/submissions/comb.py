from math import comb

print(*(
    (3 * comb((n + 2) // 3, 2) + 5 * comb((n + 4) // 5, 2) - 15 * comb((n + 14) // 15, 2)) % 1_000_000_007
    for n in (int(input()) for _ in range(int(input())))
), sep="\n")
