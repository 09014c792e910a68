#include <iostream>
int main() {
    long long w, h, n, x = 0, y = 0, k;
    int d = 0;
    char c;
    std::cin >> w >> h >> n;
    while (std::cin >> c) {
        if (c == 'L') d = (d + 3) & 3;
        else if (c == 'R') d = (d + 1) & 3;
        else {
            std::cin >> k;
            if (c == 'B') k = -k;
            if (d >= 2) k = -k;
            long long &p = d % 2 ? x : y, m = d % 2 ? w : h;
            p = ((p + k) % m + m) % m;
        }
    }
    std::cout << x << ' ' << y << ' ' << "NESW"[d] << '\n';
}
