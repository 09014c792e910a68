"""What constructors and casts of C++, Java and C# make of plain values: `std::vector<long>({1})`, `Optional.of(2l)`."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from verifiers.code.values import NotLiteral, Value, float32, type_name
from verifiers.sandbox.types import Language

_FLOATS = ("float", "double")
_INTS = ("int", "long", "short", "byte", "char", "long long", "size_t", "unsigned", "unsigned long")


def converted(value: Value, to: str, language: Language) -> Value:
    """What a cast to the type makes of a value. Raises `NotLiteral` where it makes something else."""
    if value.kind in ("int", "float") and isinstance(value.scalar, int | float):
        kind = to.lower()
        if kind in _FLOATS:
            number = float(value.scalar)
            return Value("float", kind, float32(number) if kind == "float" else number)
        if value.kind == "int" and to in _INTS:
            return replace(value, type=to)
        if to not in ("object", "Object", "Long", "Integer", "Float", "Double"):
            raise NotLiteral(f"A number is cast to {to}.")
        return value
    if value.kind == "text":
        return replace(value, type=to if language == "cpp" else value.type)
    if value.kind == "none" and language == "csharp":
        return replace(value, type=to)
    if value.kind == "other" and language == "cpp":  # `{1, 2}` where the type says of what
        if to.startswith("vector<"):
            return list_of(to[len("vector<") : -1], [value], language)
        if to.startswith(("tuple<", "pair<")) and "<" not in (types := to.partition("<")[2][:-1]):
            items = map(converted, value.items, types.split(","), [language] * len(value.items))
            return Value("tuple", to.partition("<")[0], items=tuple(items))
    return value


def is_scalar(name: str) -> bool:
    """Whether a conversion to the type is written like a call: `float(3)`."""
    return name in (*_FLOATS, *_INTS, "std::string", "string")


def _collected(given: list[Value]) -> tuple[Value, ...]:
    """The items that a constructor gets: those of its one argument, none, or those between its braces."""
    if len(given) > 1 or (given and given[0].kind not in ("other", "list", "map")):
        raise NotLiteral("A collection is made of something else.")
    return given[0].items if given else ()


def list_of(generic: str, given: list[Value], language: Language) -> Value:
    """A list of items of the type: those that its constructor gets."""
    items = _collected(given)
    if language == "cpp":
        return Value(
            "list", f"vector<{generic}>", items=tuple(converted(item, generic, language) for item in items)
        )
    return Value("list", generic if language == "csharp" else "", items=items)


def _list_from(generic: str, given: list[Value], language: Language) -> Value:
    return Value("list", "", items=tuple(given))


def _map_of(generic: str, given: list[Value], language: Language) -> Value:
    items = _collected(given)
    if given and given[0].kind == "other":
        if any(entry.kind != "other" or len(entry.items) != 2 for entry in items):
            raise NotLiteral("A map is made of something else.")
        items = tuple(one for entry in items for one in entry.items)
    if language == "cpp":
        types = generic.split(",")
        if len(types) != 2:
            raise NotLiteral("A map has other types.")
        items = tuple(converted(one, types[index % 2], language) for index, one in enumerate(items))
    return without_equal_keys(Value("map", f"map<{generic}>" if language == "cpp" else "", items=items))


def _map_from(generic: str, given: list[Value], language: Language) -> Value:
    if len(given) % 2:
        raise NotLiteral("A map has a key without a value.")
    return without_equal_keys(Value("map", items=tuple(given)))


def _tuple(generic: str, given: list[Value], language: Language) -> Value:
    if language == "csharp":
        types = ",".join(item.type or "object" for item in given)
        return Value("tuple", f"Tuple<{generic or types}>", items=tuple(given))
    return Value("tuple", "tuple" if language == "cpp" else "", items=tuple(given))


def _pair(generic: str, given: list[Value], language: Language) -> Value:
    return Value("tuple", "pair" if language == "cpp" else "", items=tuple(given))


def _optional(generic: str, given: list[Value], language: Language) -> Value:
    if len(given) > 1:
        raise NotLiteral("An optional holds more than one value.")
    empty = not given or given[0].kind == "none"
    held = () if empty else (converted(given[0], generic, language) if generic else given[0],)
    return Value("optional", items=held)


def _scalar(generic: str, given: list[Value], language: Language) -> Value:
    if len(given) != 1:
        raise NotLiteral("A conversion has one argument.")
    return converted(given[0], type_name(generic), language)


CONSTRUCTORS: Mapping[str, Callable[[str, list[Value], Language], Value]] = MappingProxyType(
    {
        "vector": list_of,
        "ArrayList": list_of,
        "List": list_of,
        "Arrays.asList": _list_from,
        "List.of": _list_from,
        "map": _map_of,
        "HashMap": _map_of,
        "Dictionary": _map_of,
        "Map.of": _map_from,
        "make_tuple": _tuple,
        "Tuple.Create": _tuple,
        "Tuple": _tuple,
        "pair": _pair,
        "make_pair": _pair,
        "Pair.with": _pair,
        "Pair": _pair,
        "optional": _optional,
        "Optional.of": _optional,
        "Optional.empty": _optional,
        **dict.fromkeys((*_FLOATS, "int", "long", "string"), _scalar),
    }
)
"""By name, without `std::`: what is made of the type in angle brackets and the arguments."""


def without_equal_keys(value: Value) -> Value:
    """The map. Raises `NotLiteral` where two of its keys are equal, of which languages keep the first or the last."""
    if len(value.entries()) * 2 != len(value.items):
        raise NotLiteral("Two keys of a map are equal.")
    return value
