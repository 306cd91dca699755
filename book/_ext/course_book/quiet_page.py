"""Take out of each page what the theme adds and this book does not use, and mend what keeps readers out.

Live code (thebe) is off, yet its settings, with the address of another site, would stand in every page, twice.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

# Under each hit the search shows a line of the page, which it fetches: from disk, browsers forbid that.
NO_LINES_FROM_DISK = 'if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;'


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", search_from_disk)
    app.connect("doctree-resolved", drop_live_code, priority=900)
    app.connect("html-page-context", keep_what_is_used, priority=900)


def drop_live_code(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for raw in list(doctree.findall(nodes.raw)):
        if "thebe" in raw.astext():
            raw.parent.remove(raw)


def search_from_disk(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    if pagename == "search":
        app.add_js_file(None, body=NO_LINES_FROM_DISK)


def keep_what_is_used(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    # Sources stand in a list; the role that docutils gives each is none that a list may hold, so readers lose count.
    context["body"] = context.get("body", "").replace('role="doc-biblioentry"', 'role="listitem"')
    for kind in ("script_files", "css_files"):
        seen: dict[str, Any] = {}
        for file in context.get(kind, []):
            name = f"{file}{getattr(file, 'attributes', {}).get('body') or ''}"
            if "thebe" not in name.lower():
                seen.setdefault(name, file)
        context[kind] = list(seen.values())
