#include <iostream>
#include <numeric>
int main() {
    int n;
    unsigned long long x, value = 1;
    std::cin >> n;
    while (std::cin >> x) {
        unsigned long long g = std::gcd(value, x);
        if (g) value = value / g * x;
    }
    std::cout << value % 998244353 << '\n';
}
