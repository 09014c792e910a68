"""Plain values: what may cross between the program's process and the tests', or leave as JSON.

The types are None, bool, int, float, complex, str, bytes, bytearray, range, list, tuple, set, frozenset, dict,
deque, the views of a dict, named tuples, Fraction, Decimal, and dates and times, nested. An instance of a
subclass counts as its base (a `Counter` as a dict, an `IntEnum` as an int), read with the base's own methods,
so that nothing that the program overrides is ever called or carried over.

Between processes a value is a tree of JSON arrays, each with a type's name and its content. What occurs twice in a
message stays one object: lists, dicts and their like are counted in the order in which they begin, tuples in that in
which they end, and `["same", 3]` is the third again.
"""

import builtins
import collections
import datetime
import decimal
import fractions
import functools
import json
from collections.abc import Callable, Sequence
from typing import Any

MOST_DEPTH = 200


class NotPlain(Exception):
    """The value has a type that does not cross."""


class Encoder:
    """Makes trees for one message.

    `known` are objects that the other side has too, in its own order: it gets their numbers. `export` makes a tree of
    what is no plain value, or raises `NotPlain`.
    """

    def __init__(self, export: Callable[[Any], Any] | None = None, known: Sequence[Any] = ()) -> None:
        self.objects: list[Any] = []
        self._export = export
        self._known = {id(one): number for number, one in enumerate(known)}
        self._numbers: dict[int, int] = {}

    def value(self, value: Any, depth: int = 0) -> Any:
        """The value as a tree for JSON. Raises `NotPlain`."""
        if depth > MOST_DEPTH:
            raise NotPlain("a value that is nested too deeply, or in itself")
        if value is None or value is True or value is False:
            return value
        kind = type(value)
        if issubclass(kind, str):
            return _text(str.__str__(value))
        if issubclass(kind, int):
            return ["int", hex(int.__add__(value, 0))]
        if issubclass(kind, float):
            return ["float", float.__repr__(value)]
        if (number := self._known.get(id(value))) is not None:
            return ["given", number]
        if (number := self._numbers.get(id(value))) is not None:
            return ["same", number]
        if issubclass(kind, _CHANGING):
            self._count(value)
            return self.content(value, depth)
        if issubclass(kind, (tuple, frozenset)):
            tree = self._unchanging(value, kind, depth)
            self._count(value)
            return tree
        if kind in _SCALARS or issubclass(kind, _SCALAR_BASES):
            return _scalar(value, kind)
        if kind in _VIEWS:
            return [kind.__name__, *[self.value(item, depth + 1) for item in list(value)]]
        if self._export is not None:
            return self._export(value)
        raise NotPlain(f"a value of type {kind.__name__}")

    def content(self, value: Any, depth: int = 0) -> Any:
        """What one of the types that can change holds, even if it has been counted. Raises `NotPlain`."""
        kind = type(value)
        if issubclass(kind, dict):
            pairs = list(dict.items(value))
            return ["dict", *[[self.value(k, depth + 1), self.value(v, depth + 1)] for k, v in pairs]]
        if issubclass(kind, bytearray):
            return ["bytearray", bytearray.hex(value)]
        if issubclass(kind, collections.deque):
            most = collections.deque.maxlen.__get__(value)
            return [
                "deque",
                most,
                *[self.value(item, depth + 1) for item in collections.deque.__iter__(value)],
            ]
        base = list if issubclass(kind, list) else set
        return [base.__name__, *[self.value(item, depth + 1) for item in base.__iter__(value)]]

    def _unchanging(self, value: Any, kind: type, depth: int) -> Any:
        if issubclass(kind, frozenset):
            return ["frozenset", *[self.value(item, depth + 1) for item in frozenset.__iter__(value)]]
        items = [self.value(item, depth + 1) for item in tuple.__iter__(value)]
        fields = kind.__dict__.get("_fields")
        if type(fields) is tuple and len(fields) == len(items) and all(type(name) is str for name in fields):
            return ["namedtuple", kind.__name__, list(fields), *items]
        return ["tuple", *items]

    def _count(self, value: Any) -> None:
        self._numbers[id(value)] = len(self.objects)
        self.objects.append(value)


class Decoder:
    """Reads the trees of one message. `known` as for the encoder; `resolve` makes an object of a tree of `export`'s."""

    def __init__(self, resolve: Callable[[list[Any]], Any] | None = None, known: Sequence[Any] = ()) -> None:
        self.objects: list[Any] = []
        self._resolve, self._known = resolve, known

    def value(self, tree: Any) -> Any:
        """What `Encoder.value` made a tree of. Raises `NotPlain` for anything else."""
        if tree is None or tree is True or tree is False or isinstance(tree, str):
            return tree
        if not isinstance(tree, list) or not tree or not isinstance(tree[0], str):
            raise NotPlain("a tree that is no value")
        try:
            return self._made(tree[0], tree[1:], tree)
        except (ValueError, TypeError, IndexError, OverflowError, ArithmeticError, AttributeError):
            raise NotPlain("a tree that is no value") from None

    def fill(self, value: Any, tree: Any) -> None:
        """Give a value of a type that can change the content that `Encoder.content` made a tree of."""
        if not isinstance(tree, list) or not tree or tree[0] != _base_of(value):
            raise NotPlain("a tree that is no content of this value")
        try:
            rest = tree[2:] if tree[0] == "deque" else tree[1:]
            new = self._content(tree[0], rest)
            if isinstance(value, (list, bytearray)):
                value[:] = new
            else:
                value.clear()
                value.extend(new) if isinstance(value, collections.deque) else value.update(new)
        except (ValueError, TypeError, IndexError, OverflowError):
            raise NotPlain("a tree that is no content of this value") from None

    def _made(self, name: str, rest: list[Any], tree: list[Any]) -> Any:
        if name in _EMPTY:
            made = _EMPTY[name](rest)
            self.objects.append(made)
            content = self._content(name, rest[1:] if name == "deque" else rest)
            made.extend(content) if name in ("list", "deque", "bytearray") else made.update(content)
            return made
        if name in ("tuple", "frozenset", "namedtuple"):
            made = self._unchanging(name, rest)
            self.objects.append(made)
            return made
        if name in ("same", "given"):
            [number] = rest
            objects = self.objects if name == "same" else self._known
            if type(number) is not int or number < 0:
                raise NotPlain("a tree that is no value")
            return objects[number]
        if name in _VIEWS_MADE:
            return _VIEWS_MADE[name]([self.value(item) for item in rest])
        if name in _DECODERS:
            return _DECODERS[name](rest)
        if self._resolve is not None:
            return self._resolve(tree)
        raise NotPlain("a tree that is no value")

    def _content(self, name: str, rest: list[Any]) -> Any:
        if name == "bytearray":
            return bytes.fromhex(rest[0])
        if name == "dict":
            return {self.value(key): self.value(value) for key, value in rest}
        return [self.value(item) for item in rest]

    def _unchanging(self, name: str, rest: list[Any]) -> Any:
        if name == "namedtuple":
            kind, fields, *items = rest
            return _named_tuple(kind, tuple(fields))(*[self.value(item) for item in items])
        items = [self.value(item) for item in rest]
        return tuple(items) if name == "tuple" else frozenset(items)


def dump(value: Any) -> bytes:
    """One value, as bytes. Raises `NotPlain`."""
    return to_bytes(lambda: Encoder().value(value))


def load(data: bytes) -> Any:
    """What `dump` made bytes of. Raises `NotPlain` for other bytes."""
    return Decoder().value(from_bytes(data))


def to_bytes(tree: Callable[[], Any]) -> bytes:
    """The bytes of a tree that is made meanwhile. Raises `NotPlain`."""
    try:
        return json.dumps(tree(), separators=(",", ":")).encode()
    except RecursionError:
        raise NotPlain("a value that is nested too deeply") from None


def from_bytes(data: bytes) -> Any:
    """A tree of JSON that is nested no deeper than a value may be. Raises `NotPlain`."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise NotPlain("bytes that are no value") from None


def to_json(value: Any) -> str | None:
    """The value as JSON; None for one that JSON cannot hold.

    Tuples are arrays, sets objects of one key, `"__set__"`, with an array sorted by its items' JSON. Keys of
    dicts that are numbers, booleans or None are texts, as in Python's `json`. NaN and infinities are `NaN` and
    `Infinity`.
    """
    try:
        return json.dumps(_json(value, 0))
    except (NotPlain, RecursionError):
        return None


def exception(names: Any, message: str, arguments: Any = None) -> Exception:
    """A built-in exception of the first of these names that there is, for the tests to catch.

    With the given `args`, a tuple, where that type takes them, else with the message.
    """
    for name in names if isinstance(names, list) else ():
        kind = getattr(builtins, name, None) if isinstance(name, str) else None
        if kind in (
            StopIteration,
            StopAsyncIteration,
        ):  # would end a loop of the tests as if nothing had happened
            return RuntimeError(f"The program raised {name}.")
        if isinstance(kind, type) and issubclass(kind, Exception):
            for given in ([arguments] if isinstance(arguments, tuple) else []) + [(message,)]:
                try:
                    return kind(*given)
                except TypeError:  # UnicodeDecodeError and its like want more than a message
                    continue
    return Exception(message)


def _scalar(value: Any, kind: type) -> Any:
    if issubclass(kind, complex):
        return ["complex", *(float.__repr__(part.__get__(value)) for part in (complex.real, complex.imag))]
    if issubclass(kind, bytes):
        return ["bytes", bytes.hex(value)]
    if kind is range:
        return ["range", hex(value.start), hex(value.stop), hex(value.step)]
    if kind is fractions.Fraction:
        return ["Fraction", hex(value.numerator), hex(value.denominator)]
    if kind is decimal.Decimal:
        return ["Decimal", str(value)]
    if kind is datetime.timedelta:
        return ["timedelta", value.days, value.seconds, value.microseconds]
    if type(getattr(value, "tzinfo", None)) not in (type(None), datetime.timezone):
        raise NotPlain("a time of a zone that has rules")
    return [kind.__name__, value.isoformat()]


def _base_of(value: Any) -> str:
    return next((base.__name__ for base in _CHANGING if isinstance(value, base)), "")


@functools.lru_cache(64)
def _named_tuple(name: str, fields: tuple[str, ...]) -> Callable[..., Any]:
    return collections.namedtuple(name, fields)


def _text(value: str) -> Any:
    try:
        value.encode()
    except UnicodeEncodeError:
        return ["surrogates", value.encode("utf-8", "surrogatepass").hex()]
    return value


def _json(value: Any, depth: int) -> Any:
    if depth > MOST_DEPTH:
        raise NotPlain("a value that is nested too deeply, or in itself")
    if value is None or value is True or value is False:
        return value
    kind = type(value)
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, int):
        return int.__add__(value, 0)
    if issubclass(kind, float):
        return float.__pos__(value)
    for base, iterate in _SEQUENCES.items():
        if issubclass(kind, base):
            items = [_json(item, depth + 1) for item in iterate(value)]
            return items if base in (list, tuple) else {"__set__": sorted(items, key=json.dumps)}
    if issubclass(kind, dict):
        return {_key(k): _json(v, depth + 1) for k, v in list(dict.items(value))}
    raise NotPlain(f"a value of type {kind.__name__}")


def _key(key: Any) -> Any:
    if key is None or isinstance(key, (str, int, float)):
        return _json(key, 0)
    raise NotPlain("a key that JSON cannot hold")


_SEQUENCES: dict[type, Callable[[Any], Any]] = {base: base.__iter__ for base in (list, tuple, set, frozenset)}
_CHANGING = (list, dict, set, bytearray, collections.deque)
_SCALAR_BASES = (complex, bytes)
_SCALARS = {
    range, fractions.Fraction, decimal.Decimal,
    datetime.date, datetime.datetime, datetime.time, datetime.timedelta,
}  # fmt: skip
_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))
_VIEWS_MADE: dict[str, Callable[[list[Any]], Any]] = {
    "dict_keys": lambda items: dict.fromkeys(items).keys(),
    "dict_values": lambda items: dict(enumerate(items)).values(),
    "dict_items": lambda items: dict(items).items(),
}
_EMPTY: dict[str, Callable[[list[Any]], Any]] = {
    "list": lambda rest: [],
    "dict": lambda rest: {},
    "set": lambda rest: set(),
    "bytearray": lambda rest: bytearray(),
    "deque": lambda rest: collections.deque(maxlen=rest[0]),
}
_DECODERS: dict[str, Callable[[list[Any]], Any]] = {
    "surrogates": lambda rest: bytes.fromhex(rest[0]).decode("utf-8", "surrogatepass"),
    "int": lambda rest: int(rest[0], 16),
    "float": lambda rest: float(rest[0]),
    "complex": lambda rest: complex(float(rest[0]), float(rest[1])),
    "bytes": lambda rest: bytes.fromhex(rest[0]),
    "range": lambda rest: range(*(int(bound, 16) for bound in rest)),
    "Fraction": lambda rest: fractions.Fraction(int(rest[0], 16), int(rest[1], 16)),
    "Decimal": lambda rest: decimal.Decimal(str(rest[0])),
    "date": lambda rest: datetime.date.fromisoformat(rest[0]),
    "datetime": lambda rest: datetime.datetime.fromisoformat(rest[0]),
    "time": lambda rest: datetime.time.fromisoformat(rest[0]),
    "timedelta": lambda rest: datetime.timedelta(*rest),
}
