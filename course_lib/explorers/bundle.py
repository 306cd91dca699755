"""One ES module, three forms: as written, whole for anywidget, classic for pages.

anywidget takes a single module without relative imports; a page opened from disk (``file://``) may not load modules at
all. Both forms are made here from the sources beside this file, which keep to a small convention: imports come from the
shared modules, each on one line; exports are named functions and constants; ``render`` is what a figure module exports.
"""

import re
from functools import cache
from pathlib import Path

from course_lib.palette import palette_css

HERE = Path(__file__).parent
SHARED = ("base", "plane")  # in the order of their imports; as a script they are one, called base
_IMPORT = re.compile(rf'^import \{{([^}}]*)\}} from "\./(?:{"|".join(SHARED)})\.js";\n', re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const) (\w+))", re.M)


def kinds() -> list[str]:
    """The names of all explorers, one for each module but the shared ones."""
    return sorted(path.stem for path in HERE.glob("*.js") if path.stem not in SHARED)


def widget_module(kind: str) -> str:
    """Base and figure as one ES module with anywidget's default export."""
    return f"const courseExplorers = {_base()};\n{_figure(kind)}\nexport default {{ render }};\n"


def classic_script(name: str) -> str:
    """``base``, or the figure ``name``, as a script for an ordinary ``<script src>``; the base comes first."""
    if name == "base":
        return f'"use strict";\nwindow.courseExplorers = {_base()};\n'
    return f'"use strict";\n(() => {{\n{_figure(name)}courseExplorers.mountAll("{name}", render);\n}})();\n'


def _base() -> str:
    """An expression whose value holds what the shared modules export; their other names stay inside it."""
    source = "".join(_IMPORT.sub("", _read(name)) for name in SHARED)
    return f"(() => {{\n{_EXPORT.sub('', source)}return {{ {', '.join(_EXPORT.findall(source))} }};\n}})()"


def _figure(kind: str) -> str:
    return _EXPORT.sub("", _IMPORT.sub(r"const {\1} = courseExplorers;\n", _read(kind)))


@cache
def style_sheet(kind: str) -> str:
    """The palette, the look that all explorers share, and what ``<kind>.css`` adds, if there is one."""
    styles = [
        path.read_text(encoding="utf-8") for name in ("explorers", kind) if (path := HERE / f"{name}.css").is_file()
    ]
    return palette_css(":is(.course-explorer, .course-explorer-body)") + "".join(styles)


def _read(name: str) -> str:
    path = HERE / f"{name}.js"
    if not path.is_file():
        raise ValueError(f"there is no explorer {name!r}; there are: {', '.join(kinds())}")
    return path.read_text(encoding="utf-8")
