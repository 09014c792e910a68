"""The eight languages: what their programs are called, how they are compiled and run, and where that is possible."""

import functools
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from verifiers.sandbox import bubblewrap
from verifiers.sandbox.inside.job import ALL_OF_MEMORY
from verifiers.sandbox.java import java_names
from verifiers.sandbox.reader import read
from verifiers.sandbox.types import LANGUAGES, Language
from verifiers.sandbox.typescript import COMPILER

BUILT = "{built}"
"""In a command, stands for the folder that programs are compiled into. Sources are in the working folder."""
MEMORY = "{memory}"
"""In a command or an environment, stands for the bound on memory in MiB."""
STACK = "{stack}"
"""Stands for the stack of a runtime's first thread in MiB."""
MOST_STACK = 256


@dataclass(frozen=True, slots=True)
class Commands:
    """How one program is run: the name of its source file, what compiles it, and what executes it.

    `build` is empty where nothing is compiled, `run` where the program runs in a fork of the interpreter.
    """

    source: str
    build: tuple[str, ...]
    run: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Toolchain:
    """What one language needs, and what of it is here.

    `tools` are absolute paths; `missing` names what was not found, and `get` says how to get it. The runtime
    itself has `tasks` threads and processes and `spare_bytes` of memory, which do not count against a program's
    bounds. Where it reserves far more address space than it uses, that cannot be bounded.
    """

    language: Language
    commands: Callable[[str], Commands]
    tools: tuple[str, ...] = ()
    version: str = ""
    missing: tuple[str, ...] = ()
    get: str = ""
    tasks: int = 0
    spare_bytes: int = 0
    bound_address_space: bool = True
    stack_bytes: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_here(self) -> bool:
        """Whether programs of the language can be run."""
        return not self.missing


def toolchain(language: Language) -> Toolchain:
    """What the language needs and what of it is here. Found once per process."""
    return _find(language)


def toolchains() -> tuple[Toolchain, ...]:
    """All eight."""
    return tuple(map(toolchain, LANGUAGES))


@functools.cache
def _find(language: Language) -> Toolchain:
    return _FINDERS[language]()


def _python() -> Toolchain:
    import sys

    return Toolchain(
        "python",
        lambda _: Commands("main.py", (), ()),
        (bubblewrap.python(),),
        sys.version.split()[0],
        stack_bytes=1 << 26,
        environment={"OPENBLAS_NUM_THREADS": "1"},  # NumPy's library starts a thread per processor else
    )


def _cpp() -> Toolchain:
    def commands(source: str) -> Commands:
        build = (found["g++"], "-O2", "-std=gnu++17", "-o", f"{BUILT}/main", "main.cpp")
        return Commands("main.cpp", build, (f"{BUILT}/main",))

    found, missing = _tools("g++")
    return Toolchain(
        "cpp", commands, tuple(found.values()), _version(found, "g++", "--version"), missing,
        "install a C++ compiler (Debian: g++)", stack_bytes=ALL_OF_MEMORY,
    )  # fmt: skip


def _java() -> Toolchain:
    def commands(source: str) -> Commands:
        names = read(java_names, source)
        small = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto")
        build = (
            found["javac"],
            *(f"-J{option}" for option in small),
            "-nowarn",
            "-d",
            BUILT,
            f"{names.file}.java",
        )
        return Commands(
            f"{names.file}.java",
            build,
            # The first thread's stack, then that of others.
            (
                found["java"],
                *small,
                f"-Xmx{MEMORY}m",
                f"-Xss{STACK}m",
                "-XX:ThreadStackSize=32768",
                "-ea",
                "-cp",
                BUILT,
                names.start,
            ),
        )

    found, missing = _tools("javac", "java")
    return Toolchain(
        "java", commands, tuple(found.values()), _version(found, "javac", "--version"), missing,
        "install a JDK (Debian: default-jdk-headless)", tasks=40, spare_bytes=(1 << 29) + (MOST_STACK << 20),
        bound_address_space=False,
    )  # fmt: skip


def _javascript() -> Toolchain:
    found, missing = _tools("node")
    return Toolchain(
        "javascript", lambda _: Commands("main.js", (), (found["node"], f"--max-old-space-size={MEMORY}", "main.js")),
        tuple(found.values()), _version(found, "node", "--version"), missing,
        "install Node.js (Debian: nodejs)", tasks=24, spare_bytes=1 << 28, bound_address_space=False,
    )  # fmt: skip


def _typescript() -> Toolchain:
    def commands(source: str) -> Commands:
        build = (found["node"], "-e", COMPILER, library, BUILT)
        return Commands(
            "main.ts", build, (found["node"], f"--max-old-space-size={MEMORY}", f"{BUILT}/main.js")
        )

    found, missing = _tools("node", "tsc")
    library = str(Path(found.get("tsc", "")).resolve().parent.parent / "lib" / "typescript.js")
    return Toolchain(
        "typescript", commands, tuple(found.values()), _version(found, "tsc", "--version"), missing,
        "install Node.js and TypeScript (Debian: nodejs node-typescript)", tasks=24, spare_bytes=1 << 28,
        bound_address_space=False,
    )  # fmt: skip


def _php() -> Toolchain:
    def commands(source: str) -> Commands:
        settings = ("-n", "-d", "display_errors=stderr", "-d", f"memory_limit={MEMORY}M", *extensions)
        return Commands("main.php", (), (found["php"], *settings, "main.php"))

    found, missing = _tools("php")
    extensions = [word for name in _php_extensions(found) for word in ("-d", f"extension={name}")]
    return Toolchain(
        "php", commands, tuple(found.values()), _version(found, "php", "--version"), missing,
        "install PHP (Debian: php-cli php-mbstring)",
    )  # fmt: skip


def _bash() -> Toolchain:
    found, missing = _tools("bash")
    return Toolchain(
        "bash", lambda _: Commands("main.sh", (), (found["bash"], "main.sh")),
        tuple(found.values()), _version(found, "bash", "--version"), missing, "install bash",
    )  # fmt: skip


def _csharp() -> Toolchain:
    def commands(source: str) -> Commands:
        build = (found["mcs"], "-r:System.Numerics.dll", f"-out:{BUILT}/main.exe", "main.cs")
        return Commands("main.cs", build, (found["mono"], f"{BUILT}/main.exe"))

    found, missing = _tools("mcs", "mono")
    return Toolchain(
        "csharp", commands, tuple(found.values()), _version(found, "mono", "--version"), missing,
        "install Mono (Debian: mono-mcs mono-runtime)", tasks=12, spare_bytes=1 << 27, bound_address_space=False,
        environment={"MONO_GC_PARAMS": f"max-heap-size={MEMORY}m"},
    )  # fmt: skip


def _php_extensions(found: Mapping[str, str]) -> list[str]:
    """Those of PHP's usual extensions that are not built in, and that no settings file of the machine loads inside."""
    if "php" not in found:
        return []
    ask = (
        "foreach (['ctype', 'mbstring', 'iconv', 'bcmath', 'gmp'] as $name)"
        ' if (!extension_loaded($name) && file_exists(PHP_EXTENSION_DIR . "/$name.so")) echo "$name\\n";'
    )
    done = subprocess.run([found["php"], "-n", "-r", ask], capture_output=True, text=True, check=False)
    return done.stdout.split()


_FINDERS: dict[Language, Callable[[], Toolchain]] = {
    "python": _python,
    "cpp": _cpp,
    "java": _java,
    "javascript": _javascript,
    "typescript": _typescript,
    "php": _php,
    "bash": _bash,
    "csharp": _csharp,
}


def _tools(*names: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The paths of those that are here and can be seen from inside, and the names of the others."""
    found = {}
    for name in names:
        path = shutil.which(name, path="/usr/local/bin:/usr/bin:/bin")
        if path is not None and Path(path).resolve().is_relative_to("/usr"):
            found[name] = path
    return found, tuple(name for name in names if name not in found)


def _version(found: Mapping[str, str], tool: str, option: str) -> str:
    if tool not in found:
        return ""
    done = subprocess.run([found[tool], option], capture_output=True, text=True, check=False)
    numbers = re.search(r"\d+(?:\.\d+)+", done.stdout + done.stderr)
    return numbers[0] if numbers else ""
