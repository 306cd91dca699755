"""Racing optimizers fairly: which setting each may run with, and what many runs say together.

Sivaprasad, P. T., Mai, F., Vogels, T., Jaggi, M., Fleuret, F. (2020), "Optimizer benchmarking needs to account for
hyperparameter tuning", ICML.
"""

from collections.abc import Sequence
from math import comb

import numpy as np


def best_setting(settings: Sequence[float] | np.ndarray, losses: np.ndarray) -> float:
    """The setting (a learning rate, say) whose median loss over its runs is lowest.

    A run that diverged counts as infinitely bad: a setting whose middle run diverged is never chosen, and one whose
    few bad runs leave the median alone may be. To be fair it is given losses on data that neither trains nor judges.

    Parameters
    ----------
    settings : sequence of float
        The settings tried.
    losses : array of floats, shape ``(settings, runs)``
        What each run ended with; ``nan`` or an infinity where it diverged.

    Raises
    ------
    ValueError
        If the shapes do not belong together, or the median run of every setting diverged.

    Examples
    --------
    >>> losses = [[0.9, 0.8, 0.9], [0.3, 0.4, np.nan], [0.1, np.nan, np.inf]]
    >>> best_setting([0.01, 0.1, 1.0], np.array(losses))
    0.1
    """
    losses = np.asarray(losses)
    shape, n = losses.shape, len(settings)
    if losses.ndim != 2 or shape[0] != n or losses.size == 0:
        raise ValueError(f"losses {shape} for {n} settings: a row each is due")
    medians = np.median(np.where(np.isfinite(losses), losses, np.inf), axis=1)
    if not np.isfinite(medians).any():
        raise ValueError("every setting diverged: try smaller ones")
    return float(settings[int(np.argmin(medians))])


def band(curves: np.ndarray, share: float = 0.5) -> np.ndarray:
    """Where the middle ``share`` of many curves runs, and their median.

    Parameters
    ----------
    curves : array of floats, shape ``(runs, ...)``
        One curve a run, all of one length. A ``nan`` in one leaves a gap there.
    share : float
        Between 0 and 1; 0.5 reaches from the lower to the upper quartile.

    Returns
    -------
    array of floats, shape ``(3, ...)``
        Lower edge, median, upper edge; between two runs the quantiles are interpolated, as ``numpy.quantile`` does it.

    Raises
    ------
    ValueError
        If ``share`` is not from 0 to 1.

    Examples
    --------
    >>> curves = [[4.0, 9.0], [1.0, 1.0], [2.0, 3.0], [3.0, 2.0], [0.0, 4.0]]
    >>> print(band(np.array(curves)))
    [[1. 2.]
     [2. 3.]
     [3. 4.]]
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share={share}: it is from 0 to 1")
    tail = (1 - share) / 2
    return np.asarray(np.quantile(curves, [tail, 0.5, 1 - tail], axis=0))


def best_of_drawn(scores: Sequence[float] | np.ndarray, k: int) -> float:
    """The best of ``k`` scores drawn at random, each at most once: the median over all draws.

    What an optimizer is left with whose user can try ``k`` settings, and knows nothing of which are good.

    Parameters
    ----------
    scores : sequence of float
        The loss of each setting; less is better, and infinities may be among them.
    k : int

    Raises
    ------
    ValueError
        If ``k`` is below 1 or above the number of scores.

    Examples
    --------
    >>> [best_of_drawn([5.0, 1.0, 3.0, 2.0, 4.0], k) for k in (1, 2, 5)]
    [3.0, 2.0, 1.0]
    """
    n = len(scores)
    if not 1 <= k <= n:
        raise ValueError(f"k={k}: of {n} scores it is possible to draw 1 to {n}")
    # The best is worse than the i lowest if all k come from the other n - i.
    rank = next(i for i in range(1, n + 1) if 2 * comb(n - i, k) <= comb(n, k))
    return float(np.sort(scores)[rank - 1])
