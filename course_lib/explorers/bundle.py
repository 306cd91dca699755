"""One ES module, three forms: as written, whole for anywidget, classic for pages.

anywidget takes a single module without relative imports; a page opened from disk (``file://``) may not load modules at
all. Both forms are made here from the sources beside this file, which keep to a small convention: imports come from
``./base.js``, each on one line; exports are named functions and constants; ``render`` is what a figure module exports.
"""

import re
from functools import cache
from pathlib import Path

from course_lib.plotting import palette_css

HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./base\.js";\n', re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const) (\w+))", re.M)


def kinds() -> list[str]:
    """The names of all explorers, one for each module but the base."""
    return sorted(path.stem for path in HERE.glob("*.js") if path.stem != "base")


def widget_module(kind: str) -> str:
    """Base and figure as one ES module with anywidget's default export."""
    base, figure = (_EXPORT.sub("", _IMPORT.sub("", _read(name))) for name in ("base", kind))
    return f"{base}\n{figure}\nexport default {{ render }};\n"


def classic_script(name: str) -> str:
    """``base``, or the figure ``name``, as a script for an ordinary ``<script src>``; the base comes first."""
    source = _read(name)
    if name == "base":
        body = f"{_EXPORT.sub('', source)}return {{ {', '.join(_EXPORT.findall(source))} }};"
        return f'"use strict";\nwindow.courseExplorers = (() => {{\n{body}\n}})();\n'
    body = _EXPORT.sub("", _IMPORT.sub(r"const {\1} = window.courseExplorers;\n", source))
    return f'"use strict";\n(() => {{\n{body}window.courseExplorers.mountAll("{name}", render);\n}})();\n'


@cache
def style_sheet() -> str:
    """The explorers' style with the course's palette."""
    own = (HERE / "explorers.css").read_text(encoding="utf-8")
    return palette_css(":is(.course-explorer, .course-explorer-body)") + own


def _read(name: str) -> str:
    path = HERE / f"{name}.js"
    if not path.is_file():
        raise ValueError(f"there is no explorer {name!r}; there are: {', '.join(kinds())}")
    return path.read_text(encoding="utf-8")
