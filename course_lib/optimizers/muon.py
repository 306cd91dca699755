"""Muon: momentum for matrices, made orthogonal, so that a step moves all directions alike.

Jordan, K., Jin, Y., Boza, V., You, J., Cesista, F., Newhouse, L., Bernstein, J. (2024), "Muon: an optimizer for hidden
layers in neural networks", kellerjordan.github.io/posts/muon; decay and the second way to adjust lr: Liu, J. et al.
(2025), "Muon is scalable for LLM training", arXiv:2502.16982, section 2.2.
"""

import math
from typing import NamedTuple

from course_lib.arrays import Array, array_namespace


class MuonState(NamedTuple):
    """``t`` counts the steps taken; ``b``, of the weights' shape, is the running mean of gradients."""

    t: int
    b: Array


def muon_init(w: Array) -> MuonState:
    """State before the first step: a mean of zeros like ``w``."""
    return MuonState(t=0, b=array_namespace(w).zeros_like(w))


def orthogonalize(
    x: Array,
    *,
    coefficients: tuple[float, float, float] = (3.4445, -4.7750, 2.0315),
    steps: int = 5,
    eps: float = 1e-7,
) -> Array:
    r"""Push the singular values of ``x`` towards 1, its singular vectors kept, by Newton-Schulz steps.

    .. math:: X \leftarrow aX + (b A + c A^2) X, \qquad A = X X^\top

    Parameters
    ----------
    x : matrix of floats
    coefficients : three floats
        :math:`a, b, c`. The usual ones rise fastest from 0, then stay between about 0.68 and 1.2; they do not converge.
    steps : int
        How often the polynomial is applied.
    eps : float
        The least Frobenius norm that ``x`` is divided by first.

    Examples
    --------
    >>> import numpy as np
    >>> print(np.linalg.svd(orthogonalize(np.diag([1.0, 0.5, 0.1]))).S.round(2))
    [1.12 0.71 0.7 ]
    """
    xp = array_namespace(x)
    a, b, c = coefficients
    tall = x.shape[0] > x.shape[1]
    x = xp.matrix_transpose(x) if tall else x  # the smaller of the two Gram matrices is as good
    x = x / xp.clip(xp.sqrt(xp.sum(x**2)), min=eps)
    for _ in range(steps):
        gram = x @ xp.matrix_transpose(x)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return xp.matrix_transpose(x) if tall else x


def muon_step(
    w: Array,
    g: Array,
    state: MuonState,
    *,
    lr: float = 1e-3,
    weight_decay: float = 0.1,
    momentum: float = 0.95,
    nesterov: bool = True,
    ns_coefficients: tuple[float, float, float] = (3.4445, -4.7750, 2.0315),
    eps: float = 1e-7,
    ns_steps: int = 5,
    adjust_lr_fn: str | None = None,
) -> tuple[Array, MuonState]:
    r"""One step along the orthogonalized mean gradient.

    .. math::
        b_t &= \mu\, b_{t-1} + (1 - \mu)\, g_t \\
        d_t &= (1 - \mu)\, g_t + \mu\, b_t \ \text{(Nesterov)} \ \text{ or } \ b_t \\
        o_t &= \operatorname{orthogonalize}(d_t) \\
        w_t &= (1 - \eta\lambda)\, w_{t-1} - \eta\, r\, o_t

    Parameters
    ----------
    w, g, state
        As in every step: see ``course_lib.optimizers``. ``w`` is a matrix.
    lr : float
        :math:`\eta`.
    weight_decay : float
        :math:`\lambda`, decoupled, in proportion to lr.
    momentum : float
        :math:`\mu`. The buffer is a mean here, not SGD's sum.
    nesterov : bool
        Look ahead, as in SGD.
    ns_coefficients, ns_steps, eps
        The ``coefficients``, ``steps`` and ``eps`` of ``orthogonalize``.
    adjust_lr_fn : None, ``"original"`` or ``"match_rms_adamw"``
        How :math:`r` follows the shape :math:`(A, B)`: :math:`\sqrt{\max(1, A/B)}` (None too), or
        :math:`0.2 \sqrt{\max(A, B)}`, for which an lr found for AdamW will do.

    Notes
    -----
    Torch orthogonalizes in bfloat16, whose numbers have three digits; this does it in the weights' own dtype.
    """
    b = momentum * state.b + (1 - momentum) * g
    d = (1 - momentum) * g + momentum * b if nesterov else b
    u = orthogonalize(d, coefficients=ns_coefficients, steps=ns_steps, eps=eps)
    rows, columns = w.shape
    r = 0.2 * math.sqrt(max(rows, columns))
    if adjust_lr_fn != "match_rms_adamw":
        r = math.sqrt(max(1, rows / columns))
    return (1 - lr * weight_decay) * w - lr * r * u, MuonState(state.t + 1, b)
