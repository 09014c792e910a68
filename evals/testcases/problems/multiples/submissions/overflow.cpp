#include <iostream>
int main() {
    long long q, n;
    std::cin >> q;
    while (std::cin >> n) {
        long long s = 0, sign = 1;
        for (long long d : {3LL, 5LL, 15LL}) {
            long long k = (n - 1) / d;
            s += (d == 15 ? -1 : sign) * d * (k * (k + 1) / 2);
        }
        std::cout << (s % 1000000007 + 1000000007) % 1000000007 << '\n';
    }
}
