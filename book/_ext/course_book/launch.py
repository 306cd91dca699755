"""Buttons that open a chapter on Binder and on Colab, once ``course_repository`` in _config.yml names the repository.

Both open a notebook from the branch on which the built pages are published (see the book's README). Colab reads nothing
but ``.ipynb``, and given one, Binder needs no translator. So a build writes each chapter as a notebook too, and what
Binder installs: this package at the commit that the book was built from, in the versions of the lock.
"""

import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError

from course_book.execution import read_notebook
from course_book.plain_markdown import PlainMarkdown

BRANCH, FOLDER, PACKAGE = "gh-pages", "notebooks", "optimizers-step-by-step"

# A chapter's first cell. Binder has the course; Colab has torch and the like, and gets the course now.
SET_UP = """\
try:
    import course_lib
except ModuleNotFoundError:
    %pip install --quiet "{package}" anywidget"""
OPENING = "*This notebook is [a chapter]({page}) of a course. Run the cell below first, then the others in order.*"
REQUIREMENTS = """\
--extra-index-url https://download.pytorch.org/whl/cpu
-c constraints.txt
{package}
"""


class Repository(NamedTuple):
    """Where the course lives on GitHub."""

    owner: str
    name: str

    @property
    def pages(self) -> str:
        return f"https://{self.owner}.github.io/{self.name}"

    def buttons(self, docname: str) -> list[dict[str, str]]:
        """Binder's and Colab's, in the form that the theme's header takes."""
        notebook = f"{FOLDER}/{docname}.ipynb"
        binder = f"https://mybinder.org/v2/gh/{self.owner}/{self.name}/{BRANCH}?urlpath=lab/tree/{notebook}"
        colab = f"https://colab.research.google.com/github/{self.owner}/{self.name}/blob/{BRANCH}/{notebook}"
        return [
            _button("Binder", binder, "_static/images/logo_binder.svg"),
            _button("Colab", colab, "_static/images/logo_colab.png"),
        ]

    def package(self, extras: str, commit: str) -> str:
        """What pip installs the course from."""
        return f"{PACKAGE}[{extras}] @ git+https://github.com/{self.owner}/{self.name}@{commit}"


def _button(name: str, url: str, icon: str) -> dict[str, str]:
    return {"type": "link", "text": name, "tooltip": f"Run this chapter on {name}", "icon": icon, "url": url}


def setup(app: Sphinx) -> None:
    app.add_config_value("course_repository", "", "html", [str])
    app.connect("config-inited", refuse_others)
    app.connect("html-page-context", add_buttons, priority=600)  # after the theme, which makes the list of buttons
    app.connect("build-finished", write_notebooks)


def repository(config: Config) -> Repository | None:
    """The one that _config.yml names, or None if it names none.

    Raises
    ------
    ConfigError
        If what it names is not a repository on GitHub: Colab opens no others.
    """
    named = config["course_repository"]
    if not named:
        return None
    found = re.fullmatch(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?", named)
    if found is None:
        raise ConfigError(f"course_repository is {named!r}: write https://github.com/OWNER/NAME, or leave it empty")
    return Repository(*found.groups())


def refuse_others(app: Sphinx, config: Config) -> None:
    repository(config)


def add_buttons(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    home = repository(app.config)
    if home and is_chapter(app.env, pagename):
        context["header_buttons"].append(
            {
                "type": "group",
                "tooltip": "Run this chapter",
                "icon": "fas fa-rocket",
                "buttons": home.buttons(pagename),
                "label": "launch-buttons",
            }
        )


def is_chapter(env: BuildEnvironment, pagename: str) -> bool:
    """Whether the page holds code to run."""
    return pagename in env.found_docs and read_notebook(env, Path(env.doc2path(pagename))) is not None


def write_notebooks(app: Sphinx, exception: Exception | None) -> None:
    home = repository(app.config)
    if home is None or exception or app.builder.format != "html":
        return
    commit = commit_of(Path(app.srcdir))
    for docname in filter(partial(is_chapter, app.env), app.env.found_docs):
        file = Path(app.outdir) / FOLDER / f"{docname}.ipynb"
        file.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook(app, home, docname, commit), file)
    binder = Path(app.outdir) / "binder"
    binder.mkdir(exist_ok=True)
    (binder / "requirements.txt").write_text(REQUIREMENTS.format(package=home.package("learn", commit)))
    (binder / "runtime.txt").write_text("python-3.11\n")
    shutil.copy(Path(app.srcdir).parent / "requirements.txt", binder / "constraints.txt")


def notebook(app: Sphinx, home: Repository, docname: str, commit: str) -> nbformat.NotebookNode:
    """A chapter to run: its text for any notebook, its code without outputs, solutions and drawing code folded."""
    plain = PlainMarkdown(app.env, docname, (app.config.html_baseurl or home.pages).rstrip("/"))
    read = read_notebook(app.env, Path(app.env.doc2path(docname)))
    cells = [
        new_markdown_cell(OPENING.format(page=f"{plain.home}/{docname}.html")),
        new_code_cell(SET_UP.format(package=home.package("plot,torch,data", commit))),
    ]
    in_solution = False
    for cell in read.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            in_solution = cell.source.rfind("{solution-start}") > cell.source.rfind("{solution-end}") or (
                in_solution and "{solution-end}" not in cell.source
            )
            cells.append(new_markdown_cell(plain(cell.source)))
        elif "remove-cell" not in tags:
            folded = {"jupyter": {"source_hidden": True}} if in_solution or "hide-input" in tags else {}
            cells.append(new_code_cell(cell.source, metadata=folded))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # not nbformat's random ones: the same chapter gives the same file
    return new_notebook(cells=cells, metadata={"kernelspec": read.metadata.kernelspec})


def commit_of(folder: Path) -> str:
    """The commit that ``folder`` stands at; outside git, whatever the repository's main branch ends with."""
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=False)
    return asked.stdout.strip() or "HEAD"
