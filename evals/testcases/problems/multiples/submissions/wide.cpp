#include <iostream>
typedef __int128 big;
static big series(big d, big top) { big k = top / d; return d * (k * (k + 1) / 2); }
int main() {
    int q;
    std::cin >> q;
    while (q--) {
        long long n;
        std::cin >> n;
        big s = series(3, n - 1) + series(5, n - 1) - series(15, n - 1);
        std::cout << (long long)(s % 1000000007) << '\n';
    }
}
