#include <algorithm>
#include <cstdio>
#include <vector>
int main() {
    int n, best = 0;
    scanf("%d", &n);
    std::vector<int> s(n), e(n);
    for (int i = 0; i < n; i++) scanf("%d %d", &s[i], &e[i]);
    std::sort(s.begin(), s.end());
    std::sort(e.begin(), e.end());
    for (int i = 0, j = 0; i < n; i++) {
        while (e[j] <= s[i]) j++;
        best = std::max(best, i - j + 1);
    }
    printf("%d\n", best);
}
