"""Where a line may end within inline code: in a long path after a slash, in ``--jobs`` nowhere."""

import re
from typing import Any

from sphinx.application import Sphinx

_LONG = re.compile(r'<span class="pre">([^<]{25,})</span>')  # a shorter name has room in a line of a phone
_SLASH = re.compile(r"(?<=[^/])/(?=[^/])")


def breakable(body: str) -> str:
    """Mark the long names, which course.css lets break, and allow it after their slashes.

    >>> breakable('<span class="pre">--jobs</span>')
    '<span class="pre">--jobs</span>'
    >>> breakable('<span class="pre">assignments/submitted/ada/ps5_adam</span>')
    '<span class="pre long">assignments/<wbr>submitted/<wbr>ada/<wbr>ps5_adam</span>'
    """
    return _LONG.sub(lambda found: f'<span class="pre long">{_SLASH.sub("/<wbr>", found[1])}</span>', body)


def mark(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    if "body" in context:
        context["body"] = breakable(context["body"])


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", mark)
