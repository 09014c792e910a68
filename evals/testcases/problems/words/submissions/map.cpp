#include <algorithm>
#include <cctype>
#include <iostream>
#include <map>
#include <string>
#include <vector>
int main() {
    int k;
    std::cin >> k;
    std::map<std::string, int> count;
    std::string word;
    for (int c; (c = std::cin.get()) != EOF || !word.empty();) {
        if (c != EOF && isalpha(c)) word += tolower(c);
        else if (!word.empty()) { count[word]++; word.clear(); }
    }
    std::vector<std::pair<int, std::string>> v;
    for (auto &[w, n] : count) v.push_back({-n, w});
    std::sort(v.begin(), v.end());
    for (int i = 0; i < k && i < (int)v.size(); i++) std::cout << v[i].second << ' ' << -v[i].first << '\n';
}
