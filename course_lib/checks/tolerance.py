"""How close is equal: the one place where it is decided, and why.

Rounding makes two right ways to write a step differ. Each operation is off by at most half a unit in the last place of
the largest number in it; a step has a handful of operations and passes its error on to the next. So after ``t`` steps
a right answer lies within

    64 · eps(dtype) · t · (largest magnitude that the quantity has had so far)

of the reference: 1.4e-14 a step in float64, 7.6e-6 in float32. That leaves a factor of about ten for unusual but right
ways to write a formula, and the known mistakes stand many orders of magnitude further off. The magnitude is that of the
whole array, so that an element which happens to cancel is not held to a precision it cannot have; the cases therefore
keep one order of magnitude within an array.

Counters (integers) must be equal. An answer in float32 where float64 went in is held to float32's tolerance: that it
lost precision is a finding of the criterion on dtypes, once, and not of every criterion.
"""

import numpy as np

ULPS_PER_STEP = 64


def tolerance(dtype: np.dtype, step: int, magnitude: float) -> float:
    """The largest allowed difference after ``step`` steps (from 1) for numbers of ``dtype`` up to ``magnitude``."""
    return float(ULPS_PER_STEP * np.finfo(dtype).eps * step * magnitude)
