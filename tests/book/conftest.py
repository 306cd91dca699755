"""A book small enough to build in a test: the real configuration and extensions around one toy chapter."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "book" / "_ext"))  # where Sphinx finds course_book

HEADER = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
---
"""
CHAPTER = """# Toy

It begins with one sentence & a "quotation".

```{step-source} course_lib.optimizers.gd.gd_step
```

```{code-cell} ipython3
import numpy as np
from course_lib.optimizers import gd_init, gd_step
print("after one step:", gd_step(np.array(2.0), np.array(16.0), gd_init(None), lr=0.1)[0].round(6))
```
"""


@dataclass(frozen=True)
class ToyBook:
    """A book project of its own, with its own copy of ``course_lib`` beside it."""

    root: Path

    def write(self, chapter: str, name: str = "toy") -> None:
        """Write a chapter and put it into the table of contents."""
        (self.root / "book" / f"{name}.md").write_text(HEADER + chapter, encoding="utf-8")
        others = sorted(path.stem for path in (self.root / "book").glob("*.md") if path.stem != "toy")
        entries = "".join(f"\n  - file: {other}" for other in others)
        contents = "format: jb-book\nroot: toy\n" + (f"chapters:{entries}\n" if entries else "")
        (self.root / "book" / "_toc.yml").write_text(contents)

    def configure(self, setting: str, changed: str) -> None:
        """Change a line of _config.yml."""
        config = self.root / "book" / "_config.yml"
        text = config.read_text(encoding="utf-8")
        assert setting in text, f"_config.yml says nothing of {setting!r}"
        config.write_text(text.replace(setting, changed), encoding="utf-8")

    def build(self) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "jupyter", "book", "build", "-W", "--keep-going", "book"]
        environment = os.environ | {"PYTHONPATH": str(self.root)}  # before the installed course_lib
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, timeout=300)

    @property
    def html(self) -> Path:
        return self.root / "book" / "_build" / "html"

    @property
    def page(self) -> str:
        return (self.html / "toy.html").read_text(encoding="utf-8")


def new_toy(folder: Path) -> ToyBook:
    """A toy book in an empty folder."""
    book = folder / "book"
    for part in ("_ext", "_static"):
        shutil.copytree(ROOT / "book" / part, book / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "book" / "_config.yml", book)
    shutil.copytree(ROOT / "course_lib", folder / "course_lib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.txt", folder)
    (book / "references.bib").write_text("")
    toy = ToyBook(folder)
    toy.write(CHAPTER)
    return toy


@pytest.fixture
def toy_book(tmp_path: Path) -> ToyBook:
    return new_toy(tmp_path)
