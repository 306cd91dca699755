"""Many parameters as one vector, for rules that look at all of them together."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from course_lib.arrays import Array, array_namespace, from_pairs
from course_lib.optimizers.surroundings import in_pairs, is_complex

Closure = Callable[[Any], tuple[Any, Any]]


def pack(arrays: Sequence[Array]) -> Array:
    """All entries in one vector, a complex one as two."""
    xp = array_namespace(*arrays)
    return xp.concat([xp.reshape(in_pairs(x), (-1,)) for x in arrays])


def unpack(vector: Array, like: Sequence[Array]) -> list[Array]:
    """The arrays that ``pack`` made ``vector`` of, with the shapes and dtypes of ``like``."""
    arrays, begin = [], 0
    for x in like:
        shape = (*x.shape, 2) if is_complex(x) else tuple(x.shape)
        end = begin + math.prod(shape)
        real = array_namespace(vector).reshape(vector[begin:end], shape)
        arrays.append(from_pairs(real, x.dtype) if is_complex(x) else real)
        begin = end
    return arrays


def packed_closure(closure: Closure, like: Sequence[Array], *, alone: bool) -> Closure:
    """``closure`` for a packed vector; a gradient of None counts as zeros. ``alone``: it takes one array, no list."""

    def packed(vector: Array) -> tuple[Any, Array]:
        arrays = unpack(vector, like)
        loss, gradients = closure(arrays[0] if alone else arrays)
        gradients = [gradients] if alone else gradients
        zeros = array_namespace(vector).zeros_like
        return loss, pack([zeros(x) if g is None else g for x, g in zip(arrays, gradients, strict=True)])

    return packed
