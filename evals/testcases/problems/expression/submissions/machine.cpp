#include <cctype>
#include <iostream>
#include <string>
const long long M = 1000000007;
std::string s;
size_t i = 0;
long long sum();
char peek() { while (i < s.size() && s[i] == ' ') i++; return i < s.size() ? s[i] : '\0'; }
long long atom() {
    if (peek() == '-') { i++; return (M - atom()) % M; }
    if (peek() == '(') { i++; long long v = sum(); peek(); i++; return v; }
    long long v = 0;
    while (i < s.size() && isdigit(s[i])) v = (v * 10 + (s[i++] - '0')) % M;
    return v;
}
long long product() { long long v = atom(); while (peek() == '*') { i++; v = v * atom() % M; } return v; }
long long sum() {
    long long v = product();
    while (peek() == '+' || peek() == '-') {
        bool plus = s[i++] == '+';
        long long r = product();
        v = (plus ? v + r : v - r + M) % M;
    }
    return v;
}
int main() { std::getline(std::cin, s); std::cout << sum() << '\n'; }
