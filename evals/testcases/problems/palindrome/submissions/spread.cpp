#include <iostream>
#include <string>
int main() {
    std::string s, best;
    std::cin >> s;
    int n = s.size();
    for (int c = 0; c < 2 * n - 1; c++) {
        int a = c / 2, b = a + c % 2;
        while (a >= 0 && b < n && s[a] == s[b]) a--, b++;
        int k = b - a - 1;
        if (k < (int)best.size()) continue;
        std::string t = s.substr(a + 1, k);
        if (k > (int)best.size() || t < best) best = t;
    }
    std::cout << best << '\n';
}
