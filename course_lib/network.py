r"""A network of dense layers, by hand: the loss of its guesses, and the gradient of that loss by backpropagation.

All its weights stand in one vector ``w``, layer by layer, each layer's matrix row by row and then its bias, so that any
step of ``course_lib.optimizers`` trains it::

    w = initial_weights((64, 32, 10))
    w, state = adam_step(w, network_gradient(w, x, labels, (64, 32, 10)), state)

A layer takes its inputs :math:`a` to :math:`a W + b`; between two layers stands :math:`\max(0, z)`. What the last one
gives are the logits :math:`z`, and class :math:`k` has the probability :math:`p_k = e^{z_k} / \sum_j e^{z_j}`. NumPy
arrays and torch tensors go through the same source.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from course_lib.arrays import Array, array_namespace, device


def cross_entropy(logits: Array, labels: Array) -> Array:
    r"""The mean of :math:`-\ln p_y` over a batch, :math:`p_y` being the probability given to the right class.

    .. math:: \frac1n \sum_i \Big(\ln \sum_j e^{z_{ij}} - z_{i y_i}\Big)

    The largest logit of each row is taken off first, which changes nothing and keeps the powers from overflowing.
    Bridle, J. S. (1990), "Probabilistic interpretation of feedforward classification network outputs", in
    Neurocomputing, 227-236.

    Parameters
    ----------
    logits : array of floats, shape ``(n, classes)``
    labels : array of integers, shape ``(n,)``
        The right classes, from 0.

    Examples
    --------
    >>> logits, labels = np.array([[2.0, 1.0, 0.0]]), np.array([0])
    >>> round(float(cross_entropy(logits, labels)), 4)
    0.4076
    """
    xp = array_namespace(logits)
    below = logits - xp.max(logits, axis=1, keepdims=True)
    right = xp.sum(xp.where(_is_label(logits, labels), below, 0 * below), axis=1)
    return xp.mean(xp.log(xp.sum(xp.exp(below), axis=1)) - right)


def cross_entropy_gradient(logits: Array, labels: Array) -> Array:
    r"""The gradient of ``cross_entropy`` by the logits: :math:`(p_{ik} - [k = y_i]) / n`.

    Parameters
    ----------
    logits, labels
        As for ``cross_entropy``.

    Returns
    -------
    array
        Shape and dtype of ``logits``; each row sums to 0.

    Examples
    --------
    >>> logits, labels = np.array([[2.0, 1.0, 0.0]]), np.array([0])
    >>> print(cross_entropy_gradient(logits, labels).round(4))
    [[-0.3348  0.2447  0.09  ]]
    """
    xp = array_namespace(logits)
    powers = xp.exp(logits - xp.max(logits, axis=1, keepdims=True))
    p = powers / xp.sum(powers, axis=1, keepdims=True)
    return (p - xp.astype(_is_label(logits, labels), logits.dtype)) / logits.shape[0]


def _is_label(logits: Array, labels: Array) -> Array:
    """True where a row's label stands: shape of ``logits``."""
    xp = array_namespace(logits)
    return xp.arange(logits.shape[1], device=device(logits))[None, :] == labels[:, None]


def initial_weights(sizes: Sequence[int], *, seed: int = 0) -> np.ndarray:
    r"""Weights to start from: normal with variance 2 / inputs, biases 0, in float64.

    He, K., Zhang, X., Ren, S., Sun, J. (2015), "Delving deep into rectifiers", ICCV.

    Parameters
    ----------
    sizes : sequence of int
        How many inputs, how many units in each hidden layer, how many classes: ``(64, 32, 10)``.
    seed : int
        The same seed gives the same weights.

    Examples
    --------
    >>> initial_weights((64, 32, 10)).shape
    (2410,)
    """
    rng = np.random.default_rng(seed)
    drawn = []
    for inputs, outputs in pairwise(sizes):
        drawn += [rng.standard_normal(inputs * outputs) * math.sqrt(2 / inputs), np.zeros(outputs)]
    return np.concatenate(drawn)


def layers(w: Array, sizes: Sequence[int]) -> list[tuple[Array, Array]]:
    """The matrix and the bias of every layer, cut out of ``w``: shapes ``(inputs, outputs)`` and ``(outputs,)``.

    Raises
    ------
    ValueError
        If ``w`` is not a vector of as many numbers as a network of these sizes has.

    Examples
    --------
    >>> pairs = layers(np.zeros(26), (3, 4, 2))
    >>> [(weights.shape, bias.shape) for weights, bias in pairs]
    [((3, 4), (4,)), ((4, 2), (2,))]
    """
    count = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    if w.shape != (count,):
        raise ValueError(f"a network of sizes {tuple(sizes)} has {count} weights in one vector; w is {w.shape}")
    xp, cut, begin = array_namespace(w), [], 0
    for inputs, outputs in pairwise(sizes):
        middle, end = begin + inputs * outputs, begin + (inputs + 1) * outputs
        cut.append((xp.reshape(w[begin:middle], (inputs, outputs)), w[middle:end]))
        begin = end
    return cut


def forward(w: Array, x: Array, sizes: Sequence[int]) -> tuple[list[Array], Array]:
    """What goes into each layer, and the logits that come out of the last.

    Parameters
    ----------
    w : array of floats, one vector
    x : array of floats, shape ``(n, sizes[0])``
    sizes : sequence of int
        See ``initial_weights``.

    Returns
    -------
    inputs : list of arrays
        ``x`` first; those of the layer with ``k`` inputs have shape ``(n, k)``.
    logits : array, shape ``(n, sizes[-1])``

    Raises
    ------
    ValueError
        If ``w`` does not fit ``sizes``.
    """
    inputs, z = [], x
    for number, (weights, bias) in enumerate(layers(w, sizes)):
        a = z if number == 0 else array_namespace(z).where(z > 0, z, 0 * z)
        inputs.append(a)
        z = a @ weights + bias
    return inputs, z


def network_gradient(w: Array, x: Array, labels: Array, sizes: Sequence[int]) -> Array:
    r"""The gradient of the network's ``cross_entropy`` on a batch, by all its weights, in the order of ``w``.

    From the last layer to the first, with :math:`\delta` the gradient by what the layer gives and :math:`a` its inputs:

    .. math::
        \nabla_W &= a^\top \delta, \qquad \nabla_b = \sum_i \delta_i \\
        \delta &\leftarrow (\delta W^\top) \cdot [a > 0]

    Rumelhart, D. E., Hinton, G. E., Williams, R. J. (1986), "Learning representations by back-propagating errors",
    Nature 323, 533-536.

    Parameters
    ----------
    w, x, sizes
        As for ``forward``.
    labels : array of integers, shape ``(n,)``
        The right classes, from 0.

    Returns
    -------
    array
        Shape and dtype of ``w``. At a kink of the loss, where a unit gets exactly 0, the slope 0 is taken, as in torch.

    Raises
    ------
    ValueError
        If ``w`` does not fit ``sizes``.
    """
    xp = array_namespace(w)
    inputs, logits = forward(w, x, sizes)
    delta, parts = cross_entropy_gradient(logits, labels), list[Array]()
    backwards = zip(reversed(inputs), reversed(layers(w, sizes)), strict=True)
    for a, (weights, _) in backwards:
        parts = [xp.reshape(a.T @ delta, (-1,)), xp.sum(delta, axis=0), *parts]
        delta = (delta @ weights.T) * xp.astype(a > 0, w.dtype)
    return xp.concat(parts)


def accuracy(logits: Array, labels: Array) -> float:
    """The share of rows whose largest logit stands at the label.

    Examples
    --------
    >>> logits = np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 0.0]])
    >>> round(accuracy(logits, np.array([0, 1, 1])), 3)
    0.667
    """
    xp = array_namespace(logits)
    return float(xp.mean(xp.astype(xp.argmax(logits, axis=1) == labels, logits.dtype)))
