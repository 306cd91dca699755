r"""Exponentially weighted averages, which momentum, RMSprop and Adam are made of.

.. math:: v_t = \beta\, v_{t-1} + (1 - \beta)\, x_t, \qquad v_0 = 0

Unrolled, the average is a weighted sum of everything seen, the weights falling by :math:`\beta` a step. Roberts, S. W.
(1959), "Control chart tests based on geometric moving averages", Technometrics 1(3), 239-250; the correction is Kingma
and Ba's (2015), "Adam", ICLR, section 3.
"""

import math

from course_lib.arrays import Array, array_namespace, device


def exponential_average(x: Array, beta: float) -> Array:
    """The running average after each of the values in ``x``.

    Parameters
    ----------
    x : array of floats, shape ``(steps, ...)``
        The values, in the order they came.
    beta : float
        The share of the average that survives a step, from 0 up to but not including 1.

    Returns
    -------
    array
        :math:`v_1, v_2, …`, of ``x``'s shape and dtype.

    Raises
    ------
    ValueError
        If ``beta`` is not in that range.

    Examples
    --------
    >>> import numpy as np
    >>> print(exponential_average(np.array([10.0, 10.0, 10.0]), beta=0.5))
    [5.   7.5  8.75]
    """
    _check(beta)
    xp = array_namespace(x)
    v, averages = xp.zeros_like(x[0, ...]), []
    for t in range(x.shape[0]):
        v = beta * v + (1 - beta) * x[t, ...]
        averages.append(v)
    return xp.stack(averages)


def bias_corrected(v: Array, beta: float) -> Array:
    r"""Running averages without the pull of their start at 0: :math:`\hat v_t = v_t / (1 - \beta^t)`.

    Parameters
    ----------
    v : array of floats, shape ``(steps, ...)``
        What ``exponential_average`` returned: :math:`v_1, v_2, …`.
    beta : float
        The share that it was taken with.

    Examples
    --------
    >>> import numpy as np
    >>> v = exponential_average(np.array([10.0, 10.0, 10.0]), 0.5)
    >>> print(bias_corrected(v, 0.5))
    [10. 10. 10.]
    """
    _check(beta)
    xp = array_namespace(v)
    sums = [1 - beta**t for t in range(1, v.shape[0] + 1)]
    divisor = xp.asarray(sums, dtype=v.dtype, device=device(v))
    return v / xp.reshape(divisor, (-1,) + (1,) * (v.ndim - 1))


def expansion_weights(beta: float, steps: int) -> list[float]:
    r"""What :math:`v_t` weighs the last ``steps`` values with, the newest first: :math:`(1 - \beta)\, \beta^k`.

    Over all t values so far they sum to :math:`1 - \beta^t`, which is what the bias correction divides by.

    Examples
    --------
    >>> expansion_weights(0.5, 3)
    [0.5, 0.25, 0.125]
    """
    _check(beta)
    return [(1 - beta) * beta**k for k in range(steps)]


def momentum_weights(momentum: float, steps: int, *, dampening: float = 0.0, nesterov: bool = False) -> list[float]:
    r"""What ``sgd_step`` weighs the gradients with in the direction of step ``steps``, the newest first.

    Its buffer, unrolled, weighs the gradient of :math:`k` steps ago with :math:`(1 - \tau)\, \mu^k`, and the very first
    one, which enters whole, with :math:`\mu^{t-1}`. Nesterov's look-ahead multiplies all that by :math:`\mu` and adds
    the newest gradient once more.

    Examples
    --------
    >>> momentum_weights(0.5, 3)
    [1.0, 0.5, 0.25]
    >>> momentum_weights(0.5, 3, dampening=0.5)
    [0.5, 0.25, 0.25]
    >>> momentum_weights(0.5, 3, nesterov=True)
    [1.5, 0.25, 0.125]
    """
    weights = [(1 - dampening) * momentum**k for k in range(steps - 1)] + [momentum ** (steps - 1)]
    return [(k == 0) + momentum * weight for k, weight in enumerate(weights)] if nesterov else weights


def window(beta: float) -> float:
    r"""How many values as heavy as the newest would make up the whole average: :math:`1 / (1 - \beta)`.

    It is also the mean age of what the average holds, the newest counted as 1, and a value this old weighs about 1/e of
    the newest: not half, which is the ``half_life``. A plain mean to match takes more values: ``equal_mean``.

    Examples
    --------
    >>> round(window(0.9), 6)
    10.0
    """
    _check(beta)
    return 1 / (1 - beta)


def equal_mean(beta: float) -> float:
    r"""How many of the last values a plain mean takes to be as smooth and as late: :math:`(1 + \beta) / (1 - \beta)`.

    Of independent noise the average leaves the variance :math:`(1 - \beta) / (1 + \beta)`, and a plain mean of n
    values 1/n. A steady rise reaches the average :math:`\beta / (1 - \beta)` steps late, and the mean (n - 1)/2.

    Examples
    --------
    >>> round(equal_mean(0.9), 6)
    19.0
    """
    _check(beta)
    return (1 + beta) / (1 - beta)


def half_life(beta: float) -> float:
    r"""After how many steps a value weighs half as much: :math:`\ln \tfrac12 / \ln \beta`.

    Examples
    --------
    >>> round(half_life(0.9), 2)
    6.58
    """
    _check(beta)
    return math.log(0.5) / math.log(beta) if beta else 0.0


def _check(beta: float) -> None:
    if not 0 <= beta < 1:
        raise ValueError(f"beta={beta}: the share that survives a step is at least 0 and less than 1")
