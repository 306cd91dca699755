"""Data to learn from: generated from a seed, or shipped with scikit-learn. Nothing is downloaded."""

from collections.abc import Iterator

import numpy as np


def noisy_line(
    n: int = 100, *, a: float = 2.0, b: float = -1.0, noise: float = 0.5, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Points about the line ``y = a x + b``.

    Parameters
    ----------
    n : int
        How many.
    a, b : float
        Slope and intercept.
    noise : float
        The standard deviation of ``y`` about the line.
    seed : int
        The same seed gives the same points.

    Returns
    -------
    x, y : arrays of float64, shape ``(n,)``
        ``x`` is uniform from -3 to 3.
    """
    rng = np.random.default_rng(seed)
    x = rng.uniform(-3, 3, n)
    return x, a * x + b + noise * rng.standard_normal(n)


def temperatures(days: int = 90, *, noise: float = 3.5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Noisy temperatures about a slow wave, one a day.

    Parameters
    ----------
    days : int
        How many.
    noise : float
        The standard deviation of what is measured about the wave.
    seed : int
        The same seed gives the same noise.

    Returns
    -------
    measured, wave : arrays of float64, shape ``(days,)``
        The wave rises from 9 degrees to 21 and falls back, once in 150 days.
    """
    wave = 15 - 6 * np.cos(2 * np.pi * np.arange(days) / 150)
    return wave + np.random.default_rng(seed).normal(0, noise, days), wave


def two_clouds(n: int = 200, *, dim: int = 2, distance: float = 2.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Two overlapping clouds of points, to be told apart.

    Parameters
    ----------
    n : int
        How many points, half in each cloud.
    dim : int
        How many coordinates each has.
    distance : float
        Between the clouds' centres, which lie on either side of the origin; their standard deviation is 1.
    seed : int
        The same seed gives the same points.

    Returns
    -------
    points : array of float64, shape ``(n, dim)``
    labels : array of float64, shape ``(n,)``
        0 or 1, in random order.
    """
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n) % 2).astype(float)
    centre = distance / 2 / np.sqrt(dim)
    return rng.standard_normal((n, dim)) + np.where(labels[:, None] == 1, centre, -centre), labels


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Handwritten digits, 8 by 8 pixels each, as scikit-learn ships them.

    Alpaydin, E., Kaynak, C. (1998), "Optical recognition of handwritten digits", UCI Machine Learning Repository.

    Returns
    -------
    pixels : array of float64, shape ``(1797, 64)``
        From 0 to 1.
    labels : array of int64, shape ``(1797,)``
        From 0 to 9.

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn is not there, with the command that installs it.
    """
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            "the digits come with scikit-learn: pip install 'optimizers-step-by-step[data]'", name="sklearn"
        ) from missing
    pixels, labels = load_digits(return_X_y=True)
    return pixels / 16, labels.astype(np.int64)


def batches(n: int, size: int, *, seed: int = 0) -> Iterator[np.ndarray]:
    """Endless random batches of ``size`` of the numbers 0 to ``n - 1``: each epoch deals them all out, in a new order.

    The last batch of an epoch is smaller where ``size`` does not divide ``n``.

    Examples
    --------
    >>> from itertools import islice
    >>> [len(batch) for batch in islice(batches(10, 4), 4)]
    [4, 4, 2, 4]

    Raises
    ------
    ValueError
        If ``n`` or ``size`` is below 1.
    """
    if n < 1 or size < 1:
        raise ValueError(f"n={n}, size={size}: a batch takes at least one of at least one")
    return _dealt(n, size, np.random.default_rng(seed))


def steps_per_epoch(n: int, batch_size: int) -> int:
    """How many batches of ``batch_size`` it takes to deal out ``n`` points, the last of which may be smaller.

    Examples
    --------
    >>> steps_per_epoch(10, 5), steps_per_epoch(10, 4)
    (2, 3)
    """
    return -(-n // batch_size)


def _dealt(n: int, size: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    while True:
        order = rng.permutation(n)
        yield from (order[begin : begin + size] for begin in range(0, n, size))
