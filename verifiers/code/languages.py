"""What the eight languages are called."""

from verifiers.sandbox.types import Language

ALIASES: dict[Language, tuple[str, ...]] = {
    "python": ("python", "py", "python3", "py3"),
    "cpp": ("cpp", "c++", "cc", "cxx", "c"),
    "java": ("java",),
    "javascript": ("javascript", "js", "node", "nodejs"),
    "typescript": ("typescript", "ts"),
    "php": ("php",),
    "bash": ("bash", "sh", "shell"),
    "csharp": ("csharp", "c#", "cs"),
}
"""What a fenced block of each language may be called, in small letters."""

KNOWN = frozenset(name for names in ALIASES.values() for name in names)


def language_called(name: str) -> Language | None:
    """The language of this name or alias, such as `csharp` of `cs`; None for an unknown one."""
    return next((language for language, names in ALIASES.items() if name.lower() in names), None)
