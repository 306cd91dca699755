"""Classic scripts from the explorers' ES modules, loaded only where a page has one; the palette, everywhere.

They are written below ``_build``, never into the source: what is generated is not kept.
"""

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from course_lib.explorers.bundle import classic_script, kinds
from course_lib.palette import palette_css


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", write_assets)
    app.connect("html-page-context", load_scripts)


def write_assets(app: Sphinx) -> None:
    folder = Path(app.outdir).parent / "generated"
    (folder / "explorers").mkdir(parents=True, exist_ok=True)
    for name in ["base", *kinds()]:
        (folder / "explorers" / f"{name}.js").write_text(classic_script(name), encoding="utf-8")
    (folder / "palette.css").write_text(palette_css("body"), encoding="utf-8")
    app.config.html_static_path.append(str(folder))
    app.add_css_file("palette.css", priority=300)


def load_scripts(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    present = set(re.findall(r'<figure class="course-explorer" data-explorer="(\w+)"', context.get("body", "")))
    for name in ["base", *sorted(present)] if present else []:
        app.add_js_file(f"explorers/{name}.js", defer="defer")
