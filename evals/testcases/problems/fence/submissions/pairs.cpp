#include <algorithm>
#include <iostream>
#include <vector>
int main() {
    int n;
    std::cin >> n;
    std::vector<std::pair<long long, long long>> v(n);
    for (auto &p : v) { std::cin >> p.first >> p.second; if (p.first > p.second) std::swap(p.first, p.second); }
    std::sort(v.begin(), v.end());
    long long total = 0, end = -2e9;
    for (auto [a, b] : v) if (b > end) { total += b - std::max(a, end); end = b; }
    std::cout << total << '\n';
}
