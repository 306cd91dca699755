"""Ten optimizers on one course."""

import numpy as np

from course_lib.explorers import courses, race
from course_lib.optimizers import from_torch
from course_lib.race import CONTESTANTS
from tests.browser.explorers.base import Case, Lines, State, until


def _raced(state: State, contestant: int) -> np.ndarray:
    """The points of a run at the drawn steps, one run by itself, by the reference under torch's names.

    It stands in a column where the explorer's do: the square of a number and that of an array may differ in the last
    bit, and at a rate where a rule wanders about, the last bit decides where to.
    """
    course, name = list(courses.COURSES.values())[state["course"]], list(race.LOOKS)[contestant]
    lr = courses.chosen_rates(list(courses.COURSES)[state["course"]])[name] * courses.FACTORS[state["factor"]]
    torch_name, settings = CONTESTANTS[name]
    rule, w = from_torch(torch_name, lr=lr, **settings), np.array(course.starts[state["start"]], dtype=float)
    w = w if name in courses.TOGETHER else w[:, None]
    kept, path = rule.init(w), [w]
    f, grad = course.objective.f, course.objective.grad
    with np.errstate(all="ignore"):
        for _ in range(course.steps[min(state["step"], len(course.steps) - 1)]):
            if np.isfinite(w).all():
                w, kept = rule.step(w, (lambda at: (f(at), grad(at))) if name == "LBFGS" else grad(w), kept)
            path.append(w)
    return np.stack(path)[[step for step in course.steps if step < len(path)]].reshape(-1, 2)


def expected(state: State) -> Lines:
    course = list(courses.COURSES.values())[state["course"]]
    lines = {}
    for contestant in state["shown"]:
        w = until(~(np.abs(seen := _raced(state, contestant)) <= courses.FAR).all(axis=1), seen)
        loss = course.objective.f(w.T) - course.objective.value
        loss = np.log10(np.clip(loss, courses.LEAST, courses.MOST))
        name = list(race.LOOKS)[contestant]
        lines[f"{name}, path"] = w
        lines[f"{name}, loss"] = np.stack([np.log10(1 + np.array(course.steps[: len(w)])), loss], axis=1)
    return lines


def says(state: State) -> str:
    ends = {name.partition(",")[0]: line for name, line in expected(state).items() if name.endswith("loss")}
    running = {name: line[-1, 1] for name, line in ends.items() if len(line) > state["step"]}
    return f"{min(running, key=running.__getitem__)} (" if running else "nobody is left"


CASE = Case("chapters/racing.html", ("Rate factor", "Step"), expected, says)
