"""The explorers' host in a live Jupyter. Importing this file needs anywidget."""

from functools import cache

import anywidget
import traitlets

from course_lib.explorers.bundle import style_sheet, widget_module


class ExplorerWidget(anywidget.AnyWidget):
    """One explorer's ``data`` and the ``state`` of its controls, shared between Python and the page."""

    data = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)


@cache
def widget_class(kind: str) -> type[ExplorerWidget]:
    """The widget that draws with ``<kind>.js``."""
    name = f"{kind.title()}Explorer"
    return type(name, (ExplorerWidget,), {"_esm": widget_module(kind), "_css": style_sheet(kind)})
