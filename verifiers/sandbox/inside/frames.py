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


class LineBroken(Exception):
    """The other side ended, or sent what is no message."""


def pack(head: dict[str, Any], parts: Sequence[bytes] = ()) -> bytes:
    """The bytes of one message."""
    text = json.dumps({**head, "sizes": [len(part) for part in parts]}).encode()
    return b"".join([_SIZES.pack(len(text) + sum(map(len, parts)), len(text)), text, *parts])


def send(line: int, head: dict[str, Any], parts: Sequence[bytes] = ()) -> None:
    """Write one message to a blocking file descriptor."""
    left = memoryview(pack(head, parts))
    while left:
        left = left[os.write(line, left) :]


def receive(line: int) -> tuple[dict[str, Any], list[bytes]] | None:
    """Read one message from a blocking file descriptor; None where the other side has closed it."""
    start = _read(line, _SIZES.size)
    if not start:
        return None
    whole = wanted(start)
    body = _read(line, whole - _SIZES.size)
    if len(body) < whole - _SIZES.size:
        raise LineBroken("The message is cut off.")
    return unpack(start + body)


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
    try:
        head = json.loads(bytes(message[_SIZES.size : place]))
        parts = []
        for size in head["sizes"]:
            parts.append(bytes(message[place : place + size]))
            place += size
    except (ValueError, KeyError, TypeError, RecursionError):
        raise LineBroken("The message has no readable head.") from None
    if place != len(message):
        raise LineBroken("The message has not the size that it says.")
    return head, parts


def _read(line: int, size: int) -> bytes:
    parts, left = [], size
    while left and (part := os.read(line, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
