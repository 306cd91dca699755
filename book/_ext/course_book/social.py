"""What a shared link shows: the page's title, its first sentences and, where the book has an address, a picture."""

import html
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from course_lib.descent import minimize
from course_lib.objectives import quadratic
from course_lib.optimizers import gd_init, gd_step
from course_lib.plotting import plot_contours

PICTURE = "social-preview.png"


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", draw_picture)
    app.connect("html-page-context", describe)


def draw_picture(app: Sphinx) -> None:
    """Previews need an absolute address, so without ``html: baseurl:`` in _config.yml there is nothing to draw."""
    if not app.config.html_baseurl:
        return
    bowl = quadratic(10)
    paths = {f"lr = {lr:g}": minimize(bowl, gd_init, gd_step, steps=30, lr=lr) for lr in (0.03, 0.1, 0.19)}
    drawing = plot_contours(bowl, paths, alt="Three descents into a long valley.", height=210)  # 1.91 to 1
    folder = Path(app.outdir).parent / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PICTURE).write_bytes(drawing.png)


def describe(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    if doctree is None:
        return
    said = {
        "og:type": "article",
        "og:site_name": app.config.html_title,
        "og:title": context.get("title", ""),
        "og:description": summary(doctree),
    }
    if base := app.config.html_baseurl.rstrip("/"):
        said |= {"og:url": f"{base}/{pagename}.html", "og:image": f"{base}/_static/{PICTURE}"}
    tags = [f'<meta property="{name}" content="{html.escape(text)}">' for name, text in said.items() if text]
    tags.append(f'<meta name="description" content="{html.escape(said["og:description"])}">')
    context["metatags"] = context.get("metatags", "") + "\n".join(tags)


def summary(doctree: nodes.document, most: int = 200) -> str:
    """The page's first paragraph of prose, cut between words."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section | nodes.document):
            text = " ".join(paragraph.astext().split())
            return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
    return ""
