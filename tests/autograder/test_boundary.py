"""Nothing outside the sandbox can run what a learner wrote: no code there turns data into behaviour."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.autograder.notebooks import ROOT

GRADER = ROOT / "autograder"
INSIDE = GRADER / "sandbox" / "inside"
TRUSTED = sorted(path for path in GRADER.rglob("*.py") if INSIDE not in path.parents)
RUNS = {"exec", "eval", "compile", "__import__", "run_cell", "run_path", "run_module", "exec_module", "import_module"}
UNPICKLES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "runpy", "code", "codeop"}


def acts(source: str) -> Iterator[str]:
    """Calls that run text, modules that unpickle, and NumPy's unpickling switch."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in RUNS:
                yield name
            case ast.Call(func=ast.Attribute(attr=name, value=owner)) if name in RUNS and ast.unparse(owner) != "re":
                yield name
            case ast.Import(names=names):
                yield from (alias.name for alias in names if alias.name.split(".")[0] in UNPICKLES)
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in UNPICKLES:
                yield module
            case ast.keyword(arg="allow_pickle"):
                yield "allow_pickle"


@pytest.mark.parametrize("path", TRUSTED, ids=lambda path: str(path.relative_to(GRADER)))
def test_nothing_outside_the_sandbox_runs_data(path: Path) -> None:
    assert not list(acts(path.read_text()))


@pytest.mark.parametrize("path", TRUSTED, ids=lambda path: str(path.relative_to(GRADER)))
def test_nothing_outside_imports_the_inner_side(path: Path) -> None:
    """It is copied as text into the stage; importing it would bring what runs cells into the grader's process."""
    imported = [
        ast.unparse(n) for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    assert not [line for line in imported if "sandbox.inside" in line]


def test_the_inner_side_is_what_runs_data() -> None:
    assert "run_cell" in {name for path in INSIDE.glob("*.py") for name in acts(path.read_text())}


@pytest.mark.parametrize(
    "source", ["eval(x)", "import pickle", "from pickle import loads", "np.load(f, allow_pickle=True)"]
)
def test_what_is_looked_for_is_found(source: str) -> None:
    assert list(acts(source))
