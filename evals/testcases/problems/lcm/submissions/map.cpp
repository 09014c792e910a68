#include <iostream>
#include <map>
int main() {
    int n;
    long long x, answer = 1;
    std::cin >> n;
    std::map<long long, long long> best;
    while (std::cin >> x) {
        for (long long p = 2; p * p <= x; p++) {
            long long q = 1;
            while (x % p == 0) { x /= p; q *= p; }
            if (q > best[p]) best[p] = q;
        }
        if (x > 1 && best[x] < x) best[x] = x;
    }
    for (auto &[p, q] : best) if (q > 1) answer = answer * (q % 998244353) % 998244353;
    std::cout << answer << '\n';
}
