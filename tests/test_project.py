"""What the project promises as a whole: its contracts, its documents, its recipes."""

import configparser
import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from reports.claims import check_rules
from repro.recipe import Recipe, load_recipe
from repro.shipped import shipped_recipes

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
NOT_OURS = re.compile(
    r"\.git|\.tox|\.venv|venv|build|dist|runs|\..*_cache|\.hypothesis|__pycache__|.*\.egg-info"
)
REPRODUCE = "pip install tox && tox -e reproduce"


def tracked() -> list[Path]:
    """The files of the repository: those git knows or would take, all of them outside a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode == 0:
        return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    found = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if not NOT_OURS.fullmatch(name)]
        found += [Path(folder, name) for name in names]
    return found


def prose(document: Path) -> str:
    """A document without its code."""
    return re.sub(
        r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", document.read_text(), flags=re.DOTALL | re.MULTILINE)
    )


def links(document: Path) -> list[str]:
    """The relative targets of a document's links and pictures, without anchors."""
    targets = (target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", prose(document)))
    return [target for target in targets if target and not re.match(r"[a-z]+:", target)]


def tox(section: str, key: str) -> str:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "tox.ini")
    return parser[section][key].strip()


# --- Contracts ----------------------------------------------------------------------------------------------


def test_imports_point_one_way():
    pytest.importorskip("importlinter")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", done.stdout)


def test_verifiers_stand_alone():
    script = (
        "import sys, verifiers\n"
        "for kind in verifiers.KINDS: verifiers.verifier(kind)\n"
        "print(sorted({'torch', 'evals', 'training', 'reports', 'repro'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


# --- Commands -----------------------------------------------------------------------------------------------


def test_the_two_commands_of_the_readme_are_those_of_tox_and_ci():
    lines = [line.partition("#")[0].strip() for line in (ROOT / "README.md").read_text().splitlines()]
    assert REPRODUCE in lines
    assert "tox" in lines
    assert tox("testenv:reproduce", "commands").startswith("repro run programs")
    assert tox("testenv", "commands").startswith("pytest")
    assert tox("tox", "env_list") == "py"
    ci = ROOT / ".ci" / "run"
    assert os.access(ci, os.X_OK)
    calls = re.findall(r"^tox\b[^|\n]*", ci.read_text(), re.MULTILINE)
    assert [call.replace("2>&1", "").split() for call in calls] == [["tox"]]


def test_tox_takes_torch_first_and_the_extras_that_are_needed():
    assert re.fullmatch(r"torch==\d+\.\d+\.\d+", tox("testenv", "deps"))
    assert set(tox("testenv", "extras").split(", ")) == {"train", "dev"}
    assert set(tox("testenv:reproduce", "extras").split(", ")) == {"train", "benchmarks", "instructions"}
    assert tox("testenv:lint", "commands").splitlines() == [
        "ruff check .",
        "ruff format --check .",
        "mypy",
        "lint-imports",
    ]
    assert tox("testenv:bench", "commands").startswith("python benchmarks/")


# --- Documents ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_relative_links_lead_somewhere(document: Path):
    assert [target for target in links(document) if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_named_in_documents_exist(document: Path):
    """Names in backquotes such as `evals/types.py`; in docs/algorithm.md those without a folder are of training/."""
    code = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.DOTALL | re.MULTILINE)
    named = re.findall(r"`((?:[a-z0-9_]+/)*[a-z0-9_]+\.py)`", code)
    folders = [ROOT, ROOT / "training", *(folder for folder in ROOT.iterdir() if folder.is_dir())]
    assert [name for name in named if not any((folder / name).is_file() for folder in folders)] == []


@pytest.mark.parametrize("name", ["README.md", "docs/verifiers.md", "docs/sandbox.md"])
def test_examples_print_what_the_documents_say(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # for worker processes
    examples = re.findall(r"```python\n(.*?)```\n+```text\n(.*?)```", (ROOT / name).read_text(), re.DOTALL)
    assert examples
    for code, expected in examples:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(code, name, "exec"), {})
        assert said.getvalue().rstrip() == expected.rstrip(), code


def test_no_file_names_a_path_of_one_machine():
    private = [f"/{'work'}/", f"/{'tmp'}/w", f"..{'/shared'}", f"/{'root'}/"]
    homes = re.compile(rf"/({'home'}|{'Users'})/[a-z]")
    found = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if any(word in text for word in private) or homes.search(text):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


# --- Recipes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(shipped_recipes()))
def test_shipped_recipes_are_valid(name: str):
    recipe = load_recipe(name)
    assert recipe.name == name
    assert recipe.description
    check_rules(recipe.claims)
    assert load_recipe_of(recipe.to_yaml()) == recipe


def load_recipe_of(text: str) -> Recipe:
    return Recipe.model_validate(yaml.safe_load(text))


def test_recipes_in_the_documents_are_valid():
    found = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "recipes.md").read_text(), re.DOTALL)
    assert found
    for text in found:
        check_rules(load_recipe_of(text).claims)


def keys(section: type[BaseModel]) -> Iterator[str]:
    """Every key that a recipe can have, at any depth."""
    for name, field in section.model_fields.items():
        yield name
        for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from keys(part)


def test_every_key_of_a_recipe_is_documented():
    text = " ".join(re.findall(r"`([^`\n]+)`", (ROOT / "docs" / "recipes.md").read_text()))
    words = set(re.findall(r"\w+", text))
    assert sorted(set(keys(Recipe)) - words) == []
