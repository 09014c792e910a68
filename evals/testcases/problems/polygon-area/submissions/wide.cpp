#include <cstdio>
#include <vector>
int main() {
    int n;
    scanf("%d", &n);
    std::vector<long long> x(n), y(n);
    for (int i = 0; i < n; i++) scanf("%lld %lld", &x[i], &y[i]);
    __int128 s = 0;
    for (int i = 0, j = n - 1; i < n; j = i++) s += (__int128)x[j] * y[i] - (__int128)x[i] * y[j];
    if (s < 0) s = -s;
    printf("%lld%s\n", (long long)(s / 2), s % 2 ? ".5" : "");
}
