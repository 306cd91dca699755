"""What the cases of every step share."""

import numpy as np

# 0-d, one element, vector, matrix, and two kinds of nothing.
SHAPES: list[tuple[int, ...]] = [(), (1,), (4,), (2, 3), (0,), (0, 2)]
FLOATS: list[type[np.floating]] = [np.float64, np.float32]
