#include <algorithm>
#include <iostream>
#include <vector>
int main() {
    int n, w, a, v;
    std::cin >> n >> w;
    std::vector<int> best(w + 1, 0);
    while (std::cin >> a >> v)
        for (int x = w; x >= a; x--) best[x] = std::max(best[x], best[x - a] + v);
    std::cout << best[w] << '\n';
}
