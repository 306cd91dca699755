"""The book's build, from nothing and after an edit, beside limits and beside Jupyter Book's own way to run chapters.

All builds are those of ``make book``, whole processes and start-up included, in a copy of the book. The peer is the
same build of a few chapters with the two lines taken out by which this book runs chapters ahead, in warm kernels:
Jupyter Book then executes them itself, one after the other.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.machine import description
from bench.timing import spread

ROOT = Path(__file__).resolve().parents[1]
LIMITS = {"cold": 240.0, "text edit": 10.0, "code edit": 10.0}  # seconds
FEW = ("chapters/gradient_descent", "chapters/momentum", "chapters/adam", "chapters/lbfgs")
# Edited one after the other; of all chapters the last two take longest to run.
EDITED = ("chapters/adam", "chapters/racing", "chapters/schedules")
RUN_AHEAD = (
    '    app.connect("config-inited", warm_up)\n',
    '    app.connect("env-before-read-docs", run_ahead)\n',
)
MAKE_BOOK = ("book/build.py",)
JUPYTER_BOOK = ("-m", "jupyter", "book", "build", "--keep-going", "book")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Copy:
    """A copy of the book that may be built and edited."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> "Copy":
        for part in ("book", "course_lib"):
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("_build", "__pycache__"))
        shutil.copy(ROOT / "requirements.txt", root)
        return cls(root)

    def keep_only(self, pages: tuple[str, ...]) -> None:
        """Leave out all other pages; links to them then lead nowhere, which Sphinx mentions."""
        first, *others = pages
        listed = "".join(f"\n  - file: {page}" for page in others)
        (self.root / "book" / "_toc.yml").write_text(f"format: jb-book\nroot: {first}\nchapters:{listed}\n")

    def as_jupyter_book_does(self) -> None:
        """Leave it to Jupyter Book to run the chapters."""
        for line in RUN_AHEAD:
            _change(self.root / "book" / "_ext" / "course_book" / "execution.py", line, "")

    def edit_text(self, page: str) -> None:
        """Say one sentence more."""
        _change(self._source(page), "\n\n```{code-cell}", "\n\nThis was edited.\n\n```{code-cell}")

    def edit_code(self, page: str) -> None:
        """Add a comment to the first cell, so that the chapter must be run again."""
        _change(self._source(page), "```{code-cell} ipython3\n", "```{code-cell} ipython3\n# This was edited.\n")

    def _source(self, page: str) -> Path:
        return self.root / "book" / f"{page}.md"

    def build(self, way: tuple[str, ...] = MAKE_BOOK) -> float:
        """Seconds of a build."""
        command = [sys.executable, *way]
        environment = os.environ | {"PYTHONPATH": str(self.root)}
        begun = time.perf_counter()
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"the book was not built: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return time.perf_counter() - begun


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    if old not in text:
        raise RuntimeError(f"{file.name} no longer has the line that is changed for the measurement: {old!r}")
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def builds(say: Say) -> dict[str, Any]:
    """The whole book's builds as multiples of their limits, and a few chapters' beside Jupyter Book's own execution."""
    with TemporaryDirectory() as folder:
        say("Building a few chapters by Jupyter Book's own execution, and by ours.")
        theirs, ours = Copy.at(Path(folder, "theirs")), Copy.at(Path(folder, "ours"))
        theirs.as_jupyter_book_does()
        for copy in (theirs, ours):
            copy.keep_only(FEW)
        few = {"jupyter-book": theirs.build(JUPYTER_BOOK), "ours": ours.build(JUPYTER_BOOK)}
        say("Building the whole book, and again after edits.")
        seconds = _whole(Copy.at(Path(folder, "whole")))
    return {
        "machine": description("jupyter-book", "sphinx", "myst-nb"),
        "limits in seconds": LIMITS,
        "build, as a multiple of its limit": {
            what: spread([second / LIMITS[what] for second in times]).rounded(3) for what, times in seconds.items()
        },
        "rebuild, as a multiple of the cold build": {
            what: spread([second / seconds["cold"][0] for second in seconds[what]]).rounded(3)
            for what in ("text edit", "code edit")
        },
        "chapters beside jupyter-book": len(FEW),
        "cold build of those, as a multiple of jupyter-book's": round(few["ours"] / few["jupyter-book"], 3),
    }


def _whole(book: Copy) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {"cold": [book.build()], "text edit": [], "code edit": []}
    for page in EDITED:
        book.edit_text(page)
        seconds["text edit"].append(book.build())
        book.edit_code(page)
        seconds["code edit"].append(book.build())
    return seconds
