#include <iostream>
#include <string>
#include <vector>
int main() {
    std::string s;
    std::getline(std::cin, s);
    std::vector<char> open;
    for (size_t i = 0; i < s.size(); i++) {
        char c = s[i];
        if (c == '(' || c == '[' || c == '{') open.push_back(c);
        else if (c == ')' || c == ']' || c == '}') {
            char need = c == ')' ? '(' : c == ']' ? '[' : '{';
            if (open.empty() || open.back() != need) { std::cout << i + 1; return 0; }
            open.pop_back();
        }
    }
    if (open.empty()) std::cout << "OK"; else std::cout << s.size() + 1;
}
