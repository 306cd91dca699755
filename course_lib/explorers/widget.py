"""The explorers' host in a live Jupyter. Importing this file needs anywidget."""

import anywidget
import traitlets


class ExplorerWidget(anywidget.AnyWidget):
    """One explorer: its module and style come in as ``_esm`` and ``_css``."""

    data = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
