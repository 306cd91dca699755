"""Make what a learner sent safe to show: in formgrader, in feedback, in anyone's Jupyter.

nbgrader and nbconvert show a submission's Markdown and HTML outputs as they are, so a ``<script>`` in an answer would
run with the rights of the instructor who opens it. Text stays readable here; nothing in it acts.
"""

import html
import re
from typing import Any

from bleach import ALLOWED_ATTRIBUTES, ALLOWED_TAGS  # type: ignore[import-untyped]
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat.notebooknode import NotebookNode

_TABLE = {"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"}
_TEXT = {"p", "div", "span", "pre", "br", "hr", "sub", "sup", "h1", "h2", "h3", "h4", "h5", "h6"}
_SANITIZER = SanitizeHTML(  # type: ignore[no-untyped-call]
    tags=sorted(ALLOWED_TAGS | _TABLE | _TEXT),
    attributes={**ALLOWED_ATTRIBUTES, "th": ["colspan", "rowspan", "scope"], "td": ["colspan", "rowspan"]},
    safe_output_keys={"text/plain", "text/latex", "image/png", "image/jpeg", "image/svg+xml"},
    sanitized_output_types={"text/html"},
)
_PLAIN_TAG = re.compile(r"</?(?:b|i|em|strong|sub|sup|br|p)\s*/?>", re.IGNORECASE)
_TAG_START = re.compile(r"<(?=[a-zA-Z/!?])")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_NOT_IN_CELL_ID = re.compile(r"[^A-Za-z0-9_-]")


def harmless_markdown(source: str) -> str:
    """Markdown in which no HTML tag and no link can act; ``$0<lr<1/4$`` reads as before.

    A text with a script link is set as a code block, whole: there is no reading of it that is worth the risk.
    """
    if _has_script_link(source):
        fence = "`" * (max((len(run) for run in re.findall(r"`+", source)), default=2) + 3)
        return f"{fence}text\n{source}\n{fence}"
    parts = _PLAIN_TAG.split(source)
    tags = [*_PLAIN_TAG.findall(source), ""]
    return "".join(_TAG_START.sub("&lt;", part) + tag for part, tag in zip(parts, tags, strict=True))


def _has_script_link(source: str) -> bool:
    # Markdown decodes entities and backslashes in a link, browsers drop white space and control characters.
    text = re.sub(r"[\s\\\x00-\x1f]", "", html.unescape(html.unescape(source))).lower()
    return any(scheme in text for scheme in ("javascript:", "vbscript:", "data:text", "data:application"))


def harmless_output(output: dict[str, Any]) -> dict[str, Any]:
    """An output with only what can be shown safely: text, pictures, and HTML reduced to its text and tables."""
    kind = output.get("output_type")
    if kind not in ("display_data", "execute_result"):
        return output
    sanitize: Any = _SANITIZER.sanitize_code_outputs
    (clean,) = sanitize([NotebookNode({**output, "data": NotebookNode(output["data"])})])
    for mime in ("image/png", "image/jpeg"):
        if mime in clean.data and not _BASE64.fullmatch("".join(clean.data[mime])):
            del clean.data[mime]
    return {**clean, "data": dict(clean.data), "metadata": {}}  # sizes and "isolated" reach the page unquoted


def harmless_cell(cell: dict[str, Any]) -> dict[str, Any]:
    """A cell of a learner's notebook, made safe to show. The given cell is not changed."""
    clean = {**cell, "id": _NOT_IN_CELL_ID.sub("-", str(cell["id"]))}
    if cell["cell_type"] == "code":
        clean["outputs"] = [harmless_output(output) for output in cell.get("outputs", [])]
    else:
        clean["source"] = harmless_markdown("".join(cell["source"]))
    if "attachments" in cell:
        clean["attachments"] = {name: _pictures(bundle) for name, bundle in cell["attachments"].items()}
    return clean


def _pictures(bundle: dict[str, Any]) -> dict[str, Any]:
    kinds = ("image/png", "image/jpeg", "image/gif")
    return {mime: data for mime, data in bundle.items() if mime in kinds and _BASE64.fullmatch("".join(data))}
