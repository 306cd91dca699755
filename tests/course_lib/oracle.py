"""Running a reference optimizer and its ``torch.optim`` original on the same gradients, and comparing them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from course_lib.optimizers import from_torch

RTOL = {np.dtype("float64"): 1e-12, np.dtype("float32"): 2e-5, np.dtype("complex128"): 1e-12}


def torch_path(name: str, w: np.ndarray, gradients: np.ndarray, **kwargs: Any) -> np.ndarray:
    """Every point that ``torch.optim.<name>`` visits, shape ``(steps + 1, *w.shape)``."""
    parameter = torch.nn.Parameter(torch.tensor(w))
    optimizer = getattr(torch.optim, name)([parameter], **kwargs)
    points = [w]
    for g in gradients:
        parameter.grad = torch.tensor(g)
        optimizer.step()
        points.append(parameter.detach().numpy().copy())
    return np.stack(points)


def our_path(
    name: str, w: np.ndarray, gradients: np.ndarray, *, convert: Callable[[np.ndarray], Any] = np.asarray, **kwargs: Any
) -> np.ndarray:
    """Every point that the reference visits; ``convert`` makes its arrays (``torch.tensor`` runs it on torch)."""
    optimizer = from_torch(name, **kwargs)
    at = convert(w)
    state = optimizer.init(at)
    points = [w]
    for g in gradients:
        at, state = optimizer.step(at, convert(g), state)
        points.append(np.asarray(at))
    return np.stack(points)


def assert_same_path(ours: np.ndarray, theirs: np.ndarray) -> None:
    """Equal up to ``RTOL`` of the largest size that each coordinate had so far, with dtype, shape, inf and nan equal.

    The yardstick is the path's, not the point's: where large numbers cancel, their rounding is what remains.
    """
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    with np.errstate(invalid="ignore"):
        size = np.fmax.accumulate(np.where(np.isfinite(theirs), np.abs(theirs), 0))
        close = np.abs(ours - theirs) <= RTOL[ours.dtype] * size
    same = close | (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    assert same.all(), f"first differs at {np.argwhere(~same)[0]}: {ours[~same][0]!r}, not {theirs[~same][0]!r}"
