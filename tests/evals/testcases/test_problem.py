"""Problems on disk."""

import pytest
from testcases_support import SUM, write_problem

from evals.testcases.problem import read_labels, read_problem, read_problems

BOTH = {"a.py": SUM, "b.cpp": "int main() {}"}


def test_a_problem_is_what_its_folder_says(tmp_path):
    write_problem(tmp_path / "add", BOTH, time_limit=2, rejected=["b.cpp"], special_judge="Any.")
    (found,) = read_problems(tmp_path)
    assert (found.id, found.time_limit, found.special_judge) == ("add", 2.0, "Any.")
    assert [(s.name, s.language, s.accepted) for s in found.submissions] == [
        ("a.py", "python", True),
        ("b.cpp", "cpp", False),
    ]
    assert found.samples[0].output == "2\n"


def test_labels_are_apart(tmp_path):
    write_problem(tmp_path / "add", BOTH)
    assert read_labels(tmp_path / "add") == {}
    (tmp_path / "add" / "labels.yaml").write_text("a.py: right\nb.cpp: it prints nothing\n")
    assert read_labels(tmp_path / "add") == {"a.py": None, "b.cpp": "it prints nothing"}
    assert read_problem(tmp_path / "add").generator is not None


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("problem.yaml", "samples: [", "is not YAML"),
        ("problem.yaml", "- 1", "must be a mapping"),
        ("problem.yaml", "title: A", "needs samples"),
        ("problem.yaml", "samples: [{input: x}]", "needs samples"),
        ("problem.yaml", "samples: []\ntime_limit: soon", "time_limit"),
        ("problem.yaml", "samples: []\ntime_limit: 0", "time_limit"),
        ("problem.yaml", "samples: []\nsample: 1", "unknown key 'sample'"),
        ("problem.yaml", "samples: []\nrejected: [z.py]", "no submission 'z.py'"),
        ("labels.yaml", "z.py: right", "no submission 'z.py'"),
    ],
)
def test_a_damaged_problem_is_refused_with_file_and_reason(tmp_path, name, text, reason):
    write_problem(tmp_path / "add", BOTH)
    (tmp_path / "add" / name).write_text(text)
    read = read_labels if name == "labels.yaml" else read_problem
    with pytest.raises(ValueError, match=reason) as caught:
        read(tmp_path / "add")
    assert "add" in str(caught.value)


@pytest.mark.parametrize("missing", ["problem.yaml", "statement.md"])
def test_a_missing_file_is_named(tmp_path, missing):
    write_problem(tmp_path / "add", BOTH)
    (tmp_path / "add" / missing).unlink()
    with pytest.raises(ValueError, match=missing):
        read_problems(tmp_path)


def test_folders_without_problems_are_refused(tmp_path):
    with pytest.raises(ValueError, match="holds no problems"):
        read_problems(tmp_path)
    with pytest.raises(ValueError, match="There is no folder"):
        read_problems(tmp_path / "none")
    write_problem(tmp_path / "add", {})
    with pytest.raises(ValueError, match="holds no program"):
        read_problems(tmp_path)


def test_a_statement_that_is_not_text_is_refused(tmp_path):
    write_problem(tmp_path / "add", BOTH)
    (tmp_path / "add" / "statement.md").write_bytes(b"\xff")
    with pytest.raises(ValueError, match=r"statement\.md is not UTF-8"):
        read_problem(tmp_path / "add")
