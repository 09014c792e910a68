#include <algorithm>
#include <iostream>
#include <vector>
int main() {
    int n, x;
    std::cin >> n;
    std::vector<int> t;
    while (std::cin >> x) {
        auto it = std::lower_bound(t.begin(), t.end(), x);
        if (it == t.end()) t.push_back(x); else *it = x;
    }
    std::cout << t.size();
}
