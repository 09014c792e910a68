#include <iostream>
int main() {
    int n;
    std::cin >> n;
    if (n % 4 == 1 || n % 4 == 2) { std::cout << "NO\n"; return 0; }
    if (n % 4 == 3) std::cout << "1 2 ";
    for (int x = n; x > 3; x -= 4) std::cout << x << ' ' << x - 3 << ' ';
}
