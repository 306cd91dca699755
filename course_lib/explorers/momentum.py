"""The plane of learning rate and momentum: what each of its points does to one curvature, or to two under one setting.

Its axes are square roots, of learning rate times curvature and of the momentum. In them the limits of "rings in" are
straight lines, and where a path rings its height on the map is its pace.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from course_lib.descent import minimize
from course_lib.explorers.base import Explorer
from course_lib.explorers.kept import kept
from course_lib.explorers.plane import Pairs, packed, shortened
from course_lib.objectives import Objective
from course_lib.optimizers import sgd_init, sgd_step
from course_lib.optimizers.sgd import SGDState
from course_lib.plotting import Figure, figure, ink

STEEP = 8.0  # the curvature of 4x²
STEPS = 28
START = 2.0
MOST = 8.0  # a path is drawn up to the first point farther away than this
RATES = np.array(
    [
        *(0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.125, 0.15, 0.175),
        *(0.2, 0.225, 0.25, 0.275, 0.3, 0.32, 0.35, 0.375, 0.4, 0.43, 0.46, 0.49),
    ]
)
MOMENTA = np.array([0, 0.01, 0.04, 0.1, 0.16, 0.25, 0.36, 0.5, 0.64, 0.75, 0.81, 0.85, 0.9, 0.95, 0.98, 0.99])
BOWLS = {"one curvature, 8": (STEEP,), "two curvatures, 8 and ½": (STEEP, 0.5)}
LEVELS = (0.5, 0.7, 0.8, 0.9, 0.95)  # paces whose lines are drawn
VIEW = ((0.0, 2.1), (0.0, 1.0))  # of the map
LONG = 400  # steps over which a pace is measured

# What a path can do, with the ink that shows it.
REGIMES = {
    "walks in": "blue",
    "lands in one step": "green",
    "rings in": "green",
    "zigzags in": "purple",
    "bounces forever": "gold",
    "diverges": "orange",
}
ZONES = ("walks in", "rings in", "zigzags in", "diverges")  # on the map, from left to right


class Outcome(NamedTuple):
    """What the two multipliers of a step say: the regime's name, the larger one's size, and the steps of a full swing
    (0 where the path does not ring)."""

    name: str
    pace: float
    swing: float


@kept
def momentum_explorer(lr: float = 0.02, momentum: float = 0.9) -> Explorer:
    """The map of all settings, and the path that the chosen one takes.

    Parameters
    ----------
    lr, momentum : float
        Where the controls stand at first, rounded to one of ``RATES`` and one of ``MOMENTA``.

    Raises
    ------
    ValueError
        If one of them lies outside its slider.
    """
    for name, value, known in (("lr", lr, RATES), ("momentum", momentum, MOMENTA)):
        if not known[0] <= value <= known[-1]:
            raise ValueError(f"{name}={value}: the slider runs from {known[0]:g} to {known[-1]:g}")
    start = {"lr": int(np.abs(RATES - lr).argmin()), "momentum": int(np.abs(MOMENTA - momentum).argmin())}
    curvatures = BOWLS["two curvatures, 8 and ½"]
    names = list(REGIMES)
    seen = [[[outcome(float(lr), float(mu), h) for lr in RATES] for mu in MOMENTA] for h in curvatures]
    data = {
        "lr": RATES,
        "momentum": MOMENTA,
        "at": {"x": np.sqrt(STEEP * RATES), "y": np.sqrt(MOMENTA)},
        "ticks": {"x": _rate_ticks(), "y": _momentum_ticks()},
        "view": VIEW,
        "start": START,
        "steps": STEPS,
        "bowls": [_map(name, hs) for name, hs in BOWLS.items()],
        "regimes": [{"name": name, "ink": colour} for name, colour in REGIMES.items()],
        "directions": [
            {
                "name": name,
                "curvature": h,
                "regime": [[names.index(o.name) for o in row] for row in found],
                "pace": packed(np.array([[o.pace for o in row] for row in found]), 4),
                "swing": packed(np.array([[o.swing for o in row] for row in found]), 400),
                "measured": packed(measured(h), 4),
                "x": packed(paths(h, STEPS), MOST),
            }
            for name, h, found in zip(("steep", "flat"), curvatures, seen, strict=True)
        ],
    }
    return Explorer(
        kind="momentum",
        title="What do this learning rate and this momentum do?",
        data=data,
        state={"bowl": 0, **start},
        fallback=_fallback(),
    )


def step_matrix(lr: float, momentum: float, h: float, *, nesterov: bool = False) -> np.ndarray:
    """What one step of ``sgd_step`` on the curvature ``h`` does to the pair of position and buffer, as a matrix.

    The step is linear there, so its matrix stands in what it does to (1, 0) and (0, 1).

    >>> step_matrix(0.1, 0.5, 8)
    array([[ 0.2 , -0.05],
           [ 8.  ,  0.5 ]])
    """
    x, b = np.eye(2)
    x, state = sgd_step(x, h * x, SGDState(0, b), lr=lr, momentum=momentum, nesterov=nesterov)
    return np.stack([x, state.b])


def outcome(lr: float, momentum: float, h: float, *, nesterov: bool = False) -> Outcome:
    """What these settings do to the curvature ``h``, told by the eigenvalues of the step alone.

    >>> outcome(0.02, 0.9, 8).name, round(outcome(0.02, 0.9, 8).pace, 4)
    ('rings in', 0.9487)
    """
    both = np.linalg.eigvals(step_matrix(lr, momentum, h, nesterov=nesterov)).astype(complex)
    larger, smaller = sorted(both, key=abs, reverse=True)
    pace = float(abs(larger))
    # A double root comes out of the computer as two, apart by the root of its precision.
    if abs(larger - smaller) > 1e-6 and abs(larger.imag) > 0:
        return Outcome("rings in", pace, float(2 * np.pi / abs(np.angle(larger))))
    if pace < 1e-6:
        return Outcome("lands in one step", 0.0, 0.0)
    if abs(pace - 1) < 1e-9 and larger.real < 0:
        return Outcome("bounces forever", 1.0, 0.0)
    name = "diverges" if pace > 1 else "walks in" if larger.real > 0 else "zigzags in"
    return Outcome(name, pace, 0.0)


def paths(h: float, steps: int) -> np.ndarray:
    """The positions from ``START`` on, shape (momenta, rates, steps + 1), by runs of the reference."""
    bowl = Objective(
        name=f"curvature {h:g}",
        formula=r"f(x) = \\tfrac12 h x^2",
        f=lambda x: h * x**2 / 2,
        grad=lambda x: h * x,
        start=START,
        minimum=0.0,
        value=0.0,
        domain=((-START, START),),
        source="the course's first example, with any curvature",
    )
    w = np.full(len(RATES), START)  # one start for each rate: sgd_step works element by element
    runs = [minimize(bowl, sgd_init, sgd_step, w=w, lr=RATES, momentum=float(mu), steps=steps).w for mu in MOMENTA]
    return np.stack([run.T for run in runs])


def measured(h: float) -> np.ndarray:
    """The factor a step by which paths shrink or grow in the long run, shape (momenta, rates).

    It is the root of the factor of the energy, height plus motion, which does not vanish when a swing passes through 0.
    A path that gets too small or too large for float64 is measured up to there.
    """
    x = paths(h, LONG)
    size = np.hypot(np.sqrt(RATES * h)[:, None] * x[..., 1:], np.diff(x, axis=-1))
    alive = (size > 1e-250) & (size < 1e250)
    last = alive.sum(axis=-1) - 1
    half = last // 2
    late, early = (np.take_along_axis(size, index[..., None], axis=-1)[..., 0] for index in (last, half))
    with np.errstate(invalid="ignore"):
        found = (late / early) ** (1 / np.maximum(last - half, 1))
    return np.where(last < 4, 0.0, found)  # gone after a step or two: it landed


def slowest(lr: float, momentum: float, curvatures: Sequence[float], *, nesterov: bool = False) -> Outcome:
    """The outcome of the direction that sets the pace; of two that tie, the first."""
    return max((outcome(lr, momentum, h, nesterov=nesterov) for h in curvatures), key=lambda o: round(o.pace, 9))


def _map(name: str, curvatures: Sequence[float]) -> dict[str, Any]:
    """The regions of the map, lines of equal pace, and the settings of the best pace."""
    y = np.linspace(*VIEW[1], 26)
    y[-1] = 1 - 1e-9  # without friction nothing settles; the edge shows what comes close to it
    inner = [[_border(k, float(b), curvatures) for b in y] for k in range(1, len(ZONES))]
    edges = [np.full_like(y, VIEW[0][0]), *np.array(inner), np.full_like(y, VIEW[0][1])]
    regions = [
        {"name": zone, "ink": REGIMES[zone], "ring": _ring(left, right, y)}
        for zone, left, right in zip(ZONES, edges[:-1], edges[1:], strict=True)
    ]
    root = np.sqrt([curvatures[0], curvatures[-1]])
    best = [np.sqrt(STEEP * 4) / root.sum(), (root[0] - root[1]) / root.sum()]  # of the chapter's equation (mom-best)
    return {
        "name": name,
        "directions": len(curvatures),
        "regions": regions,
        "levels": [{"pace": level, "ring": ring} for level in LEVELS if (ring := _faster(level, curvatures))],
        "best": best,
    }


def _border(k: int, y: float, curvatures: Sequence[float]) -> float:
    """Where, from left to right at the height ``y``, zone ``k`` or a later one begins."""
    return _halved(*VIEW[0], lambda x: _zone(_at(x, y, curvatures).name) >= k)


def _faster(level: float, curvatures: Sequence[float]) -> Pairs:
    """The edge of the settings with a pace of ``level`` or better; empty if there are none.

    The pace falls from left to right up to where the zigzags begin, and rises from there. Above the height ``level``
    no path is that fast: the two multipliers have the momentum for their product.
    """
    left, right, heights = [], [], []
    for y in level * np.sin(np.linspace(0, np.pi / 2, 16)):
        best = _border(ZONES.index("zigzags in"), y, curvatures) - 1e-3  # beyond it the pace leaps up like a root
        if _at(best, y, curvatures).pace <= level + 2e-3:
            heights.append(y)
            left.append(_crossing(VIEW[0][0], best, y, level, curvatures, faster=True))
            right.append(_crossing(best, VIEW[0][1], y, level, curvatures, faster=False))
    return _ring(np.array(left), np.array(right), np.array(heights)) if heights else []


def _crossing(low: float, high: float, y: float, level: float, curvatures: Sequence[float], *, faster: bool) -> float:
    """Where between two points of equal height the pace becomes better than ``level``, or worse."""
    return _halved(low, high, lambda x: (_at(x, y, curvatures).pace <= level + 1e-6) == faster)


def _at(x: float, y: float, curvatures: Sequence[float]) -> Outcome:
    """The outcome at a point of the map."""
    return slowest(x**2 / STEEP, y**2, curvatures)


def _halved(low: float, high: float, reached: Callable[[float], bool]) -> float:
    """Where between the two ``reached`` becomes true, to what a screen can show."""
    for _ in range(13):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def _zone(name: str) -> int:
    """Single points of the map count with a neighbour: landing with walking, bouncing with diverging."""
    return ZONES.index({"lands in one step": "walks in", "bounces forever": "diverges"}.get(name, name))


def _ring(left: np.ndarray, right: np.ndarray, y: np.ndarray) -> Pairs:
    up, down = np.stack([right, y], axis=1), np.stack([left, y], axis=1)[::-1]
    return [*shortened(up, VIEW), *shortened(down, VIEW)]


def _fallback() -> Figure:
    """The map for one curvature, with the names of its regions."""
    alt = """A map of learning rate, from left to right, and momentum, upwards, for 4x². Low on the left paths walk in.
    A wedge that stands with its tip at learning rate 1/8 without momentum, and opens upwards to both sides, is where
    they ring in; there only the momentum sets the pace. To its right is a band where they zigzag in, and beyond that
    they diverge, from learning rate 1/4 without momentum and 1/2 with the most."""
    plane, [(low, high), heights] = _map("", (STEEP,)), VIEW
    places = ((0.25, 0.25), (0.85, 0.65), (1.02, 0.04), (1.7, 0.3))
    with figure(alt, height=230) as drawing:
        ax = drawing.ax
        for region, (x, y) in zip(plane["regions"], places, strict=True):
            colour = ink(region["ink"])
            ax.fill(*np.transpose(region["ring"]), color=colour, alpha=0.25, linewidth=0)
            ax.annotate(region["name"], (x, y), color=colour)
        for level in plane["levels"]:
            ax.plot(*np.transpose(level["ring"]), color=ink("muted"), linewidth=0.7)
        ax.set(xlim=(low, high), ylim=heights, xlabel="learning rate", ylabel="momentum")
        ax.set_xticks([x for x, _ in _rate_ticks()], [label for _, label in _rate_ticks()])
        ax.set_yticks([y for y, _ in _momentum_ticks()], [label for _, label in _momentum_ticks()])
        ax.grid(False)
    return drawing


def _rate_ticks() -> list[tuple[float, str]]:
    named = {"0.005": 0.005, "0.05": 0.05, "1/8": 1 / 8, "1/4": 1 / 4, "1/2": 1 / 2}
    return [(float(np.sqrt(STEEP * value)), name) for name, value in named.items()]


def _momentum_ticks() -> list[tuple[float, str]]:
    return [(float(np.sqrt(value)), f"{value:g}") for value in (0, 0.1, 0.25, 0.5, 0.75, 0.9)]
