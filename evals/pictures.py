"""Pictures in the rows of a data set: as `datasets` stores them, as base64, or as a file beside the data."""

import base64
import binascii
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import PlainValidator, ValidationInfo

from evals.types import Image

FOLDER = "folder"
"""The key of the validation context under which a row finds the folder that its pictures' paths start from."""
JUDGED_ONLY = "judged_only"
"""The key of the validation context that is true where rows are read to judge responses by, so without pictures."""


def judged_only(info: ValidationInfo) -> bool:
    """Whether the row is read to judge responses by, and no model is asked."""
    return bool((info.context or {}).get(JUDGED_ONLY))


def picture(data: bytes) -> Image:
    """A picture file's bytes with their media type, known by its first bytes.

    PNG, JPEG and WebP stay as they are; any other kind that Pillow reads (GIF, BMP, TIFF, ...) becomes PNG, its first
    frame where it has several. Raises `ValueError` for what is no picture, or needs Pillow where that is missing.
    """
    if (media_type := _media_type(data)) is not None:
        return Image(data, media_type)
    try:
        from PIL import Image as Pillow
        from PIL import UnidentifiedImageError
    except ImportError:
        raise ValueError(
            "a picture is no PNG, JPEG or WebP; pip install pillow to have it converted"
        ) from None
    try:
        opened = Pillow.open(io.BytesIO(data))
        made = io.BytesIO()
        opened.convert("RGBA" if opened.has_transparency_data else "RGB").save(made, "PNG")
    except (UnidentifiedImageError, OSError, Pillow.DecompressionBombError) as error:
        raise ValueError(f"a picture of {len(data):,} bytes cannot be read: {error}") from None
    return Image(made.getvalue(), "image/png")


def _media_type(data: bytes) -> str | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def _read(value: Any, info: ValidationInfo) -> Image | None:
    if judged_only(info):
        return None
    return picture(_bytes(value, (info.context or {}).get(FOLDER)))


def _bytes(value: Any, folder: Path | None) -> bytes:
    """The bytes of a picture file. `value` is those, base64, a path, or `datasets`' mapping of bytes and path."""
    if isinstance(value, Mapping):
        given = value.get("bytes")
        if isinstance(given, str):  # in JSON
            return _decoded(given)
        value = value.get("path") if given is None else given
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise ValueError("a picture is bytes, base64, or the path of its file; this row has none of these")
    if value.startswith("data:"):
        return _decoded(value.partition(",")[2])
    return _decoded(value) if value.startswith(_BASE64) else _file(value, folder)


_BASE64 = ("iVBORw0KGgo", "/9j/", "UklGR", "R0lGOD")
"""How PNG, JPEG, WebP and GIF begin in base64, which no path does."""


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"a picture is no base64: {error}") from None


def _file(path: str, folder: Path | None) -> bytes:
    if folder is None:
        raise ValueError(
            f"the picture {path[:200]} is a path, and this data is no local file that it could start from"
        )
    missing = f"there is no picture {str(folder / path)[:300]}"
    try:
        file = (folder / path).resolve()
    except (OSError, ValueError, RuntimeError):  # a loop of links is a RuntimeError
        raise ValueError(missing) from None
    # Whoever wrote the data chose the path, and an endpoint gets the picture: it must be part of the data.
    if not file.is_relative_to(folder.resolve()):
        raise ValueError(
            f"the picture {path[:200]} is outside the data's folder {str(folder)[:300]}, where none is read; "
            "copy it into the folder"
        )
    try:
        return file.read_bytes()
    except OSError:
        raise ValueError(missing) from None


Picture = Annotated[Image | None, PlainValidator(_read)]
"""The field of a row that is a picture. A path is read from the folder of the data's file, and from nowhere else.

It is None where rows are read to judge responses by, see `judged_only`, and there alone.
"""
