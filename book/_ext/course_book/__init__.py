"""The book's own Sphinx extension: one idea a file, listed in ../README.md."""

from typing import Any

from sphinx.application import Sphinx

from course_book import (
    api,
    execution,
    explorer_assets,
    explorers_on_paper,
    formulas,
    glossary,
    launch,
    mathjax,
    quiet_page,
    quiz,
    references_on_paper,
    social,
    step_formula,
    step_source,
    tables_on_paper,
)

# In this order: the last one cleans up what the theme and the others leave.
PARTS = (
    api,
    execution,
    mathjax,
    explorer_assets,
    explorers_on_paper,
    quiz,
    step_source,
    step_formula,
    formulas,
    tables_on_paper,
    references_on_paper,
    glossary,
    social,
    launch,
    quiet_page,
)


def setup(app: Sphinx) -> dict[str, Any]:
    for part in PARTS:
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
