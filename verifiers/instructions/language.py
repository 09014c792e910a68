"""Which language a text is in, by langdetect; the same text always gets the same answer."""

from functools import cache
from pathlib import Path
from typing import Any

from verifiers.instructions.libraries import library

SEED = 0
"""langdetect draws n-grams at random; unseeded, as the benchmark calls it, short texts change from run to run."""


def response_language(text: str, *, language: str) -> bool:
    """The whole response is in `language`. A text without a letter to judge by is taken to follow."""
    return detect(text) in (language, None)


def english_capital(text: str) -> bool:
    """English, all in capital letters."""
    return text.isupper() and response_language(text, language="en")


def english_lowercase(text: str) -> bool:
    """English, without a capital letter."""
    return text.islower() and response_language(text, language="en")


def detect(text: str) -> str | None:
    """The code of the likeliest language of `text`, such as `en` or `zh-cn`; None where nothing tells."""
    detector = _factory().create()
    detector.append(text)
    try:
        code: str = detector.detect()
    except library("langdetect", "langdetect").LangDetectException:
        return None
    return code


def languages() -> frozenset[str]:
    """The codes that `detect` can give."""
    return frozenset(_factory().langlist)


@cache
def _factory() -> Any:
    # Our own factory: the seed and the profiles of langdetect's own belong to whoever else uses it.
    detection = library("langdetect.detector_factory", "langdetect")
    factory = detection.DetectorFactory()
    profiles = sorted(path for path in Path(detection.PROFILES_DIRECTORY).iterdir() if path.is_file())
    factory.load_json_profile([path.read_text(encoding="utf-8") for path in profiles])
    factory.seed = SEED
    return factory
