"""Binder and Colab open what a build with ``course_repository`` publishes, and it is a chapter that runs."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.book.conftest import CHAPTER, ToyBook, new_toy
from tests.book.reading import ids_in

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HOME = "https://someone.github.io/course"
WITH_A_SOLUTION = (
    CHAPTER
    + """
```{exercise-start} Twice
:label: toy-twice
```
And after two?
```{exercise-end}
```

```{solution-start} toy-twice
:class: dropdown
```
Take another.
```{code-cell} ipython3
print("a fifth of that")
```
```{solution-end}
```
"""
)


def addresses(page: str) -> dict[str, str]:
    """Where the launch buttons of a page lead, by their names."""
    links = BeautifulSoup(page, "html.parser").select(".dropdown-launch-buttons a")
    return {link.get_text(strip=True): str(link["href"]) for link in links}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> ToyBook:
    """A book of one chapter, at a commit of a repository of its own, built with the setting."""
    toy_book = new_toy(tmp_path_factory.mktemp("published"))
    toy_book.configure('course_repository: ""', "course_repository: https://github.com/someone/course")
    toy_book.write(WITH_A_SOLUTION)
    who = ["-c", "user.name=someone", "-c", "user.email=someone@example.org"]
    for command in (["init", "--quiet"], ["add", "book"], [*who, "commit", "--quiet", "--message=one"]):
        subprocess.run(["git", *command], cwd=toy_book.root, check=True)
    result = toy_book.build()
    assert result.returncode == 0, result.stdout + result.stderr
    return toy_book


def test_buttons_lead_to_what_is_there(published: ToyBook) -> None:
    notebook = "notebooks/toy.ipynb"
    assert addresses(published.page) == {
        "Binder": f"https://mybinder.org/v2/gh/someone/course/gh-pages?urlpath=lab/tree/{notebook}",
        "Colab": f"https://colab.research.google.com/github/someone/course/blob/gh-pages/{notebook}",
    }
    assert (published.html / notebook).is_file()
    assert (published.html / ".nojekyll").is_file(), "without it GitHub leaves out _static"
    pictures = BeautifulSoup(published.page, "html.parser").select(".dropdown-launch-buttons img")
    assert all((published.html / urlsplit(str(picture["src"])).path).is_file() for picture in pictures)


def test_the_notebook_runs_from_its_first_cell_to_its_last(published: ToyBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(published.root))
    notebook = nbformat.read(published.html / "notebooks" / "toy.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert not any(cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    NotebookClient(notebook, timeout=60).execute()
    printed = [output.text for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert printed == ["after one step: 0.4\n", "a fifth of that\n"]
    folded = [cell.source for cell in notebook.cells if cell.metadata.get("jupyter", {}).get("source_hidden")]
    assert folded == ['print("a fifth of that")']
    told = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert f"({HOME}/toy.html)" in told
    assert "<summary>Solution</summary>\n\nTake another." in told


def test_what_is_installed_is_this_package_at_the_books_commit(published: ToyBook) -> None:
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=published.root, capture_output=True, text=True, check=True)
    notebook = nbformat.read(published.html / "notebooks" / "toy.ipynb", as_version=4)
    binder = published.html / "binder"
    index, constraints, line = (binder / "requirements.txt").read_text().splitlines()
    for_colab = re.search(r'"(optimizers.*?)"', next(c.source for c in notebook.cells if c.cell_type == "code"))[1]
    for requirement in map(Requirement, (line, for_colab)):
        assert requirement.name == PROJECT["name"]
        assert requirement.extras <= PROJECT["optional-dependencies"].keys()
        assert requirement.url == f"git+https://github.com/someone/course@{asked.stdout.strip()}"
    assert (index.split()[0], constraints) == ("--extra-index-url", "-c constraints.txt")
    assert (binder / "constraints.txt").read_bytes() == (ROOT / "requirements.txt").read_bytes()
    version = (binder / "runtime.txt").read_text().strip().removeprefix("python-")
    assert SpecifierSet(PROJECT["requires-python"]).contains(version)


def test_without_the_setting_there_is_nothing_to_launch(toy_book: ToyBook) -> None:
    assert toy_book.build().returncode == 0
    assert addresses(toy_book.page) == {}
    assert not (toy_book.html / "notebooks").exists()


def test_a_repository_that_colab_cannot_open_is_refused(toy_book: ToyBook) -> None:
    toy_book.configure('course_repository: ""', "course_repository: https://example.org/someone/course")
    result = toy_book.build()
    assert result.returncode != 0
    assert "write https://github.com/OWNER/NAME, or leave it empty" in result.stdout + result.stderr


# What only Sphinx understands: roles, directives, labels above headings and behind equations, a quiz's marks.
FOR_SPHINX = re.compile(r"\{[\w:-]+\}`.*|^[`:]{3,}\{.*|^\([\w-]+\)=$|^\$\$ \(.*|- \[[ x]\] .*", re.M)


def test_no_notebook_shows_what_only_sphinx_understands(toy_book: ToyBook) -> None:
    """The whole book, its cells left alone; links go to places that its pages have."""
    toy_book.configure('course_repository: ""', "course_repository: https://github.com/someone/course")
    toy_book.configure("execute_notebooks: cache", 'execute_notebooks: "off"')
    book = toy_book.root / "book"
    for folder in ("chapters", "appendices", "teaching"):
        shutil.copytree(ROOT / "book" / folder, book / folder)
    for file in ("_toc.yml", "index.md", "references.bib"):
        shutil.copy(ROOT / "book" / file, book)
    result = toy_book.build()
    assert result.returncode == 0, result.stdout + result.stderr

    contents = yaml.safe_load((book / "_toc.yml").read_text(encoding="utf-8"))
    named = [entry["file"] for part in contents["parts"] for entry in part["chapters"]]
    notebooks = toy_book.html / "notebooks"
    with_code = [name for name in named if (notebooks / f"{name}.ipynb").exists()]
    assert {name for name in named if name.startswith("chapters/")} <= set(with_code)
    led_to = set()
    for name in with_code:
        notebook = nbformat.read(notebooks / f"{name}.ipynb", as_version=4)
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        assert FOR_SPHINX.findall(text) == [], name
        assert list(addresses((toy_book.html / f"{name}.html").read_text(encoding="utf-8"))) == ["Binder", "Colab"]
        for page, anchor in re.findall(rf"\({HOME}/([\w/-]+\.html)(?:#([\w-]+))?\)", text):
            led_to.add(page)
            assert not anchor or anchor in ids_in(toy_book.html / page), f"{name}: {page}#{anchor}"
    assert any("references" in page for page in led_to), "no citation was seen"
