"""A small picture: the learner's own steps on 4x² beside the right ones, as static SVG.

Lines and words take the colour of the text around them and the two paths the course's palette, so the picture follows
the notebook's theme. It is drawn by hand because loading Matplotlib takes longer than the whole check.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np

from course_lib.checks.observe import Closure, Tree, observe
from course_lib.checks.reading import Reading, read
from course_lib.checks.specs import Spec
from course_lib.objectives import parabola
from course_lib.plotting import palette_css

WIDTH, HEIGHT, MARGIN = 360, 170, 12
STEPS = 6
RIGHT, OWN = "var(--course-blue)", "var(--course-orange)"
LOW, HIGH = parabola.domain[0]
TOP = float(parabola.f(HIGH))


def path_case(spec: Spec) -> Tree | None:
    """The picture's steps as a case, with nothing hidden in it: the way down 4x²; None where none could be drawn."""
    if spec.init is None or spec.gradient not in (None, Closure):
        return None
    curvature = float(parabola.grad(1.0))
    by_closure = spec.gradient is Closure
    loss = {"matrix": np.array([[curvature]]), "vector": np.zeros(1)}
    gradients = [loss] * STEPS if by_closure else np.full(STEPS, curvature)
    start = np.array(parabola.start)
    run = {"w": start, "gradients": gradients, "settings": dict(spec.shown), "schedule": {}, "curved": not by_closure}
    return spec.case(run)


def observed_path(spec: Spec, observation: Any) -> tuple[float, ...]:
    """The points that ``observation`` of the picture's case claims, the start first; none where it holds no path.

    A wrong answer may fail in any way, and a sandbox may send anything; the table says how, and nothing is drawn.
    """
    case = path_case(spec)
    reading = read(case, observation) if case else None
    if not isinstance(reading, Reading):
        return ()
    points = [parabola.start, *(record.values["w"] for record in reading.runs[0])]
    return tuple(map(float, points)) if all(map(_is_number, points)) else ()


def _is_number(value: Any) -> bool:
    array = np.asarray(value)
    return array.shape == () and array.dtype.kind in "iuf" and bool(np.isfinite(array))


def path_picture(spec: Spec, namespace: Mapping[str, Any]) -> str:
    """The picture of the function in ``namespace``, ready for a notebook; empty where it gives no path to draw."""
    case = path_case(spec)
    own = observed_path(spec, observe(case, namespace)) if case else ()
    return f"<style>{palette_css('.course-check')}</style>{drawn(spec, own)}" if own else ""


def drawn(spec: Spec, own: tuple[float, ...]) -> str:
    """``own`` beside the right path, as an ``<svg>``; around it ``--course-blue`` and ``--course-orange`` are set."""
    right = right_path(spec)
    points = np.array(own)
    settings = ", ".join(f"{name}={value}" for name, value in spec.shown.items())
    leaves = " Your path leaves the picture." if np.any((points < LOW) | (points > HIGH)) else ""
    said = f"{STEPS} steps on 4x², {settings}. Right: {_listed(right)}. Yours: {_listed(points)}.{leaves}"
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {HEIGHT + 36}" width="{WIDTH}" height="{HEIGHT + 36}" '
        'style="max-width:100%;color:inherit" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(said)}</title>"
        f'<polyline points="{_curve()}" fill="none" stroke="currentColor" stroke-opacity="0.5"/>'
        f"{_dots(right, RIGHT, radius=6, filled=False)}{_dots(points, OWN, radius=3.5, filled=True)}"
        f"{_caption(settings, leaves)}</svg>"
    )


def right_path(spec: Spec) -> np.ndarray:
    """Where the reference's steps on 4x² lead, the start first."""
    case = path_case(spec)
    steps = spec.follow(case["runs"][0]) if case else ()
    return np.array([parabola.start, *(float(step["w"]) for step in steps)])


def _listed(points: np.ndarray) -> str:
    return ", ".join(f"{x:.3g}" for x in points)


def _at(x: float) -> tuple[float, float]:
    inside = min(max(x, LOW), HIGH)
    across = MARGIN + (inside - LOW) / (HIGH - LOW) * (WIDTH - 2 * MARGIN)
    return round(across, 1), round(HEIGHT - MARGIN - float(parabola.f(inside)) / TOP * (HEIGHT - 2 * MARGIN), 1)


def _curve() -> str:
    return " ".join("{},{}".format(*_at(float(x))) for x in np.linspace(LOW, HIGH, 61))


def _dots(points: np.ndarray, colour: str, *, radius: float, filled: bool) -> str:
    spots = [_at(float(x)) for x in points]
    line = " ".join(f"{x},{y}" for x, y in spots)
    fill = colour if filled else "none"
    circles = "".join(f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" stroke="{colour}"/>' for x, y in spots)
    return f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-opacity="0.6"/>{circles}'


def _caption(settings: str, leaves: str) -> str:
    y = HEIGHT + 10
    return (
        f'<g font-size="11" fill="currentColor"><circle cx="{MARGIN}" cy="{y - 4}" r="5" fill="none" stroke="{RIGHT}"/>'
        f'<text x="{MARGIN + 9}" y="{y}">right</text><circle cx="{MARGIN + 48}" cy="{y - 4}" r="3.5" fill="{OWN}"/>'
        f'<text x="{MARGIN + 56}" y="{y}">{escape(f"yours.{leaves}" if leaves else "yours")}</text>'
        f'<text x="{MARGIN - 5}" y="{y + 16}">{STEPS} steps on 4x², {escape(settings)}</text></g>'
    )
