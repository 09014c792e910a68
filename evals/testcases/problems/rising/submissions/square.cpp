#include <iostream>
#include <vector>
int main() {
    int n, best = 0;
    std::cin >> n;
    std::vector<int> a(n), f(n);
    for (int i = 0; i < n; i++) {
        std::cin >> a[i];
        int m = 0;
        for (int j = 0; j < i; j++) m = (a[j] < a[i] && f[j] > m) ? f[j] : m;
        f[i] = m + 1;
        best = f[i] > best ? f[i] : best;
    }
    std::cout << best << std::endl;
}
