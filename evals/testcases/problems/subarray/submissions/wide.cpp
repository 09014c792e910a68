#include <algorithm>
#include <iostream>
int main() {
    long long n, x, now = -4e18, best = -4e18;
    std::cin >> n;
    while (n-- && std::cin >> x) {
        now = std::max(x, now > 0 ? now + x : x);
        best = std::max(best, now);
    }
    std::cout << best << '\n';
}
