"""Imports point one way, and importing the library stays light (design: "Imports point one way")."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# package -> what nothing inside it may import, in any function or branch
FORBIDDEN = {
    "course_lib/optimizers": {"course_lib.checks", "course_lib.plotting", "course_lib.explorers", "autograder"},
    "course_lib/checks": {"autograder", "nbgrader", "nbformat"},
    "course_lib": {"autograder", "nbgrader"},
    "autograder/sandbox": {"course_lib.optimizers", "nbgrader"},
}


def imported(source: Path) -> set[str]:
    """Every module that a file imports, anywhere in it, by full name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}: write imports out in full"
            names |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize(("package", "forbidden"), FORBIDDEN.items(), ids=FORBIDDEN)
def test_arrows_point_one_way(package: str, forbidden: set[str]) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    wrong = {
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files
        for name in imported(file)
        if any(name == bad or name.startswith(bad + ".") for bad in forbidden)
    }
    assert not wrong


@pytest.mark.parametrize(
    "module", ["course_lib", "course_lib.optimizers", "course_lib.descent", "course_lib.objectives"]
)
def test_importing_stays_light(module: str) -> None:
    """Neither torch nor Jupyter nor Matplotlib is loaded, however they might get in."""
    heavy = "{'torch', 'IPython', 'ipykernel', 'jupyter_client', 'matplotlib', 'anywidget', 'scipy', 'nbgrader'}"
    program = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
