"""``best_setting``: what is asked of it, and the ways it goes wrong."""

from collections.abc import Callable, Mapping

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Criterion, Draw, Misconception, Spec
from course_lib.racing import best_setting

PAGE = "chapters/racing.html#the-protocol"


def wrong_choice(ids: frozenset[str]) -> Callable[[Array, Array], float | int]:
    """``best_setting`` with the mistakes ``ids``; without any, the reference."""

    def choice(settings: Array, losses: Array) -> float | int:
        scores = _scores(ids, _counted(ids, losses))
        best = int(np.argmin(scores))  # the first nan, if there is one
        if "position" in ids:
            return best
        if "loss_returned" in ids:
            return float(np.nanmin(scores))
        return float(settings[best])

    return choice


def _counted(ids: frozenset[str], losses: Array) -> Array:
    """The losses with something in the place of those that diverged: an infinity, in a right answer."""
    lost = ~np.isfinite(losses)
    if "one_diverged_is_enough" in ids:
        return np.where(np.any(lost, axis=1, keepdims=True), np.inf, losses)
    if "diverged_wins" in ids:
        return losses
    replaced = 0.0 if "diverged_as_zero" in ids else np.nan if "diverged_left_out" in ids else np.inf
    return np.where(lost, replaced, losses)


def _scores(ids: frozenset[str], losses: Array) -> Array:
    axis, without = (0 if "across_settings" in ids else 1), "diverged_left_out" in ids
    if "first_run" in ids:
        return losses[0] if axis == 0 else losses[:, 0]
    if "lucky_run" in ids:
        return (np.nanmin if without else np.min)(losses, axis=axis)
    if "worst_run" in ids:
        return (np.nanmax if without else np.max)(losses, axis=axis)
    if "mean" in ids:
        return (np.nanmean if without else np.mean)(losses, axis=axis)
    return (np.nanmedian if without else np.median)(losses, axis=axis)


_COUNTS = "A run that diverged is as bad as can be: count it as infinite before you take the median."
MISCONCEPTIONS = {
    "position": Misconception(
        "It returns the setting's position and not the setting.",
        "Return settings[i], a number that an optimizer can be given.",
    ),
    "loss_returned": Misconception(
        "It returns the best loss and not the setting that gave it.",
        "Find the row with the lowest median and return that row's entry of settings.",
    ),
    "mean": Misconception(
        "It compares means.",
        "One unlucky run moves a mean as far as it likes; compare the medians.",
    ),
    "lucky_run": Misconception(
        "It chooses the setting of the best single run.",
        "With enough runs any setting is lucky once: compare the medians over the runs.",
    ),
    "worst_run": Misconception(
        "It compares the worst runs.",
        "Compare the medians over the runs.",
    ),
    "first_run": Misconception(
        "It looks at the first run alone.",
        "Each row holds several runs that differ in their seed: compare the medians over them.",
    ),
    "across_settings": Misconception(
        "It takes the median of each run over the settings.",
        "Each row is a setting and each column a run: take the median along axis=1.",
    ),
    "diverged_wins": Misconception(
        "A run that diverged makes its setting win.",
        f"A nan is neither large nor small, and argmin stops at the first it meets. {_COUNTS}",
    ),
    "diverged_as_zero": Misconception(
        "It counts a run that diverged as a loss of 0.",
        f"A loss of 0 is the best there is. {_COUNTS}",
    ),
    "diverged_left_out": Misconception(
        "It leaves out the runs that diverged.",
        f"Then a setting is judged by the runs that it survived. {_COUNTS}",
    ),
    "one_diverged_is_enough": Misconception(
        "It rules out a setting for one run that diverged.",
        "Count that run as infinite and take the median all the same: the others may speak for the setting.",
    ),
}

# Rows of losses, each made to win by one rule and no other, rules without a name among them. The first run stays
# first; the others come in any order.
_WINS = {
    "median": [1.3, 0.9, 0.95, 1.0, 3.0],
    "mean": [1.05, 0.2, 0.3, 1.4, 1.5],
    "lucky": [1.5, 0.1, 1.6, 1.7, 1.8],
    "worst": [1.38, 1.1, 1.2, 1.3, 1.4],
    "first": [0.4, 1.9, 2.0, 2.1, 2.2],
    "lower quartile": [1.9, 0.15, 0.2, 1.8, 2.0],
    "upper quartile": [1.07, 1.05, 1.06, 1.08, 2.5],
    "spread": [2.5, 2.48, 2.49, 2.51, 2.52],
    "second": [1.7, 0.96, 0.98, 1.02, 2.6],
    "worse": [3.6, 3.2, 4.0, 4.3, 4.6],
}
# The same where runs diverge: a row each for what may be made of that, and the right one has lost a run too. These
# keep their order, so that it is known which of them an argmin meets first.
_DIVERGED = {
    "second": [1.7, 0.96, 0.98, 1.02, np.inf],
    "first nan": [1.5, 1.6, 1.7, 1.8, np.nan],
    "median": [3.0, 0.9, 0.95, 1.0, np.nan],
    "as zero": [3.0, 0.15, 3.1, np.nan, np.inf],
    "left out": [2.0, 0.2, 0.3, np.inf, np.nan],
    "none lost": [1.6, 0.97, 1.0, 1.03, 1.5],
}
_KEPT = {"median": [0.05, 0.06, 0.07, 0.08, np.nan]}


def _call(rng: np.random.Generator, rows: Mapping[str, list[float]]) -> list[np.ndarray]:
    """Learning rates and the losses of their runs; the rows come in random order, those with a lost run in theirs."""
    lost = iter([name for name, row in rows.items() if not np.isfinite(row).all()])
    names = [next(lost) if not np.isfinite(rows[name]).all() else name for name in rng.permutation(list(rows))]
    losses = np.array([[rows[name][0], *rng.permutation(rows[name][1:])] for name in names])
    losses = (losses * rng.uniform(0.997, 1.003, losses.shape) * rng.uniform(0.2, 2.0)).round(4)
    rates = np.sort(rng.choice(np.arange(1, 1000), len(losses), replace=False)) / 1000
    return [rates, losses]


def _draw(rows: Mapping[str, list[float]], count: int, *, repeat: bool = False) -> Draw:
    def draw(rng: np.random.Generator) -> list[Tree]:
        return [BEST_SETTING.case({"calls": [_call(rng, rows) for _ in range(count)], "settings": {}}, repeat=repeat)]

    return draw


BEST_SETTING = Spec(
    function="best_setting",
    reference=best_setting,
    wrong=wrong_choice,
    criteria={
        "lowest_median": Criterion(
            "The setting with the lowest median loss is chosen", _draw(_WINS, 4, repeat=True), ("value",)
        ),
        "diverged": Criterion(
            "A run that diverged counts as infinitely bad",
            _draw(_DIVERGED | {name: row for name, row in _WINS.items() if name not in _DIVERGED}, 4),
            ("value",),
        ),
        "inputs_unchanged": Criterion(
            "The arrays passed in stay as they were", _draw(_WINS | _KEPT, 3), ("value",), purity=True
        ),
    },
    misconceptions=MISCONCEPTIONS,
    section=PAGE,
)
