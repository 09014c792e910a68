#include <cmath>
#include <iostream>
#include <vector>
int main() {
    int n;
    std::cin >> n;
    std::vector<int> x(n), y(n);
    for (int i = 0; i < n; i++) std::cin >> x[i] >> y[i];
    long long s = 0;
    for (int i = 0; i < n; i++) {
        int j = (i + 1) % n;
        s += (int)((unsigned)x[i] * (unsigned)y[j]) - (int)((unsigned)x[j] * (unsigned)y[i]);
    }
    s = std::llabs(s);
    std::cout << s / 2 << (s % 2 ? ".5" : "") << '\n';
}
