"""Keeps what follows a formula, a comma or a full stop, on its line: browsers may break a line after any formula."""

import re
from typing import Any

from sphinx.application import Sphinx

_FOLLOWED = re.compile(r'(<span class="math [^"]*">[^<]*</span>)([,.;:!?)\]’”]+)')


def keep_together(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    if "body" in context:
        context["body"] = _FOLLOWED.sub(r'<span class="formula-and-mark">\1\2</span>', context["body"])


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", keep_together)
