#include <iostream>
int main() {
    int w, h, n, k, d = 0;
    unsigned x = 0, y = 0;
    char c;
    std::cin >> w >> h >> n;
    while (std::cin >> c) {
        if (c == 'L') d = (d + 3) % 4;
        else if (c == 'R') d = (d + 1) % 4;
        else {
            std::cin >> k;
            if (c == 'B') k = -k;
            if (d >= 2) k = -k;
            if (d % 2) x += k; else y += k;
        }
    }
    long long a = (int)x, b = (int)y;
    std::cout << (a % w + w) % w << ' ' << (b % h + h) % h << ' ' << "NESW"[d] << '\n';
}
