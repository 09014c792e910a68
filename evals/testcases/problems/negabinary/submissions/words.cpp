#include <algorithm>
#include <iostream>
#include <string>
int main() {
    long long n;
    std::cin >> n;
    std::string s;
    while (n) {
        long long r = n & 1;
        s += char('0' + r);
        n = (n - r) / -2;
    }
    if (s.empty()) s = "0";
    std::reverse(s.begin(), s.end());
    std::cout << s << '\n';
}
