"""What hypothesis draws for optimizers: gradients of every size, arrays of every shape, in either float dtype."""

import numpy as np
from hypothesis import strategies as st

STEPS = 100
SHAPES = [(), (0,), (1,), (7,), (3, 4), (2, 3, 2)]
SCALES = [0.0, 1e-30, 1e-8, 1.0, 1e30]


@st.composite
def problems(draw, shapes=SHAPES, scales=SCALES):
    """Weights and ``STEPS`` gradients: all of one scale, or each step of its own, so that small ones follow large."""
    shape, dtype = draw(st.sampled_from(shapes)), draw(st.sampled_from([np.float32, np.float64]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([*scales, "mixed"]))
    sizes = rng.choice(scales, STEPS) if scale == "mixed" else np.full(STEPS, scale)
    w = rng.standard_normal(shape).astype(dtype)
    g = rng.standard_normal((STEPS, *shape)) * sizes.reshape(-1, *(1,) * len(shape))
    return np.asarray(w), g.astype(dtype)
