"""All optimizers over a valley, a saddle and a ravine, each at the rate that it chose, times one factor for all."""

from functools import cache
from typing import Any

import numpy as np

from course_lib.explorers.base import Explorer
from course_lib.explorers.courses import COURSES, FACTORS, LEAST, chosen_rates, drawn, runs, starts_and_rates
from course_lib.explorers.kept import kept
from course_lib.explorers.plane import level_lines, packed_series
from course_lib.plotting import Figure, figure, ink
from course_lib.race import ABSENT, FOUR

# One ink for each kind of rule, told apart within it by dashes and marks.
LOOKS: dict[str, tuple[str, str, str]] = {
    "SGD": ("blue", "", "circle"),
    "ASGD": ("blue", "7 4", "square"),
    "momentum": ("orange", "", "circle"),
    "Nesterov": ("orange", "7 4", "square"),
    "Adagrad": ("green", "", "circle"),
    "RMSprop": ("green", "7 4", "square"),
    "Adadelta": ("green", "2 3", "triangle"),
    "Adafactor": ("green", "9 3 2 3", "diamond"),
    "Adam": ("purple", "", "circle"),
    "AdamW": ("purple", "7 4", "square"),
    "Adamax": ("purple", "2 3", "triangle"),
    "NAdam": ("purple", "9 3 2 3", "diamond"),
    "RAdam": ("purple", "1 5", "cross"),
    "Rprop": ("gold", "", "circle"),
    "LBFGS": ("ink", "", "circle"),
}


@kept
def race_explorer(course: str = "valley") -> Explorer:
    """Fifteen optimizers from one start, at the rates they chose with the same budget.

    Parameters
    ----------
    course : str
        Which of ``COURSES`` is shown at first.

    Raises
    ------
    ValueError
        If there is no such course.
    """
    if course not in COURSES:
        raise ValueError(f"no course {course!r}; there are: {', '.join(COURSES)}")
    at = list(COURSES).index(course)
    data = {
        "contestants": [
            {"name": name, "ink": look[0], "dash": look[1], "mark": look[2]} for name, look in LOOKS.items()
        ],
        "four": [list(LOOKS).index(name) for name in FOUR],
        "absent": [f"{name} {why}" for name, why in ABSENT.items()],
        "factors": FACTORS,
        "least": np.log10(LEAST),
        "courses": [_course(name) for name in COURSES],
    }
    last = len(COURSES[course].steps) - 1
    return Explorer(
        kind="race",
        title="Who wins, and at which rates?",
        data=data,
        state={"course": at, "start": 0, "factor": FACTORS.index(1.0), "step": last, "shown": data["four"]},
        fallback=_fallback(),
    )


@cache
def _course(name: str) -> dict[str, Any]:
    """What is drawn of one course; thousands of steps, so they are taken once."""
    course, rates = COURSES[name], chosen_rates(name)
    seen = []
    for contestant in LOOKS:
        paths = runs(course, contestant, *starts_and_rates(course, rates[contestant]))
        seen += [drawn(course, path) for path in np.moveaxis(paths, -1, 0)]
    fine = [(high - low) / 9000 for low, high in course.view]
    return {
        "title": course.title,
        "view": course.view,
        "axes": course.axes,
        "minima": course.minima,
        "levels": level_lines(course.objective, course.levels, course.view, size=40),
        "starts": course.starts,
        "steps": course.steps,
        "lr": [rates[contestant] for contestant in LOOKS],
        "x": packed_series([w[:, 0] for w, _ in seen], fine[0]),
        "y": packed_series([w[:, 1] for w, _ in seen], fine[1]),
        "loss": packed_series([loss for _, loss in seen], 0.0015),
    }


def _fallback() -> Figure:
    course, rates = COURSES["valley"], chosen_rates("valley")
    w, ends = np.array(course.starts[:1]).T, {}
    for name in FOUR:
        [path] = np.moveaxis(runs(course, name, w, np.array([rates[name]])), -1, 0)
        ends[name] = drawn(course, path)
    told = _ranked({name: float(loss[-1]) for name, (_, loss) in ends.items()})
    alt = f"""Rosenbrock's valley: the paths of four optimizers, each at its own best rate, from
    {course.starts[0]}, and their losses over {course.steps[-1]} steps. In the end {told}."""
    with figure(alt, height=210, columns=2) as drawing:
        plane, over = drawing.axes
        for [line, *_] in level_lines(course.objective, course.levels[1:3], course.view, size=30):
            plane.plot(*np.array(line).T, color=ink("faint"), linewidth=0.8)
        for name, (points, loss) in ends.items():
            look = {"color": ink(LOOKS[name][0]), "linestyle": "--" if LOOKS[name][1] else "-", "label": name}
            plane.plot(*points.T, **look)
            over.plot(1 + np.array(course.steps), 10**loss, **look)
        plane.set(xlim=course.view[0], ylim=course.view[1], xticks=(-2, 0, 2), yticks=(0, 2))
        over.set(xscale="log", yscale="log", xlabel="step + 1", title="loss")
        over.minorticks_off()
        drawing.canvas.legend(*over.get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return drawing


def _ranked(ends: dict[str, float]) -> str:
    order = sorted(ends, key=ends.__getitem__)
    return ", then ".join(f"{name} with {10 ** ends[name]:.1g}" for name in order)
