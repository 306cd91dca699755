"""Under the still picture of an explorer in the PDF: the question it asks, and that on a screen it answers."""

import html
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

_TITLE = re.compile(r'<figure class="course-explorer"[^>]*? aria-label="([^"]*)"')


class ExplorerCaption(SphinxPostTransform):
    """Adds the caption beside the picture, as long as the HTML with the explorer's title stands there too."""

    default_priority = 3  # at 4, MyST-NB keeps the picture and drops the HTML
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        for output in self.document.findall(nodes.container):
            if output.get("nb_element") == "mime_bundle" and (title := explorer_title(output)):
                for form in output.children:
                    if form["mime_type"] == "image/png":
                        form += caption(title)


def explorer_title(output: nodes.container) -> str | None:
    """The title of the explorer that a cell shows, None if it shows something else."""
    found = next((found for raw in output.findall(nodes.raw) if (found := _TITLE.search(raw.astext()))), None)
    return html.unescape(found[1]) if found else None


def caption(title: str) -> nodes.paragraph:
    """The title, and where the figure moves."""
    whole = nodes.emphasis("", title if title.endswith("?") else f"{title}.")
    return nodes.paragraph("", "", whole, nodes.Text(" Here it stands still; on a screen you move it."))


def setup(app: Sphinx) -> None:
    app.add_post_transform(ExplorerCaption)
