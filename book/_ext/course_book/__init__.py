"""The book's own Sphinx extension: one idea a file, listed in ../README.md."""

from importlib import import_module
from typing import Any

from sphinx.application import Sphinx

# In this order: the last one cleans up what the theme and the others leave. By name, so that `book/build.py` can have
# one of them without all that the others import.
PARTS = (
    "api",
    "execution",
    "mathjax",
    "explorer_assets",
    "explorers_on_paper",
    "quiz",
    "step_source",
    "step_formula",
    "formulas",
    "tables_on_paper",
    "references_on_paper",
    "glossary",
    "punctuation",
    "inline_code",
    "social",
    "launch",
    "quiet_page",
)


def setup(app: Sphinx) -> dict[str, Any]:
    for part in PARTS:
        import_module(f"course_book.{part}").setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
