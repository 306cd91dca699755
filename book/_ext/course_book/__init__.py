"""The book's own Sphinx extension: one idea a file, listed in ../README.md."""

from typing import Any

from sphinx.application import Sphinx

from course_book import (
    api,
    execution,
    explorer_assets,
    launch,
    mathjax,
    quiet_page,
    quiz,
    social,
    step_formula,
    step_source,
)


def setup(app: Sphinx) -> dict[str, Any]:
    for part in (api, execution, mathjax, explorer_assets, quiz, step_source, step_formula, social, launch, quiet_page):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
