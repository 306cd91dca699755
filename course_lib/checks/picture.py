"""A small picture: the learner's own steps on 4x² beside the right ones, as static SVG.

Lines and words take the colour of the text around them and the two paths the course's palette, so the picture follows
the notebook's theme. It is drawn by hand because loading Matplotlib takes longer than the whole check.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import numpy as np

from course_lib.checks.observe import Closure, quiet
from course_lib.checks.specs import Spec
from course_lib.descent import minimize
from course_lib.objectives import parabola
from course_lib.plotting import palette_css

WIDTH, HEIGHT, MARGIN = 360, 170, 12
STEPS = 6
RIGHT, OWN = "var(--course-blue)", "var(--course-orange)"
LOW, HIGH = parabola.domain[0]
TOP = float(parabola.f(HIGH))


def path_picture(spec: Spec, function: Callable[..., Any], namespace: Mapping[str, Any]) -> str:
    """The picture as an ``<svg>`` element; empty where ``function`` gives no path that could be drawn."""
    if spec.init is None or spec.initial is None or spec.gradient not in (None, Closure):
        return ""
    right = minimize(parabola, spec.initial, spec.reference, steps=STEPS, **spec.shown).w
    own = _own_path(spec, function, namespace)
    return "" if own is None else _svg(spec, right, own)


def _own_path(spec: Spec, function: Callable[..., Any], namespace: Mapping[str, Any]) -> np.ndarray | None:
    try:
        with quiet():
            points = minimize(parabola, namespace[str(spec.init)], function, steps=STEPS, **spec.shown).w
        points = np.asarray(points, dtype=np.float64)
    except Exception:  # a wrong answer may fail in any way; the table says how, and there is nothing to draw
        return None
    return points if points.shape == (STEPS + 1,) and np.all(np.isfinite(points)) else None


def _svg(spec: Spec, right: np.ndarray, own: np.ndarray) -> str:
    settings = ", ".join(f"{name}={value}" for name, value in spec.shown.items())
    leaves = " Your path leaves the picture." if np.any((own < LOW) | (own > HIGH)) else ""
    said = f"{STEPS} steps on 4x², {settings}. Right: {_listed(right)}. Yours: {_listed(own)}.{leaves}"
    return (
        f"<style>{palette_css('.course-check')}</style>"
        f'<svg role="img" viewBox="0 0 {WIDTH} {HEIGHT + 20}" width="{WIDTH}" height="{HEIGHT + 20}" '
        'style="max-width:100%;color:inherit" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(said)}</title>"
        f'<polyline points="{_curve()}" fill="none" stroke="currentColor" stroke-opacity="0.5"/>'
        f"{_dots(right, RIGHT, radius=6, filled=False)}{_dots(own, OWN, radius=3.5, filled=True)}"
        f"{_caption(settings, leaves)}</svg>"
    )


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
        f'<text x="{MARGIN + 56}" y="{y}">yours, on 4x² with {escape(settings)}.{escape(leaves)}</text></g>'
    )
