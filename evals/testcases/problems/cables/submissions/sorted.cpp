#include <algorithm>
#include <iostream>
#include <tuple>
#include <vector>
std::vector<int> p;
int find(int x) { while (p[x] != x) x = p[x] = p[p[x]]; return x; }
int main() {
    int n, m;
    std::cin >> n >> m;
    std::vector<std::tuple<int, int, int>> e(m);
    for (auto &[c, a, b] : e) std::cin >> a >> b >> c;
    std::sort(e.begin(), e.end());
    for (int i = 0; i <= n; i++) p.push_back(i);
    long long total = 0;
    int left = n - 1;
    for (auto &[c, a, b] : e) {
        int x = find(a), y = find(b);
        if (x != y) { p[x] = y; total += c; left--; }
    }
    if (left) std::cout << "IMPOSSIBLE\n"; else std::cout << total << '\n';
}
