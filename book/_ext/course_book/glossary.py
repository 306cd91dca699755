"""Says of each Chinese term in the glossary that it is Chinese, so that a screen reader reads it and fonts suit it."""

import re
from typing import Any

from sphinx.application import Sphinx

_TERM = re.compile(r"<dt(?= id=\"[^\"]*\">[^<]*[\u4e00-\u9fff])")


def say_language(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    if pagename == "appendices/glossary":
        context["body"] = _TERM.sub('<dt lang="zh-Hans"', context["body"])


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", say_language)
