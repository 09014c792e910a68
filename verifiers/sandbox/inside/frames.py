"""Messages over a socket: a line of JSON and any number of byte strings.

A message is two big-endian sizes (all of it, and its head), then the head as JSON, then the byte strings one
after the other; the head's `sizes` says how long each is.
"""

import json
import os
import struct
from collections.abc import Sequence
from typing import Any

_SIZES = struct.Struct(">QI")
MOST_BYTES = 1 << 30
"""Of one message. A longer one is a broken line."""

_PIECE = 1 << 20
_SHORT = 1 << 16


class LineBroken(Exception):
    """The other side ended, or sent what is no message."""


def pack(head: dict[str, Any], parts: Sequence[bytes | bytearray] = ()) -> bytes:
    """The bytes of one message."""
    return b"".join([_start(head, parts), *parts])


def send(line: int, head: dict[str, Any], parts: Sequence[bytes | bytearray] = ()) -> None:
    """Write one message to a blocking file descriptor. Long parts are not copied."""
    short = sum(map(len, parts)) <= _SHORT
    first, *rest = [pack(head, parts)] if short else [_start(head, parts), *parts]
    for part in (first, *rest):
        left = memoryview(part)
        while left:
            left = left[os.write(line, left) :]


def receive(line: int) -> tuple[dict[str, Any], list[bytes]] | None:
    """Read one message from a blocking file descriptor; None where the other side has closed it."""
    head = receive_head(line)
    if head is None:
        return None
    return head, [receive_part(line, size) for size in head["sizes"]]


def receive_head(line: int) -> dict[str, Any] | None:
    """Read the head of a message, whose byte strings follow; None where the other side has closed it.

    The head's `sizes` are those that the message has room for.
    """
    start = _read(line, _SIZES.size)
    if not start:
        return None
    if len(start) < _SIZES.size:
        raise LineBroken("The message is cut off.")
    rest, head_size = wanted(start) - _SIZES.size, _SIZES.unpack(start)[1]
    head = _head(receive_part(line, min(head_size, rest)))
    if sum(head["sizes"]) != rest - head_size:
        raise LineBroken("The message has not the size that it says.")
    return head


def receive_part(line: int, size: int) -> bytes:
    """Read one byte string of this size, which comes next."""
    part = _read(line, size)
    if len(part) < size:
        raise LineBroken("The message is cut off.")
    return part


def copy_part(line: int, size: int, file: int) -> None:
    """Write one byte string of this size, which comes next, to a file, piece by piece."""
    while size:
        piece = memoryview(os.read(line, min(size, _PIECE)))
        if not piece:
            raise LineBroken("The message is cut off.")
        size -= len(piece)
        while piece:
            piece = piece[os.write(file, piece) :]


def wanted(received: bytes | bytearray) -> int:
    """How many bytes a message has whose beginning this is; those of its sizes while they are not there."""
    if len(received) < _SIZES.size:
        return _SIZES.size
    size, _ = _SIZES.unpack_from(received)
    if size > MOST_BYTES:
        raise LineBroken("The message is too long.")
    return _SIZES.size + int(size)


def unpack(message: bytes | bytearray) -> tuple[dict[str, Any], list[bytes]]:
    """What `pack` made bytes of. Raises `LineBroken` where it was not `pack`."""
    _, head_size = _SIZES.unpack_from(message)
    place = _SIZES.size + head_size
    head, parts = _head(bytes(message[_SIZES.size : place])), []
    for size in head["sizes"]:
        parts.append(bytes(message[place : place + size]))
        place += size
    if place != len(message):
        raise LineBroken("The message has not the size that it says.")
    return head, parts


def _start(head: dict[str, Any], parts: Sequence[bytes | bytearray]) -> bytes:
    """What comes before the byte strings."""
    text = json.dumps({**head, "sizes": [len(part) for part in parts]}).encode()
    return _SIZES.pack(len(text) + sum(map(len, parts)), len(text)) + text


def _head(text: bytes) -> dict[str, Any]:
    """The head of a message, with sizes that are whole numbers from 0."""
    try:
        head = json.loads(text)
        sizes = head["sizes"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise LineBroken("The message has no readable head.") from None
    if not isinstance(sizes, list) or not all(type(size) is int and size >= 0 for size in sizes):
        raise LineBroken("The message has no readable head.")
    return dict(head)


def _read(line: int, size: int) -> bytes:
    part = os.read(line, min(size, _PIECE)) if size else b""
    parts, left = [part], size - len(part)
    while left and part:
        part = os.read(line, min(left, _PIECE))
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
