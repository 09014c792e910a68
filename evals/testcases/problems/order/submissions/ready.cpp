#include <iostream>
#include <vector>
int main() {
    int n, m, a, b;
    std::cin >> n >> m;
    std::vector<std::vector<int>> g(n + 1);
    std::vector<int> d(n + 1), out;
    while (std::cin >> a >> b) { g[a].push_back(b); d[b]++; }
    for (int x = n; x >= 1; x--) if (!d[x]) out.push_back(x);
    for (size_t i = 0; i < out.size(); i++)
        for (int y : g[out[i]]) if (--d[y] == 0) out.push_back(y);
    if ((int)out.size() < n) { std::cout << "NONE\n"; return 0; }
    for (int x : out) std::cout << x << ' ';
}
