#include <cstdio>
#include <cstdlib>
long number() {
    int y, m, d;
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    if (scanf("%d-%d-%d", &y, &m, &d) != 3) exit(1);
    int leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (d > before[m] - before[m - 1] + (leap && m == 2)) exit(1);
    long p = y - 1;
    return p * 365 + p / 4 - p / 100 + p / 400 + before[m - 1] + (leap && m > 2) + d;
}
int main() {
    long a = number(), b = number();
    printf("%ld\n", labs(a - b));
}
