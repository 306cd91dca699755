"""What explorers in two dimensions share: level lines of an objective and paths, small enough for a page."""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from contourpy import contour_generator

from course_lib.objectives import Objective

Pairs = list[list[float]]  # points of a line: [[x, y], …]


def level_lines(
    objective: Objective, levels: Sequence[float], view: Sequence[tuple[float, float]], size: int = 120
) -> list[list[Pairs]]:
    """Where ``objective`` takes each of the values ``levels``, for ``levelLines`` of ``plane.js``.

    Parameters
    ----------
    objective : Objective
        A function of two coordinates.
    levels : sequence of floats
    view : ((x low, x high), (y low, y high))
    size : int
        How many values a side are evaluated; the lines between them are straight.

    Returns
    -------
    list of lists of lines
        The lines of each level, a line being a list of points. Coordinates keep what a screen can show of ``view``.

    Raises
    ------
    ValueError
        If ``objective`` has not two coordinates.
    """
    if objective.dim != 2:
        raise ValueError(f"{objective.name} has {objective.dim or 1} coordinate(s); level lines need two")
    x, y = (np.linspace(low, high, size) for low, high in view)
    z = objective.f(np.stack(np.meshgrid(x, y)))
    lines: Any = contour_generator(x, y, z).lines  # typed for every form it could return
    return [[shortened(line, view) for line in lines(level)] for level in levels]


def packed(values: np.ndarray, most: float) -> dict[str, Any]:
    """Many numbers in few bytes, for ``unpacked`` of ``plane.js``: 16-bit integers, as base64.

    What is larger than ``most`` in size, or no number, comes out as null; the others keep ``most / 32767``.

    >>> packed(np.array([0.0, 1.0, np.inf]), most=2)
    {'most': 2, 'base64': 'AAAAQACA'}
    """
    fits = np.abs(values) <= most  # of what is no number this is false as well
    whole = np.where(fits, np.round(np.where(fits, values, 0) / most * 32767), -32768)
    return {"most": most, "base64": base64.b64encode(whole.astype("<i2").tobytes()).decode()}


def packed_series(series: Sequence[np.ndarray], finest: float) -> dict[str, Any]:
    """Many series of numbers, of any lengths, in fewer bytes than ``packed`` takes, for ``unpackedSeries``.

    Numbers come out as whole multiples of ``finest``. Each is written as its difference from the one before, a small
    one in one byte (LEB128, signs in the lowest bit), behind the length of its series.

    >>> packed_series([np.array([0.5, 0.6]), np.array([])], finest=0.1)
    {'finest': 0.1, 'base64': 'AgoCAA=='}
    """
    found = bytearray()
    for values in series:
        whole = np.round(np.asarray(values) / finest).astype(np.int64)
        moves = np.diff(whole, prepend=0)
        for number in (len(whole), *(int(move) * 2 if move >= 0 else -2 * int(move) - 1 for move in moves)):
            found += _in_sevens(number)
    return {"finest": finest, "base64": base64.b64encode(found).decode()}


def _in_sevens(number: int) -> bytes:
    """Seven bits a byte, the lowest first; all but the last byte have the highest bit set."""
    digits = []
    while number > 127:
        digits.append(number & 127 | 128)
        number >>= 7
    return bytes([*digits, number])


def shortened(line: np.ndarray, view: Sequence[tuple[float, float]]) -> Pairs:
    """The line without points that lie as good as between their neighbours, in as few digits as a screen needs."""
    finest = [(high - low) / 2000 for low, high in view]
    digits = [max(0, -int(np.floor(np.log10(step)))) for step in finest]
    kept = _without_straight_runs(line / finest)
    return [[round(float(v), d) for v, d in zip(point, digits, strict=True)] for point in line[kept]]


def _without_straight_runs(line: np.ndarray, most: float = 1.0) -> list[int]:
    """Indices that remain when every run closer than ``most`` to its chord becomes the chord (Douglas and Peucker)."""
    kept, waiting = {0, len(line) - 1}, [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        chord, way = line[last] - line[first], line[first + 1 : last] - line[first]
        length = np.hypot(*chord)
        off = np.abs(way[:, 0] * chord[1] - way[:, 1] * chord[0]) / length if length else np.hypot(*way.T)
        middle = first + 1 + int(off.argmax())
        if off.max() > most:
            kept.add(middle)
            waiting += [(first, middle), (middle, last)]
    return sorted(kept)
