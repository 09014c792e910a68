#include <iostream>
#include <unordered_map>
int main() {
    long long n, k, x, pairs = 0;
    std::cin >> n >> k;
    std::unordered_map<long long, long long> seen;
    for (int i = 0; i < n; i++) {
        std::cin >> x;
        auto it = seen.find(k - x);
        if (it != seen.end()) pairs += it->second;
        seen[x]++;
    }
    std::cout << pairs << '\n';
}
