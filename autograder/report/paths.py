"""What a mistake does: a few steps on 4x² with it, made by the reference, beside the right ones."""

import numpy as np

from autograder.report.words import is_known
from course_lib.checks import spec_for
from course_lib.checks.observe import Closure
from course_lib.descent import minimize
from course_lib.objectives import parabola

STEPS = 8


def paths(function: str, mistake: str) -> tuple[list[float], list[float]] | None:
    """x after each step, right and with the mistake; None where there is nothing to see or no step to make."""
    if not is_known(function, mistake):
        return None
    spec = spec_for(function)
    if spec.initial is None or spec.gradient not in (None, Closure):
        return None
    try:
        with np.errstate(all="ignore"):
            right, wrong = (
                np.asarray(minimize(parabola, spec.initial, step, steps=STEPS, **spec.shown).w, dtype=float)
                for step in (spec.reference, spec.wrong(frozenset({mistake})))
            )
    except (ArithmeticError, ValueError, TypeError, IndexError):
        return None
    if not (right.shape == wrong.shape == (STEPS + 1,) and np.all(np.isfinite([right, wrong]))):
        return None
    return None if np.allclose(right, wrong, rtol=1e-3, atol=1e-3) else (right.tolist(), wrong.tolist())
