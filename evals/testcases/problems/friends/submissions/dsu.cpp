#include <algorithm>
#include <cstdio>
#include <numeric>
#include <vector>
std::vector<int> p, s;
int find(int x) { return p[x] == x ? x : p[x] = find(p[x]); }
int main() {
    int n, m, a, b;
    scanf("%d %d", &n, &m);
    p.resize(n + 1);
    s.assign(n + 1, 1);
    std::iota(p.begin(), p.end(), 0);
    int groups = n;
    while (m--) {
        scanf("%d %d", &a, &b);
        a = find(a); b = find(b);
        if (a == b) continue;
        groups--;
        if (s[a] < s[b]) std::swap(a, b);
        p[b] = a;
        s[a] += s[b];
    }
    printf("%d %d\n", groups, *std::max_element(s.begin() + 1, s.end()));
}
