#include <algorithm>
#include <iostream>
#include <string>
#include <tuple>
#include <vector>
int main() {
    int n;
    std::cin >> n;
    std::vector<std::tuple<long, long, std::string>> v(n);
    for (auto &[p, t, name] : v) { std::cin >> name >> p >> t; p = -p; }
    std::sort(v.begin(), v.end());
    int place = 0;
    for (int i = 0; i < n; i++) {
        auto &[p, t, name] = v[i];
        if (i == 0 || std::get<0>(v[i - 1]) != p || std::get<1>(v[i - 1]) != t) place = i + 1;
        std::cout << place << ' ' << name << '\n';
    }
}
