#include <algorithm>
#include <iostream>
int main() {
    int n, x;
    unsigned now = 0;
    int best = -2000000000;
    std::cin >> n;
    while (std::cin >> x) {
        now = (int)now > 0 ? now + (unsigned)x : (unsigned)x;
        best = std::max(best, (int)now);
    }
    std::cout << best << '\n';
}
