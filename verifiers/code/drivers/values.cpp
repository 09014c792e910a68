// Stands before a C++ program: writes a value as JSON, framed, on standard output (verifiers/code/outside.py).
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace k15_values {

// The name of a type, as in a test without `std::`; "?" for one that no test has.
template <class T> struct Name { static std::string of() { return "?"; } };
template <> struct Name<bool> { static std::string of() { return "bool"; } };
template <> struct Name<char> { static std::string of() { return "char"; } };
template <> struct Name<int> { static std::string of() { return "int"; } };
template <> struct Name<unsigned> { static std::string of() { return "unsigned"; } };
template <> struct Name<long> { static std::string of() { return "long"; } };
template <> struct Name<unsigned long> { static std::string of() { return "unsigned long"; } };
template <> struct Name<long long> { static std::string of() { return "long long"; } };
template <> struct Name<unsigned long long> { static std::string of() { return "unsigned long long"; } };
template <> struct Name<float> { static std::string of() { return "float"; } };
template <> struct Name<double> { static std::string of() { return "double"; } };
template <> struct Name<std::string> { static std::string of() { return "string"; } };
template <class T> struct Name<std::vector<T>> { static std::string of() { return "vector<" + Name<T>::of() + ">"; } };
template <class K, class V> struct Name<std::map<K, V>> {
    static std::string of() { return "map<" + Name<K>::of() + "," + Name<V>::of() + ">"; }
};
template <class T> struct Name<std::optional<T>> { static std::string of() { return "optional<" + Name<T>::of() + ">"; } };
template <class... T> struct Name<std::tuple<T...>> {
    static std::string of() {
        std::string all;
        ((all += (all.empty() ? "" : ",") + Name<T>::of()), ...);
        return "tuple<" + all + ">";
    }
};

inline std::string node(const char *kind, const std::string &type, const std::string &content) {
    return std::string("[\"") + kind + "\",\"" + type + "\"," + content + "]";
}

inline std::string text(std::string_view bytes) {
    static const char digits[] = "0123456789abcdef";
    std::string hex = "\"";
    for (unsigned char byte : bytes) {
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return hex + "\"";
}

inline std::string bits(double number) {
    std::uint64_t all;
    std::memcpy(&all, &number, sizeof all);
    char hex[17];
    std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(all));
    return std::string("\"") + hex + "\"";
}

inline void add(std::string &items, const std::string &item) { items += (items.size() > 1 ? "," : "") + item; }

template <class T> struct Encode {
    static std::string of(const T &value) {
        if constexpr (std::is_same_v<T, bool>) return node("bool", "bool", value ? "true" : "false");
        else if constexpr (std::is_integral_v<T>) return node("int", Name<T>::of(), "\"" + std::to_string(value) + "\"");
        else if constexpr (std::is_floating_point_v<T>) return node("float", Name<T>::of(), bits(static_cast<double>(value)));
        else if constexpr (std::is_same_v<T, const char *> || std::is_same_v<T, char *>)
            return value == nullptr ? node("other", "", "null") : node("text", "cstr", text(value));
        else return node("other", "", "null");
    }
};
template <> struct Encode<std::string> {
    static std::string of(const std::string &value) { return node("text", "string", text(value)); }
};
template <> struct Encode<std::string_view> {
    static std::string of(const std::string_view &value) { return node("text", "string_view", text(value)); }
};
template <class T> struct Encode<std::vector<T>> {
    static std::string of(const std::vector<T> &value) {
        std::string items = "[";
        for (const auto &item : value) add(items, Encode<T>::of(item));
        return node("list", Name<std::vector<T>>::of(), items + "]");
    }
};
template <class K, class V> struct Encode<std::map<K, V>> {
    static std::string of(const std::map<K, V> &value) {
        std::string items = "[";
        for (const auto &entry : value) {
            add(items, Encode<K>::of(entry.first));
            add(items, Encode<V>::of(entry.second));
        }
        return node("map", Name<std::map<K, V>>::of(), items + "]");
    }
};
template <class T> struct Encode<std::optional<T>> {
    static std::string of(const std::optional<T> &value) {
        return node("optional", "", value ? "[" + Encode<T>::of(*value) + "]" : "[]");
    }
};
template <class A, class B> struct Encode<std::pair<A, B>> {
    static std::string of(const std::pair<A, B> &value) {
        return node("tuple", "pair", "[" + Encode<A>::of(value.first) + "," + Encode<B>::of(value.second) + "]");
    }
};
template <class... T> struct Encode<std::tuple<T...>> {
    static std::string of(const std::tuple<T...> &value) {
        std::string items = "[";
        std::apply([&](const auto &...item) { (add(items, Encode<std::decay_t<decltype(item)>>::of(item)), ...); }, value);
        return node("tuple", "tuple", items + "]");
    }
};

template <class T> void emit(const char *mark, int call, const T &value) {
    using Plain = std::decay_t<T>;
    const std::string head = std::string(mark) + " " + std::to_string(call);
    const std::string frame = "\n" + head + "\n" + Encode<Plain>::of(value) + "\n" + head + " end\n";
    std::cout.flush();
    std::fwrite(frame.data(), 1, frame.size(), stdout);
    std::fflush(stdout);
}

// What MultiPL-E writes for a Python function that returns values of several types is a union `{ A f0; B f1; }`, of
// which the test reads the member that is of the expected value's kind.
template <char Kind, class T> struct IsKind : std::false_type { };
template <class T> struct IsKind<'b', T> : std::is_same<T, bool> { };
template <class T> struct IsKind<'i', T> : std::bool_constant<std::is_integral_v<T> && !std::is_same_v<T, bool>> { };
template <class T> struct IsKind<'f', T> : std::is_floating_point<T> { };
template <> struct IsKind<'t', std::string> : std::true_type { };
template <class T> struct IsKind<'l', std::vector<T>> : std::true_type { };
template <class K, class V> struct IsKind<'m', std::map<K, V>> : std::true_type { };
template <class... T> struct IsKind<'u', std::tuple<T...>> : std::true_type { };

template <class T, class = void> struct F0 { using type = void; };
template <class T> struct F0<T, std::void_t<decltype(T::f0)>> { using type = decltype(T::f0); };
template <class T, class = void> struct F1 { using type = void; };
template <class T> struct F1<T, std::void_t<decltype(T::f1)>> { using type = decltype(T::f1); };
template <class T, class = void> struct F2 { using type = void; };
template <class T> struct F2<T, std::void_t<decltype(T::f2)>> { using type = decltype(T::f2); };

template <char Kind, class T> void emit_member(const char *mark, int call, const T &value) {
    if constexpr (IsKind<Kind, typename F0<T>::type>::value) emit(mark, call, value.f0);
    else if constexpr (IsKind<Kind, typename F1<T>::type>::value) emit(mark, call, value.f1);
    else if constexpr (IsKind<Kind, typename F2<T>::type>::value) emit(mark, call, value.f2);
    else emit(mark, call, value);
}

}  // namespace k15_values
