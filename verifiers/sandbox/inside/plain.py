"""Plain values: what may cross between the program's process and the tests', or leave as JSON.

The types are None, bool, int, float, complex, str, bytes, bytearray, range, list, tuple, set, frozenset and
dict, nested. An instance of a subclass counts as its base (a `Counter` as a dict, an `IntEnum` as an int),
read with the base's own methods, so that nothing that the program overrides is ever called or carried over.

Between processes a value is a tree of JSON arrays, each with a type's name and its content.
"""

import builtins
import json
from collections.abc import Callable
from typing import Any

MOST_DEPTH = 200


class NotPlain(Exception):
    """The value has a type that does not cross."""


def encode(value: Any, depth: int = 0) -> Any:
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
    if issubclass(kind, complex):
        return ["complex", *(float.__repr__(part.__get__(value)) for part in (complex.real, complex.imag))]
    for base, iterate in _SEQUENCES.items():
        if issubclass(kind, base):
            return [base.__name__, *[encode(item, depth + 1) for item in iterate(value)]]
    if issubclass(kind, bytes):
        return ["bytes", bytes.hex(value)]
    if issubclass(kind, bytearray):
        return ["bytearray", bytearray.hex(value)]
    if kind is range:
        return ["range", hex(value.start), hex(value.stop), hex(value.step)]
    if issubclass(kind, dict):
        return ["dict", *[[encode(k, depth + 1), encode(v, depth + 1)] for k, v in list(dict.items(value))]]
    raise NotPlain(f"a value of type {kind.__name__}")


def decode(tree: Any) -> Any:
    """What `encode` made a tree of. Raises `NotPlain` for anything else."""
    if tree is None or tree is True or tree is False or isinstance(tree, str):
        return tree
    if not isinstance(tree, list) or not tree or not isinstance(tree[0], str) or tree[0] not in _DECODERS:
        raise NotPlain("a tree that is no value")
    try:
        return _DECODERS[tree[0]](tree[1:])
    except (ValueError, TypeError, IndexError, OverflowError):
        raise NotPlain("a tree that is no value") from None


def dump(value: Any) -> bytes:
    """`encode`, as bytes. Raises `NotPlain`."""
    try:
        return json.dumps(encode(value), separators=(",", ":")).encode()
    except RecursionError:
        raise NotPlain("a value that is nested too deeply") from None


def load(data: bytes) -> Any:
    """What `dump` made bytes of. Raises `NotPlain` for other bytes."""
    try:
        return decode(json.loads(data))
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


def answer(function: Callable[..., Any], question: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Call the function with the arguments of a question; what to answer."""
    arguments, named = load(question[0])
    before = dump(arguments)
    try:
        value = function(*arguments, **named)
    except Exception as error:
        return {"raised": [base.__name__ for base in type(error).__mro__]}, [_message(error)]
    try:
        parts = [dump(value)]
    except NotPlain as error:
        return {"refused": str(error)}, []
    try:
        after = dump(arguments)
    except NotPlain:
        after = before
    return {"returned": True}, parts if after == before else [*parts, after]


def exception(names: Any, message: bytes) -> Exception:
    """A built-in exception of the first of these names that there is, for the tests to catch."""
    for name in names if isinstance(names, list) else ():
        kind = getattr(builtins, name, None) if isinstance(name, str) else None
        if kind in (
            StopIteration,
            StopAsyncIteration,
        ):  # would end a loop of the tests as if nothing had happened
            return RuntimeError(f"The program raised {name}.")
        if isinstance(kind, type) and issubclass(kind, Exception):
            try:
                return kind(message.decode("utf-8", "replace"))
            except TypeError:  # UnicodeDecodeError and its like want more than a message
                continue
    return Exception(message.decode("utf-8", "replace"))


def update(argument: Any, after: Any) -> None:
    """Make an argument equal to what the program made of its copy, where it is of a kind that can change."""
    if type(argument) is not type(after):
        return
    if isinstance(argument, (list, bytearray)):
        argument[:] = after
    elif isinstance(argument, (dict, set)):
        argument.clear()
        argument.update(after)


def _message(error: Exception) -> bytes:
    try:
        return str(error)[:10_000].encode("utf-8", "replace")
    except Exception:
        return b""


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

_DECODERS: dict[str, Callable[[list[Any]], Any]] = {
    "surrogates": lambda rest: bytes.fromhex(rest[0]).decode("utf-8", "surrogatepass"),
    "int": lambda rest: int(rest[0], 16),
    "float": lambda rest: float(rest[0]),
    "complex": lambda rest: complex(float(rest[0]), float(rest[1])),
    "bytes": lambda rest: bytes.fromhex(rest[0]),
    "bytearray": lambda rest: bytearray.fromhex(rest[0]),
    "range": lambda rest: range(*(int(bound, 16) for bound in rest)),
    "list": lambda rest: [decode(item) for item in rest],
    "tuple": lambda rest: tuple(decode(item) for item in rest),
    "set": lambda rest: {decode(item) for item in rest},
    "frozenset": lambda rest: frozenset(decode(item) for item in rest),
    "dict": lambda rest: {decode(key): decode(value) for key, value in rest},
}
