#include <iostream>
#include <queue>
#include <string>
#include <vector>
using namespace std;
int main() {
    int h, w;
    cin >> h >> w;
    vector<string> g(h);
    for (auto &row : g) cin >> row;
    vector<vector<int>> d(h, vector<int>(w, -1));
    queue<pair<int, int>> q;
    if (g[0][0] == '.') { d[0][0] = 0; q.push({0, 0}); }
    while (!q.empty()) {
        auto [r, c] = q.front(); q.pop();
        for (int k = 0; k < 4; k++) {
            int y = r + (k == 0) - (k == 1), x = c + (k == 2) - (k == 3);
            if (y < 0 || x < 0 || y >= h || x >= w || g[y][x] == '#' || d[y][x] >= 0) continue;
            d[y][x] = d[r][c] + 1;
            q.push({y, x});
        }
    }
    cout << d[h - 1][w - 1] << "\n";
}
