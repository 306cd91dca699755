"""The ways ``adam_step`` goes wrong, AMSGrad included; some of them are its relatives' too."""

import math
from collections.abc import Callable

import numpy as np

from course_lib.arrays import Array
from course_lib.checks.specs import Misconception
from course_lib.optimizers.adam import AdamState

PAGE = "chapters/adam.html"
EPS = f"{PAGE}#adam-eps"
AMSGRAD = "chapters/adam_family.html#amsgrad"


def wrong_adam(ids: frozenset[str]) -> Callable[..., tuple[Array, AdamState]]:
    """``adam_step`` with the mistakes ``ids``; without any, the reference."""

    def step(
        w: Array,
        g: Array,
        state: AdamState,
        *,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        amsgrad: bool = False,
    ) -> tuple[Array, AdamState]:
        t, (beta1, beta2) = state.t + 1, betas
        if "betas_swapped" in ids:
            beta1, beta2 = beta2, beta1
        m, v = _averages(ids, g, state, beta1, beta2)
        c1, c2 = corrections(ids, beta1, beta2, t)
        v, v_max, divisor = _amsgrad(ids, state, v, c2) if amsgrad else (v, state.v_max, v)
        rate = 1.0 if "forgets_lr" in ids else lr
        towards = 1.0 if "ascends" in ids else -1.0
        w = w + towards * rate * _move(ids, g if "no_momentum" in ids else m / c1, divisor, c2, eps)
        if "hats_stored" in ids:
            m, v = m / c1, v / c2
        m, v = (state.m if "m_not_returned" in ids else m, state.v if "v_not_returned" in ids else v)
        return w, AdamState(t - 1 if "t_not_counted" in ids else t, m, v, v_max)

    return step


def _averages(ids: frozenset[str], g: Array, state: AdamState, beta1: float, beta2: float) -> tuple[Array, Array]:
    if "shares_swapped" in ids:
        m = (1 - beta1) * state.m + beta1 * g
        return m, (1 - beta2) * state.v + beta2 * g**2
    m = beta1 * state.m + (1.0 if "m_summed" in ids else 1 - beta1) * g
    kept = 1.0 if "v_never_fades" in ids else beta2
    fresh = 1.0 if "v_never_fades" in ids else 1 - beta2
    return m, kept * state.v + fresh * (m if "square_of_mean" in ids else g) ** 2


def corrections(ids: frozenset[str], beta1: float, beta2: float, t: int) -> tuple[float, float]:
    """What m and v are divided by at step ``t``."""
    power = 1 if "power_forgotten" in ids else t + 1 if "t_late" in ids else t
    c1, c2 = 1 - beta1**power, 1 - beta2**power
    if "correction_outside_root" in ids:
        c2 = c2**2
    c1 = 1.0 if {"no_bias_correction", "m_not_corrected"} & ids else c1
    return c1, 1.0 if {"no_bias_correction", "v_not_corrected"} & ids else c2


def _amsgrad(ids: frozenset[str], state: AdamState, v: Array, c2: float) -> tuple[Array, Array, Array]:
    """The new ``v`` and ``v_max``, and what is divided by, which the correction is still to be applied to."""
    if "amsgrad_ignored" in ids:
        return v, state.v_max, v
    if "amsgrad_after_correction" in ids:
        largest = np.maximum(state.v_max, v / c2)
        return v, largest, largest * c2
    if "amsgrad_of_last_two" in ids:
        largest = np.maximum(state.v, v)
        return v, largest, largest
    largest = np.maximum(state.v_max, v)
    if "amsgrad_replaces_v" in ids:
        largest = np.maximum(state.v, v)
        return largest, largest, largest
    if "amsgrad_uncorrected" in ids:
        return v, largest, largest * c2
    return v, largest, v if "amsgrad_not_used" in ids else largest


def _move(ids: frozenset[str], m_hat: Array, divisor: Array, c2: float, eps: float) -> Array:
    v_hat = divisor / c2
    root = v_hat if "root_forgotten" in ids else np.sqrt(v_hat)
    if "eps_forgotten" in ids:
        return m_hat / root
    if "eps_outside_quotient" in ids:
        return m_hat / root + eps
    if "eps_inside_root" in ids:
        return m_hat / np.sqrt(v_hat + eps)
    return m_hat / (root + (eps / math.sqrt(c2) if "eps_before_correction" in ids else eps))


FAMILY = {
    "ascends": Misconception(
        "It walks up the slope instead of down.",
        "The gradient points to where the loss grows. Look at the sign in the last line.",
    ),
    "forgets_lr": Misconception(
        "It ignores the learning rate.",
        "The quotient of the two averages is about 1 in size; lr is what makes a step of it.",
    ),
    "m_not_returned": Misconception(
        "It returns the old m instead of the new one.",
        "Put the m you have calculated into the state you return, or the next step will not know it.",
    ),
    "t_not_counted": Misconception(
        "It does not count the step.",
        "Return a new state whose t is one more; otherwise every step is corrected as if it were the first.",
    ),
    "power_forgotten": Misconception(
        "It corrects with 1 − β at every step.",
        "The correction fades: after t steps the average has collected the share 1 − β**t.",
    ),
}
MISCONCEPTIONS = FAMILY | {
    "betas_swapped": Misconception(
        "It takes the two betas the wrong way round.",
        "The pair betas is (β₁, β₂): the first belongs to m, the second to v.",
    ),
    "shares_swapped": Misconception(
        "Its averages keep the share 1 − β of the old and take the share β of the new.",
        "The share that survives is β: β · old + (1 − β) · new.",
    ),
    "m_summed": Misconception(
        "Its m is a sum: the new gradient enters whole.",
        "Unlike SGD's buffer, m is an average: the new gradient enters with weight 1 − β₁.",
    ),
    "v_never_fades": Misconception(
        "Its v adds up all squares and forgets none, as Adagrad does.",
        "Here v is an average: β₂ · v + (1 − β₂) · g².",
    ),
    "square_of_mean": Misconception(
        "It squares the average m where the gradient should be squared.",
        "What v averages is g², the square of this step's gradient.",
    ),
    "v_not_returned": Misconception(
        "It returns the old v instead of the new one.",
        "Put the v you have calculated into the state you return, or the next step will not know it.",
    ),
    "hats_stored": Misconception(
        "It puts the corrected averages into the state.",
        "The state holds m and v as the recurrences give them; the corrected ones are used in this step and dropped.",
    ),
    "no_bias_correction": Misconception(
        "It does not correct the averages for their start at 0.",
        "Divide m by 1 − β₁**t and v by 1 − β₂**t before you use them.",
    ),
    "m_not_corrected": Misconception(
        "It corrects v but not m.",
        "Both averages start at 0: divide m by 1 − β₁**t.",
    ),
    "v_not_corrected": Misconception(
        "It corrects m but not v.",
        "Both averages start at 0: divide v by 1 − β₂**t.",
    ),
    "t_late": Misconception(
        "It corrects with one step too many.",
        "In the first step t is 1, and the powers are β**1.",
    ),
    "correction_outside_root": Misconception(
        "It divides the root of v by 1 − β₂**t instead of v itself.",
        "The correction belongs to v, so it stands under the root with it.",
    ),
    "no_momentum": Misconception(
        "It moves along the gradient instead of along its average.",
        "The numerator is m, corrected; dividing g itself is RMSprop.",
    ),
    "root_forgotten": Misconception(
        "It divides by the mean square without its root.",
        "Only the root of v has the size of a gradient.",
    ),
    "eps_inside_root": Misconception(
        "It adds eps under the root.",
        "First the root, then eps: √v̂ + ε.",
        EPS,
    ),
    "eps_before_correction": Misconception(
        "It adds eps to the root of the uncorrected v.",
        "First correct v and take its root, then add eps.",
        EPS,
    ),
    "eps_forgotten": Misconception(
        "It leaves out eps.",
        "Without it a gradient of 0 divides by 0. The divisor is √v̂ + ε.",
        EPS,
    ),
    "eps_outside_quotient": Misconception(
        "It adds eps to the quotient and not to the divisor.",
        "Mind the brackets: m̂ / (√v̂ + ε).",
        EPS,
    ),
    "amsgrad_ignored": Misconception(
        "With amsgrad=True it keeps no maximum.",
        "Return the largest v so far as v_max, and divide by that one's root.",
        AMSGRAD,
    ),
    "amsgrad_not_used": Misconception(
        "With amsgrad=True it keeps the maximum but divides by v all the same.",
        "Put v_max in the place of v when you correct and divide.",
        AMSGRAD,
    ),
    "amsgrad_of_last_two": Misconception(
        "Its maximum looks back one step only.",
        "Compare the new v with state.v_max, which remembers all steps, and not with state.v.",
        AMSGRAD,
    ),
    "amsgrad_replaces_v": Misconception(
        "It writes the maximum into v itself.",
        "By itself v goes on as an ordinary average; the maximum is kept beside it, in v_max.",
        AMSGRAD,
    ),
    "amsgrad_after_correction": Misconception(
        "It takes the maximum of the corrected v.",
        "Here, as in torch, the maximum is taken of v as it is, and corrected afterwards.",
        AMSGRAD,
    ),
    "amsgrad_uncorrected": Misconception(
        "With amsgrad=True it does not correct the maximum.",
        "The paper has no correction, but torch divides v_max by 1 − β₂**t as it does v.",
        AMSGRAD,
    ),
}
