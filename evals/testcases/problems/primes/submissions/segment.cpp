#include <iostream>
#include <vector>
int main() {
    long long a, b;
    std::cin >> a >> b;
    std::vector<char> ok(b - a + 1, 1), small(320000, 1);
    for (long long p = 2; p * p <= b; p++) {
        if (!small[p]) continue;
        for (long long q = p * p; q < 320000; q += p) small[q] = 0;
        long long s = (a + p - 1) / p * p;
        for (long long q = s < p * p ? p * p : s; q <= b; q += p) ok[q - a] = 0;
    }
    long long n = a == 1 ? -1 : 0;
    for (char c : ok) n += c;
    std::cout << n << '\n';
}
