"""The line between the program and its tests: each side asks the other to do something with an object of its own.

Plain values cross as they are; see `plain`. Of anything else only a number crosses, under which the other side
asks for what it wants of it. The tests' side is careful with that: it never asks the program whether two objects
are equal, nor whether one is in another, so that no answer of the program's can make a comparison come out right.
What the tests make of a class of the program's may hold what they expect, so that it can be given to the program but
not be read. Of its own objects this side gives away only calls of functions and what instances of the tests' own
classes hold.

While a side waits for an answer it does what the other one asks, so that calls may go back and forth.
"""

import builtins
import functools
import types
from collections.abc import Callable
from typing import Any, NoReturn

from . import frames, plain

Message = tuple[dict[str, Any], list[bytes]]
_FUNCTIONS = (types.FunctionType, types.MethodType, functools.partial)
_SAME_EVERYWHERE = {
    value: name
    for name, value in vars(builtins).items()
    if isinstance(value, (type, types.BuiltinFunctionType)) and not name.startswith("_")
}
"""The types and functions that both sides have."""


class Refused(Exception):
    """The other side does not do that, or what came of it cannot cross."""


class Remote:
    """An object of the other side. Two of them cannot be compared, but by `is`."""

    __slots__ = ("__ask", "__number", "__truth")

    def __init__(self, ask: Callable[..., Any], number: int, truth: bool) -> None:
        object.__setattr__(self, "_Remote__ask", ask)
        object.__setattr__(self, "_Remote__number", number)
        object.__setattr__(self, "_Remote__truth", truth)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.__ask("get", self.__number, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self.__ask("set", self.__number, name, value)

    def __call__(self, *arguments: Any, **named: Any) -> Any:  # noqa: D102
        return self.__ask("call", self.__number, list(arguments), named)

    def __iter__(self) -> Any:
        return self.__ask("iter", self.__number)

    def __len__(self) -> Any:
        return self.__ask("len", self.__number)

    def __getitem__(self, key: Any) -> Any:
        return self.__ask("item", self.__number, key)

    def __str__(self) -> Any:
        return self.__ask("str", self.__number)

    def __bool__(self) -> bool:
        return bool(self.__truth)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Remote):
            raise TypeError("Two objects of the program cannot be compared here.")
        return NotImplemented

    __hash__ = object.__hash__


class Made(Remote):
    """What the tests have made of a class of the program's: it can be changed and given, and not be read."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return made(Remote.__getattr__(self, name))

    def _unreadable(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("An object that the tests have made of a class of the program's cannot be read here.")

    __call__ = __iter__ = __len__ = __getitem__ = __str__ = _unreadable


def made(value: Any) -> Made:
    """From now on the object cannot be read. Raises `TypeError` for anything but one of the other side's."""
    if not isinstance(value, Remote):
        Made._unreadable(value)
    object.__setattr__(value, "__class__", Made)
    assert isinstance(value, Made)
    return value


class Side:
    """One end. `gone` is called, and does not return, where the other end is gone or breaks the line.

    `find` gives the object behind a name that is asked for, where this side has names to give; `guarded` is the
    tests' side.
    """

    def __init__(
        self,
        line: int,
        gone: Callable[[str], NoReturn],
        find: Callable[[str], Any] | None = None,
        guarded: bool = False,
    ) -> None:
        self._line, self._gone, self._find, self._guarded = line, gone, find, guarded
        self._own: list[Any] = []
        self._numbers: dict[int, int] = {}  # of own objects, by id
        self._others: dict[int, Any] = {}  # the other side's objects, by their number there
        self._of_others: dict[int, int] = {}  # their numbers, by id

    # --- Asking ---------------------------------------------------------------------------------------------

    def ask(self, what: str, of: int | str, *values: Any) -> Any:
        """What the other side answers; raises what it raised, and `plain.NotPlain` for values that do not cross."""
        encoder = plain.Encoder(self._export)
        question = plain.to_bytes(lambda: encoder.value(list(values)))
        self._send({"do": what, "of": of}, [question])
        while True:
            head, parts = self._receive()
            if "do" not in head:
                break
            self._answer(head, parts)
        if "refused" in head:
            raise Refused(str(head["refused"])[:200])
        if "stop" in head and what == "next":  # elsewhere it would end a loop of the tests
            raise StopIteration
        return self._result(head, parts, encoder.objects)

    def _result(self, head: dict[str, Any], parts: list[bytes], known: list[Any]) -> Any:
        decoder = plain.Decoder(self._resolve, known)
        error: Exception | None = None
        value = None
        try:
            first, second = plain.from_bytes(parts[0])
            if "raised" in head:
                error = plain.exception(head["raised"], str(decoder.value(first)), decoder.value(second))
            else:
                value = decoder.value(first)
                for number, content in second:
                    decoder.fill(known[number], content)
        except (plain.NotPlain, IndexError, TypeError, ValueError, RecursionError):
            self._gone("broke the line to its tests")
        if error is not None:
            raise error
        return value

    # --- Answering ------------------------------------------------------------------------------------------

    def serve(self) -> None:
        """Do what the other side asks until it is gone."""
        while (message := frames.receive(self._line)) is not None:
            self._answer(*message)

    def _answer(self, head: dict[str, Any], parts: list[bytes]) -> None:
        decoder = plain.Decoder(self._resolve)
        try:
            values = decoder.value(plain.from_bytes(parts[0]))
            what, of = head["do"], head["of"]
            if not isinstance(values, list) or not isinstance(what, str):
                raise plain.NotPlain("no question")
        except (plain.NotPlain, IndexError, KeyError, RecursionError):
            self._gone("broke the line to its tests")
        before = self._contents(decoder.objects)
        try:
            result = self._do(what, of, values)
            answer = self._answer_with(result, decoder.objects, before)
        except (Refused, plain.NotPlain) as error:
            self._send({"refused": str(error)}, [])
            return
        except AssertionError as error:
            if self._guarded:  # a test that the program calls does not hold: it is not the program's to catch
                raise
            self._send(*self._raised(error))
            return
        except Exception as error:
            stop = what == "next" and isinstance(error, StopIteration)
            self._send(*(({"stop": True}, []) if stop else self._raised(error)))
            return
        self._send({"returned": True}, [answer])

    def _answer_with(self, result: Any, objects: list[Any], before: list[Any]) -> bytes:
        """The result, and what has changed of the objects that the question was about."""
        encoder = plain.Encoder(self._export, objects)
        after = self._contents(objects)
        changed = [n for n, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        return plain.to_bytes(
            lambda: [encoder.value(result), [[n, encoder.content(objects[n])] for n in changed]]
        )

    def _contents(self, objects: list[Any]) -> list[Any]:
        """What each of those that can change holds; None of one that holds what does not cross."""
        contents = []
        for one in objects:
            encoder = plain.Encoder(self._export, objects)
            try:
                contents.append(None if isinstance(one, (tuple, frozenset)) else encoder.content(one))
            except (plain.NotPlain, RecursionError):
                contents.append(None)
        return contents

    def _raised(self, error: Exception) -> Message:
        try:
            message = str(error)[:10_000]
        except Exception:
            message = ""
        names = [base.__name__ for base in type(error).__mro__]
        try:
            arguments = plain.Encoder().value(BaseException.args.__get__(error))  # type: ignore[attr-defined]
            body = plain.to_bytes(lambda: [plain.Encoder().value(message), arguments])
        except (plain.NotPlain, RecursionError):
            body = plain.to_bytes(lambda: [plain.Encoder().value(message), None])
        return {"raised": names}, [body]

    def _do(self, what: str, of: Any, values: list[Any]) -> Any:
        if what == "find" or isinstance(of, str):
            if self._find is None or not isinstance(of, str):
                raise Refused("a name")
            target = self._find(of)
            return target if what == "find" else target(*values[0], **values[1])
        if type(of) is not int or not 0 <= of < len(self._own):
            raise Refused("an object that was never given")
        target = self._own[of]
        if self._guarded and not self._may_do(what, target, values):
            raise Refused(f"to {what} that")
        if what == "call":
            return target(*values[0], **values[1])
        return _ACTIONS[what](target, *values)

    def _may_do(self, what: str, target: Any, values: list[Any]) -> bool:
        """Whether the program may have this done with an object of the tests."""
        if what == "next":
            return hasattr(type(target), "__next__")
        if what == "call" and isinstance(target, _FUNCTIONS):
            return True
        own = isinstance(target, type) or type(target).__module__ == "__main__"
        if not own or isinstance(target, types.ModuleType) or (what == "set" and isinstance(target, type)):
            return False
        return what not in ("get", "set") or (isinstance(values[0], str) and not values[0].startswith("_"))

    # --- Objects that do not cross --------------------------------------------------------------------------

    def _export(self, value: Any) -> Any:
        if (number := self._of_others.get(id(value))) is not None:
            return ["yours", number]
        try:
            if (name := _SAME_EVERYWHERE.get(value)) is not None:
                return ["builtin", name]
        except Exception:  # it has no hash, or one that fails
            pass
        if isinstance(value, types.ModuleType):
            raise plain.NotPlain(f"a value of type {type(value).__name__}")
        if (number := self._numbers.get(id(value))) is None:
            number = self._numbers[id(value)] = len(self._own)
            self._own.append(value)
        kind = type(value)
        if kind is types.GeneratorType:
            sort = "generator"
        elif hasattr(kind, "__next__"):
            sort = "map" if kind is map else "iterator"
        elif isinstance(value, (*_FUNCTIONS, types.BuiltinFunctionType, type)):
            sort = "function"
        else:
            sort = "object"
        try:
            truth = bool(value)
        except Exception:
            truth = True
        return ["mine", number, sort, truth]

    def _resolve(self, tree: list[Any]) -> Any:
        name, *rest = tree
        if name == "builtin":
            value: Any = getattr(builtins, rest[0]) if isinstance(rest[0], str) else None
            if _SAME_EVERYWHERE.get(value) != rest[0]:
                raise plain.NotPlain("a tree that is no value")
            return value
        if name == "yours":
            if type(rest[0]) is not int or rest[0] < 0:
                raise plain.NotPlain("a tree that is no value")
            return self._own[rest[0]]
        if name != "mine" or type(rest[0]) is not int:
            raise plain.NotPlain("a tree that is no value")
        number, sort, truth = rest
        if number not in self._others:
            self._others[number] = one = self._stand_in(number, sort, truth is True)
            self._of_others[id(one)] = number
        return self._others[number]

    def _stand_in(self, number: int, sort: Any, truth: bool) -> Any:
        if sort in ("generator", "map", "iterator"):
            generator = self._generator(number)
            return map(_itself, generator) if sort == "map" else generator
        if sort == "function":

            def function(*arguments: Any, **named: Any) -> Any:
                return self.ask("call", number, list(arguments), named)

            return function
        return Remote(self.ask, number, truth)

    def _generator(self, number: int) -> Any:
        while True:
            try:
                item = self.ask("next", number)
            except StopIteration:
                return
            yield item

    # --- The line -------------------------------------------------------------------------------------------

    def _send(self, head: dict[str, Any], parts: list[bytes]) -> None:
        try:
            frames.send(self._line, head, parts)
        except OSError:
            self._gone("ended before its tests did")

    def _receive(self) -> Message:
        try:
            message = frames.receive(self._line)
        except (OSError, frames.LineBroken):
            message = None
        if message is None:
            self._gone("ended before its tests did")
        return message


def _itself(item: Any) -> Any:
    return item


def class_called(name: str, namespace: dict[str, Any]) -> Any:
    """The class that a program has under the name. Raises `NameError` where it has none."""
    value = namespace.get(name)
    if not isinstance(value, type):
        raise NameError(f"name {name!r} is not defined")
    return value


_ACTIONS: dict[str, Callable[..., Any]] = {
    "get": getattr,
    "set": setattr,
    "next": next,
    "iter": iter,
    "len": len,
    "item": lambda target, key: target[key],
    "str": str,
}
