"""A gradient that is zero in most rows, as an embedding's is: the rows that are not, and where they go."""

import math
from dataclasses import dataclass, replace

from course_lib.arrays import Array, array_namespace, sum_rows


@dataclass(frozen=True)
class SparseGrad:
    """Rows of a gradient. A row may occur more than once; its values then add up, as in torch's sparse tensors.

    Parameters
    ----------
    indices : array of integers, shape ``(n,)`` or ``(k, n)``
        Where each value goes: its place on the first axis, or on each of the first ``k`` axes (torch's ``indices()``).
    values : array of floats, shape ``(n, *shape[k:])``
        The gradient there.
    shape : tuple of int
        The shape of the weights.

    Raises
    ------
    ValueError
        If the three do not fit each other, or an index lies outside the shape.

    Examples
    --------
    >>> import numpy as np
    >>> g = SparseGrad(np.array([2, 0, 2]), np.array([1.0, 5.0, 1.0]), (4,))
    >>> print(g.to_dense())
    [5. 0. 2. 0.]
    """

    indices: Array
    values: Array
    shape: tuple[int, ...]

    def __post_init__(self) -> None:
        count = self.indices.shape[-1]
        if tuple(self.values.shape) != (count, *self.shape[self.axes :]):
            expected = (count, *self.shape[self.axes :])
            raise ValueError(f"{count} indices into shape {self.shape} take values of shape {expected}")
        for places, size in zip(self._places(), self.shape, strict=False):
            xp = array_namespace(places)
            if count and not (int(xp.min(places)) >= 0 and int(xp.max(places)) < size):
                raise ValueError(f"an index lies outside the shape {self.shape}")

    @property
    def axes(self) -> int:
        """How many axes the indices go along."""
        return 1 if self.indices.ndim == 1 else int(self.indices.shape[0])

    def __neg__(self) -> "SparseGrad":
        return replace(self, values=-self.values)

    def to_dense(self) -> Array:
        """The whole gradient, shape ``shape``."""
        return self._spread(self.values)

    def touched(self) -> Array:
        """Which entries of the weights the gradient has, zeros among its values too: booleans of shape ``shape``."""
        xp = array_namespace(self.values)
        return self._spread(xp.ones_like(self.values)) > 0

    def _places(self) -> list[Array]:
        return [self.indices] if self.indices.ndim == 1 else [self.indices[k, ...] for k in range(self.axes)]

    def _spread(self, values: Array) -> Array:
        """``values`` at their places in an array of zeros."""
        flat = 0
        for places, size in zip(self._places(), self.shape, strict=False):
            flat = flat * size + places
        rows = sum_rows(math.prod(self.shape[: self.axes]), flat, values)
        return array_namespace(values).reshape(rows, self.shape)
