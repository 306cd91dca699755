"""What every explorer shares: data in, a MIME bundle out, for a page without a server and for a live Jupyter."""

import html
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Any

import numpy as np

from course_lib.explorers.bundle import style_sheet
from course_lib.plotting import Figure

# Set where notebooks run to be printed (the book's build): a widget there would be a picture of nothing.
STATIC = "COURSE_STATIC_EXPLORERS"


@dataclass(frozen=True)
class Explorer:
    """A figure with controls.

    Parameters
    ----------
    kind : str
        The ES module that draws it, ``<kind>.js`` beside this file.
    title : str
        What the reader can do with it, in a few words.
    data : mapping
        What the module draws: JSON's types and NumPy arrays. Computed here, by the reference; the module only scales.
    state : mapping
        Where its controls stand at first; the module documents its keys.
    fallback : Figure
        The picture for print, PDF and readers without scripts. Its alt text is the explorer's.
    """

    kind: str
    title: str
    data: Mapping[str, Any]
    state: Mapping[str, Any]
    fallback: Figure

    @cached_property
    def json(self) -> str:
        """``data`` and ``state`` as compact JSON, safe inside a ``<script>`` element."""
        content = {"data": plain(self.data), "state": plain(self.state)}
        text = json.dumps(content, separators=(",", ":"), allow_nan=False)
        return text.replace("<", "\\u003c")

    @cached_property
    def html(self) -> str:
        """The figure as it stands in a page, with the static picture and the data for the script that replaces it."""
        return (
            f'<figure class="course-explorer" data-explorer="{self.kind}" role="group" '
            f'aria-label="{html.escape(self.title)}"><style>{style_sheet(self.kind)}</style>'
            f'<div class="course-stage course-figure">{self.fallback.svg}</div>'
            f'<script type="application/json">{self.json}</script></figure>'
        )

    @cached_property
    def widget(self) -> Any:
        """The live widget (an ``anywidget.AnyWidget``); its ``state`` follows the controls and moves them."""
        from course_lib.explorers.widget import widget_class

        return widget_class(self.kind)(**json.loads(self.json))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        picture, metadata = self.fallback._repr_mimebundle_()
        bundle: dict[str, Any] = {**picture, "text/html": self.html}
        if not os.environ.get(STATIC) and find_spec("anywidget"):
            live = self.widget._repr_mimebundle_()
            bundle |= live[0] if isinstance(live, tuple) else live
        return bundle, metadata


def plain(value: Any, digits: int = 6) -> Any:
    """``value`` as JSON's own types: arrays as lists, floats to ``digits`` significant digits, inf and nan as None.

    >>> plain({"x": np.array([1 / 3, np.inf])})
    {'x': [0.333333, None]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item, digits) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist(), digits)
    if isinstance(value, list | tuple):
        return [plain(item, digits) for item in value]
    if isinstance(value, float):
        short = float(f"{value:.{digits}g}") if math.isfinite(value) else None
        return int(short) if short is not None and short.is_integer() and abs(short) < 1e15 else short
    return value
