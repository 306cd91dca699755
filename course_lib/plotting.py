"""Figures: one style, one palette, light and dark from the same drawing, and never without alt text.

    >>> from course_lib.descent import minimize
    >>> from course_lib.objectives import parabola
    >>> from course_lib.optimizers import gd_init, gd_step
    >>> path = minimize(parabola, gd_init, gd_step, steps=8, lr=0.1)
    >>> alt = "Points hop down a parabola, shorter at every step."
    >>> picture = plot_curve(parabola, {"lr = 0.1": path}, alt=alt)
    >>> print(picture)
    Points hop down a parabola, shorter at every step.

A notebook shows such a ``Figure`` as an inline SVG whose inks are CSS variables, so the one drawing follows the theme
of the book or of JupyterLab; a PNG goes with it for everything else. Matplotlib is imported when a figure is drawn.
"""

import base64
import hashlib
import html
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from course_lib.descent import Trajectory
from course_lib.objectives import Objective
from course_lib.palette import PALETTE, SERIES
from course_lib.palette import ink as ink
from course_lib.palette import palette_css as palette_css

_MARKERS = ("o", "s", "D", "^", "v")
_WIDTH = 400 / 72  # inches: an SVG 400 units wide is drawn at 350-540 pixels, so 10-unit letters stay readable


class Figure:
    """A drawing with its alt text; Jupyter and the book show it by themselves.

    Attributes
    ----------
    alt : str
        What a reader who cannot see the drawing is told: what it shows and what to conclude.
    canvas : matplotlib.figure.Figure
    ax : matplotlib.axes.Axes
        The first axes; ``axes`` holds all of them.
    """

    def __init__(self, alt: str, *, height: float = 240, columns: int = 1, rows: int = 1) -> None:
        if not isinstance(alt, str) or len(alt.split()) < 3:
            raise ValueError("a figure needs alt text: a sentence saying what it shows, such as alt='The loss falls …'")
        from matplotlib.figure import Figure as Canvas

        self.alt = " ".join(alt.split())
        self.canvas = Canvas(figsize=(_WIDTH, height / 72), layout="constrained")
        self.axes = list(np.ravel(self.canvas.subplots(rows, columns)))

    @property
    def ax(self) -> Any:
        return self.axes[0]

    @property
    def svg(self) -> str:
        """The drawing as an ``<svg>`` element that takes its inks from CSS variables, with role and alt text."""
        return _themed_svg(self._saved("svg").decode(), self.alt)

    @property
    def png(self) -> bytes:
        """The drawing on white, 144 dots to the inch."""
        return self._saved("png")

    def __str__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        style = f"<style>{palette_css('.course-figure')}{_FIGURE_CSS}</style>"
        bundle = {
            "text/html": f'<figure class="course-figure">{style}{self.svg}</figure>',
            "image/png": base64.b64encode(self.png).decode(),
            "text/plain": self.alt,
        }
        return bundle, {"image/png": {"alt": self.alt}}

    def _saved(self, form: str) -> bytes:
        from matplotlib import rc_context

        file = io.BytesIO()
        with rc_context(_style()):
            self.canvas.savefig(file, format=form, dpi=144, metadata={"Date": None} if form == "svg" else None)
        return file.getvalue()


@contextmanager
def figure(alt: str, *, height: float = 240, columns: int = 1, rows: int = 1) -> Iterator[Figure]:
    """Draw a figure by hand in the course's style.

    Parameters
    ----------
    alt : str
        A sentence or two for readers who cannot see it. Required.
    height : float
        In units of which the figure is 400 wide.
    columns, rows : int
        How many axes.

    Raises
    ------
    ValueError
        If the alt text is missing.

    Examples
    --------
    >>> with figure("A straight line rises from 0 to 1.") as drawing:
    ...     _ = drawing.ax.plot([0, 1], [0, 1], color=ink("orange"))
    >>> drawing.svg[:4]
    '<svg'
    """
    from matplotlib import rc_context

    with rc_context(_style()):
        yield Figure(alt, height=height, columns=columns, rows=rows)


def plot_curve(
    objective: Objective,
    trajectories: Mapping[str, Trajectory] | None = None,
    *,
    alt: str,
    domain: tuple[float, float] | None = None,
    height: float = 240,
) -> Figure:
    """A function of one number, with the iterates of each trajectory joined on its curve.

    ``trajectories`` maps a label to what ``minimize`` returned. Points outside ``domain`` (the objective's own unless
    given) are left out; the line runs on towards them.
    """
    if objective.dim > 1:
        raise ValueError(f"{objective.name} has {objective.dim} coordinates: use plot_contours")
    low, high = domain or objective.domain[0]
    x = np.linspace(low, high, 121)
    y = np.asarray(objective.f(x))
    with figure(alt, height=height) as drawing:
        ax = drawing.ax
        ax.plot(x, y, color=ink("muted"), linewidth=1.2)
        for style, (label, path) in zip(_styles(), (trajectories or {}).items(), strict=False):
            ax.plot(np.ravel(path.w), np.ravel(path.loss), label=label, markevery=_every(path), **style)
        margin = 0.06 * (y.max() - y.min())
        ax.set(xlim=(low, high), ylim=(y.min() - margin, y.max() + margin), xlabel="x", ylabel="f(x)")
        _legend(ax, trajectories)
    return drawing


def plot_contours(
    objective: Objective,
    trajectories: Mapping[str, Trajectory] | None = None,
    *,
    alt: str,
    domain: tuple[tuple[float, float], tuple[float, float]] | None = None,
    height: float = 300,
) -> Figure:
    """Lines of equal value of a function of two numbers, with the path of each trajectory across them.

    Both axes have one scale, so that a gradient stands at right angles to its level line; one of them shows more than
    ``domain`` where the page has room. The levels are spaced evenly by rank, not by value, so that a narrow valley's
    floor has lines too. A cross marks the minimum.
    """
    if objective.dim != 2:
        raise ValueError(f"{objective.name} has {objective.dim or 1} coordinate(s): plot_contours draws two")
    (x0, x1), (y0, y1) = domain or objective.domain
    spare = max(x1 - x0, y1 - y0) / 2
    x, y = np.meshgrid(np.linspace(x0 - spare, x1 + spare, 121), np.linspace(y0 - spare, y1 + spare, 121))
    z = np.asarray(objective.f(np.stack([x, y])))
    inside = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    with figure(alt, height=height) as drawing:
        ax = drawing.ax
        levels = np.unique(np.quantile(z[inside], np.linspace(0.05, 0.95, 12)))
        ax.contour(x, y, z, levels=levels, colors=ink("faint"), linewidths=1)
        for style, (label, path) in zip(_styles(), (trajectories or {}).items(), strict=False):
            ax.plot(path.w[:, 0], path.w[:, 1], label=label, markevery=_every(path), **style)
        if objective.minimum is not None:
            ax.plot(*np.reshape(objective.minimum, (2, 1)), "x", color=ink("ink"), markersize=7)
        ax.set_xlim(x0, x1, auto=None)  # a wish, not fixed: the equal scale may widen it
        ax.set_ylim(y0, y1, auto=None)
        ax.set_aspect("equal", adjustable="datalim")
        ax.set(xlabel="x₁", ylabel="x₂")
        ax.grid(False)
        _legend(ax, trajectories)
    return drawing


def plot_loss(
    trajectories: Mapping[str, Trajectory], *, alt: str, log: bool = True, ylabel: str = "loss", height: float = 240
) -> Figure:
    """The loss of each trajectory at every step, on a logarithmic scale unless ``log=False``.

    A value that the axis cannot show (0 or less on a logarithm, or overflowing) leaves a gap.
    """
    with figure(alt, height=height) as drawing:
        ax = drawing.ax
        for style, (label, path) in zip(_styles(), trajectories.items(), strict=False):
            loss = np.ravel(path.loss).astype(float)
            shown = (np.abs(loss) < 1e250) & ((loss > 0) | (not log))  # the axis needs room for its margins
            ax.plot(np.where(shown, loss, np.nan), label=label, markevery=_every(path), **style)
        ax.set(xlabel="step", ylabel=ylabel, yscale="log" if log else "linear")
        ax.xaxis.get_major_locator().set_params(integer=True)
        _legend(ax, trajectories)
    return drawing


def _styles() -> Iterator[dict[str, Any]]:
    """Colour and marker together, so that no series is told apart by colour alone."""
    while True:
        for name, marker in zip(SERIES, _MARKERS, strict=True):
            yield {"color": ink(name), "marker": marker}


def _every(path: Trajectory) -> int:
    """Every how many steps a marker stands: a long path is a line, not a caterpillar."""
    return max(1, len(path.loss) // 30)


def _legend(ax: Any, trajectories: Mapping[str, Trajectory] | None) -> None:
    if trajectories:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.2)


def _style() -> Any:
    """The course's Matplotlib settings; text stays text in the SVG, set in the page's own font."""
    muted, text = ink("muted"), ink("ink")
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": "course",
        "font.size": 10.5,
        "axes.edgecolor": muted,
        "axes.labelcolor": text,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.facecolor": "none",
        "grid.color": ink("faint"),
        "grid.linewidth": 0.6,
        "text.color": text,
        "xtick.color": muted,
        "ytick.color": muted,
        "lines.linewidth": 1.4,
        "lines.markersize": 4.5,
        "legend.frameon": False,
        "legend.handlelength": 1.6,
        "legend.columnspacing": 1.4,
    }


_FIGURE_CSS = (
    ".course-figure{margin:1rem 0;color:var(--course-ink)}"
    ".course-figure svg{display:block;width:100%;max-width:34rem;height:auto;margin-inline:auto}"
    ".course-figure path{stroke-linejoin:round}"
    ".course-figure text{fill:var(--course-ink)}"  # what is added outside the style is black, and that goes unsaid
)


# What Matplotlib writes and a page has no use for: header and notes, the white sheet under the drawing, a size in
# points, a font of its own, turns by nothing. A page holds many drawings and has a budget.
_NEEDLESS = (
    r"^.*?(?=<svg)|<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>|<defs>\s*</defs>",
    r'<g id="patch_1">.*?</g>',
    r'(?<= )(?:width|height)="[\d.]+pt" ',
    r" font-family: [^;\"]*;",
    r' transform="rotate\(-0 [^"]*"',
)


def _themed_svg(svg: str, alt: str) -> str:
    for pattern in _NEEDLESS:
        svg = re.sub(pattern, "", svg, flags=re.S)
    svg = re.sub(r' (d|x|y|style)="([^"]*)"', _tightened, svg)
    for name, colour in PALETTE.items():
        svg = svg.replace(colour.light, f"var(--course-{name})")
    svg = re.sub(r"\s*\n\s*", " ", _own_ids(svg, alt))
    return svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(alt)}" ', 1)


def _tightened(attribute: re.Match[str]) -> str:
    name, value = attribute.groups()
    if name == "style":
        value = value.replace("; ", ";").replace(": ", ":")
    else:
        value = " ".join(re.sub(r"(\.\d)\d+", r"\1", value).split())  # a tenth of a unit is enough
    return f' {name}="{value}"'


def _own_ids(svg: str, alt: str) -> str:
    """Keep the ids something refers to, made short and unique to this drawing: a page holds many."""
    mark = hashlib.sha256((alt + svg).encode()).hexdigest()[:6]
    used = dict.fromkeys(re.findall(r'(?:url\(|href=")#([^")]+)', svg))
    short = {name: f"f{mark}-{number}" for number, name in enumerate(used)}
    svg = re.sub(r' id="([^"]*)"', lambda found: f' id="{short[found[1]]}"' if found[1] in short else "", svg)
    return re.sub(r'(url\(|href=")#([^")]+)', lambda found: f"{found[1]}#{short[found[2]]}", svg)
