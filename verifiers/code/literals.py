"""Read one literal of seven languages, without running anything. What is no literal is not guessed at: `NotLiteral`."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from verifiers.code.constructors import CONSTRUCTORS, converted, is_scalar, list_of, without_equal_keys
from verifiers.code.values import MOST_DEPTH, MOST_DIGITS, NotLiteral, Value, float32, type_name
from verifiers.sandbox.types import Language


def read_literal(text: str, start: int, language: Language) -> tuple[Value, int]:
    """The literal that begins at `start`, and where it ends. Raises `NotLiteral`."""
    reader = _Reader(text, start, language)
    value = reader.value(0)
    if _has_braces(value):
        raise NotLiteral(f"{text[start : start + 40]!r} has items of no collection.")
    return value, reader.position


_SPACE = re.compile(r"\s*+")
_NUMBER = re.compile(
    r"-?(?P<digits>\d++(?P<fraction>\.\d*+)?(?P<exponent>[eE][+-]?\d{1,4}+)?)(?P<suffix>[fFdDlLn]?)\b",
    re.ASCII,
)
_TEXT = re.compile(r"\"(?P<double>(?:[^\"\\\n]|\\.)*+)\"|'(?P<single>(?:[^'\\\n]|\\.)*+)'")
_NAME = re.compile(r"(?:new\s+)?(?P<name>[A-Za-z_]\w*(?:(?:::|\.)[A-Za-z_]\w*)*+)\s*")
_TYPE = r"[A-Za-z_][\w:]*(?:\s*<[\w:<>,\s?]*>)?"
_CAST = re.compile(rf"\(\s*(?P<type>{_TYPE})\s*\)\s*(?=[\"'\d(A-Za-z_-])")
_ESCAPE = re.compile(
    r"\\(?:x(?P<hex>[0-9a-fA-F]{2})|u(?P<unicode>[0-9a-fA-F]{4})|(?P<octal>[0-7]{1,3})|(?P<one>.))"
    r"|(?P<variable>\$(?:[A-Za-z_]\w*|\{)(?P<more>\[|->)?)|(?P<brace>\{\$)",
    re.DOTALL,
)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a"}
_WORDS: Mapping[str, Value] = MappingProxyType(
    {
        "true": Value("bool", "bool", True),
        "false": Value("bool", "bool", False),
        "null": Value("none", "null"),
        "undefined": Value("none", "undefined"),
        "std::nullopt": Value("none", "nullopt"),
    }
)
_SCRIPTS = ("javascript", "typescript")


class _Reader:
    """A position in a text, from which one literal is read."""

    def __init__(self, text: str, position: int, language: Language) -> None:
        self.text, self.position, self.language = text, position, language

    def value(self, depth: int) -> Value:
        if depth > MOST_DEPTH:
            raise NotLiteral("The literal is nested too deeply.")
        character = self._peek()
        if character == "(":
            cast = _CAST.match(self.text, self.position) if self.language not in _SCRIPTS else None
            if cast is not None:
                self.position = cast.end()
                return converted(self.value(depth + 1), type_name(cast["type"]), self.language)
            self.position += 1
            inner = self.value(depth + 1)
            self._expect(")")
            return inner
        if character in "\"'":
            return self._string()
        if character in "-0123456789":
            return self._number()
        if character == "[" and self.language in (*_SCRIPTS, "php"):
            return self._php_array("[", "]", depth) if self.language == "php" else self._list(depth)
        if character == "{":
            return self._object(depth) if self.language in _SCRIPTS else self._braces(depth)
        return self._named(depth)

    def _peek(self) -> str:
        self._skip()
        return self.text[self.position : self.position + 1] or "\0"

    def _skip(self) -> None:
        space = _SPACE.match(self.text, self.position)
        assert space is not None  # it may be empty
        self.position = space.end()

    def _take(self, word: str) -> bool:
        """Step over the word, where it comes next."""
        self._skip()
        if not self.text.startswith(word, self.position):
            return False
        self.position += len(word)
        return True

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise NotLiteral(
                f"{word!r} does not stand before {self.text[self.position : self.position + 20]!r}."
            )

    def _items(self, opening: str, closing: str, depth: int) -> list[Value]:
        """Values between brackets, with commas between them; one may also follow the last."""
        self._expect(opening)
        items: list[Value] = []
        while not self._take(closing):
            items.append(self.value(depth + 1))
            if not self._take(","):
                self._expect(closing)
                break
        return items

    def _list(self, depth: int) -> Value:
        return Value("list", items=tuple(self._items("[", "]", depth)))

    def _braces(self, depth: int) -> Value:
        """What C++ and C# put a collection's items between. Only a constructor makes a value of it."""
        return replace(_OTHER, items=tuple(self._items("{", "}", depth)))

    def _object(self, depth: int) -> Value:
        items: list[Value] = []
        self._expect("{")
        while not self._take("}"):
            self._skip()
            name = None if self._peek() in "\"'" else _NAME.match(self.text, self.position)
            if name is not None:
                self.position = name.end("name")
                items.append(Value("text", scalar=name["name"].encode()))
            else:
                items.append(self._string())
            self._expect(":")
            items.append(self.value(depth + 1))
            if not self._take(","):
                self._expect("}")
                break
        return without_equal_keys(Value("map", items=tuple(items)))

    def _php_array(self, opening: str, closing: str, depth: int) -> Value:
        """PHP's only collection: entries in order, those without a key numbered from 0 or the largest number on."""
        items: list[Value] = []
        number = 0
        self._expect(opening)
        while not self._take(closing):
            value = self.value(depth + 1)
            if self._take("=>"):
                key, value = _php_key(value), self.value(depth + 1)
            else:
                key = Value("int", scalar=number)
            if key.kind == "int":
                number = max(number, int(key.scalar or 0) + 1)
            items += [key, value]
            if not self._take(","):
                self._expect(closing)
                break
        return without_equal_keys(Value("map", items=tuple(items)))

    def _number(self) -> Value:
        match = _NUMBER.match(self.text, self.position)
        if match is None or len(match["digits"]) > MOST_DIGITS:
            raise NotLiteral("A number is written in another way.")
        self.position = match.end()
        suffix, whole = match["suffix"].lower(), not match["fraction"] and not match["exponent"]
        octal = len(match["digits"]) > 1 and match["digits"].startswith("0") and whole
        if octal or (suffix == "n") != (suffix == "n" and whole and self.language in _SCRIPTS):
            raise NotLiteral("A number is written in another way.")
        sign = -1 if match[0].startswith("-") else 1
        if self.language in _SCRIPTS:
            return Value("int", scalar=sign * int(match["digits"])) if suffix else _float("number", match)
        if self.language == "php":
            return _float("", match) if not whole else Value("int", scalar=sign * int(match["digits"]))
        if not whole or suffix in ("f", "d"):
            return _float("float" if suffix == "f" else "double", match)
        number = sign * int(match["digits"])
        long = suffix == "l" or (self.language == "cpp" and not -(2**31) <= number < 2**31)
        return Value("int", "long" if long else "int", number)

    def _string(self) -> Value:
        match = _TEXT.match(self.text, self.position)
        if match is None:
            raise NotLiteral("A text is not closed on its line.")
        self.position = match.end()
        single = match["single"]
        if single is None:
            text = _unescaped(match["double"], self.language)
        elif self.language == "php":
            text = re.sub(r"\\([\\'])", r"\1", single)
        elif self.language in _SCRIPTS:
            text = _unescaped(single, self.language)
        else:
            text = _unescaped(single, self.language)
            if len(text) != 1 or ord(text) > 0xFFFF:
                raise NotLiteral("A character is not one.")
            return Value("int", "char", ord(text))
        if self._peek() in "\"'":  # C++ joins neighbours
            raise NotLiteral("Two texts follow on each other.")
        return Value("text", _TEXT_TYPES.get(self.language, ""), text.encode("utf-8", "surrogatepass"))

    def _named(self, depth: int) -> Value:
        """A word such as `true`, or a constructor with what it is given."""
        match = _NAME.match(self.text, self.position)
        if match is None:
            raise NotLiteral(f"{self.text[self.position : self.position + 20]!r} is no literal.")
        name = match["name"]
        if (word := _WORDS.get(name)) is not None:
            self.position = match.end("name")
            return word
        self.position = match.end()
        if name == "array" and self.language == "php":
            return self._php_array("(", ")", depth)
        generic = self._generic()
        if self._take("[]"):
            return list_of(
                name if not generic else f"{name}<{generic}>", [self._braces(depth)], self.language
            )
        given = [] if self._peek() == "{" else self._items("(", ")", depth)
        if self._peek() == "{":
            given.append(self._braces(depth))
        build = CONSTRUCTORS.get(name.removeprefix("std::"))
        if build is None:
            raise NotLiteral(f"{name} makes no plain value.")
        return build(generic if generic or not is_scalar(name) else name, given, self.language)

    def _generic(self) -> str:
        """What stands between `<` and its `>`; "" where nothing does."""
        if not self._take("<"):
            return ""
        start, open_ones = self.position, 1
        while open_ones:
            character = self.text[self.position : self.position + 1]
            if not character or character in "(){};\"'":
                raise NotLiteral("A type is not closed.")
            open_ones += (character == "<") - (character == ">")
            self.position += 1
        return type_name(self.text[start : self.position - 1])


def _has_braces(value: Value) -> bool:
    return value.kind == "other" or any(map(_has_braces, value.items))


_OTHER = Value("other")
_TEXT_TYPES: Mapping[Language, str] = MappingProxyType({"cpp": "cstr", "java": "String", "csharp": "string"})


def _float(kind: str, match: re.Match[str]) -> Value:
    number = float(match["digits"]) * (-1 if match[0].startswith("-") else 1)
    return Value("float", kind, float32(number) if kind == "float" else number)


def _unescaped(text: str, language: Language) -> str:
    def meant(escape: re.Match[str]) -> str:
        if escape["brace"] or escape["variable"]:
            return _interpolated(escape, language)
        if language == "php" and (escape["unicode"] or escape["one"] in ("b", "a", "'", "u")):
            raise NotLiteral("An escape is not one of PHP's.")
        if escape["hex"] and language in ("cpp", "csharp"):
            raise NotLiteral("An escape goes on for as long as there are digits.")
        code = escape["hex"] or escape["unicode"]
        number = int(code, 16) if code else int(escape["octal"], 8) if escape["octal"] else None
        if number is not None and (number > 0x7F and (not escape["unicode"] or language == "cpp")):
            raise NotLiteral("An escape stands for a byte.")
        if number is not None:
            return chr(number)
        one = str(escape["one"])
        if one in _ESCAPED:
            return _ESCAPED[one]
        if (
            one in "\\\"'"
            or (language == "php" and one == "$")
            or (language in _SCRIPTS and not one.isalnum())
        ):
            return one
        raise NotLiteral("An escape is not known.")

    return _ESCAPE.sub(meant, text)


def _interpolated(match: re.Match[str], language: Language) -> str:
    """A variable in a text of PHP, where the test has none: nothing. In other languages it is text."""
    if language != "php":
        return match[0]
    if match["brace"] or match["more"] or match[0] == "${":
        raise NotLiteral("A text has an expression in it.")
    return ""


def _php_key(key: Value) -> Value:
    """A text that is a decimal integer is that integer, as a key."""
    if (
        key.kind == "text"
        and isinstance(key.scalar, bytes)
        and re.fullmatch(rb"0|-?[1-9]\d{0,17}", key.scalar)
    ):
        return Value("int", scalar=int(key.scalar))
    if key.kind not in ("int", "text"):
        raise NotLiteral("A key is neither a number nor a text.")
    return key
