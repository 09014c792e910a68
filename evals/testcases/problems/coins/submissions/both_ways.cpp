#include <algorithm>
#include <iostream>
#include <vector>
int main() {
    int k, a, c;
    std::cin >> k >> a;
    std::vector<int> best(a + 1, a + 1);
    best[0] = 0;
    while (std::cin >> c)
        for (int x = c; x <= a; x++) best[x] = std::min(best[x], best[x - c] + 1);
    std::cout << (best[a] > a ? -1 : best[a]) << std::endl;
}
