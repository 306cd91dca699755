"""Each schedule is torch's, where torch has it."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from course_lib import schedules
from course_lib.optimizers import sgd_init, sgd_step

STEPS = 40


def torch_rates(make, lr, steps=STEPS):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=lr)
    scheduler, rates = make(optimizer), []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def sequential(optimizer):
    rise = lr_scheduler.LinearLR(optimizer, start_factor=0.1, total_iters=7)
    return lr_scheduler.SequentialLR(
        optimizer, [rise, lr_scheduler.ExponentialLR(optimizer, gamma=0.9)], milestones=[7]
    )


PAIRS = {
    "constant": (schedules.constant(0.3), lambda o: lr_scheduler.ConstantLR(o, factor=1.0)),
    "step": (schedules.step_decay(0.3, step_size=7), lambda o: lr_scheduler.StepLR(o, step_size=7)),
    "step, gamma": (
        schedules.step_decay(0.3, step_size=3, gamma=0.7),
        lambda o: lr_scheduler.StepLR(o, step_size=3, gamma=0.7),
    ),
    "exponential": (schedules.exponential_decay(0.3, gamma=0.9), lambda o: lr_scheduler.ExponentialLR(o, gamma=0.9)),
    "inverse time": (
        schedules.inverse_time_decay(0.3, decay=0.2),
        lambda o: lr_scheduler.LambdaLR(o, lambda t: 1 / (1 + 0.2 * t)),
    ),
    "cosine": (schedules.cosine(0.3, T_max=STEPS), lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=STEPS)),
    "cosine, beyond its end": (
        schedules.cosine(0.3, T_max=15, eta_min=0.01),
        lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=15, eta_min=0.01),
    ),
    "warm-up, then exponential": (
        schedules.warm_up(schedules.exponential_decay(0.3, gamma=0.9), total_iters=7, start_factor=0.1),
        sequential,
    ),
    "one cycle": (
        schedules.one_cycle(0.3, total_steps=STEPS + 1),
        lambda o: lr_scheduler.OneCycleLR(o, max_lr=0.3, total_steps=STEPS + 1, cycle_momentum=False),
    ),
    "one cycle, its own way": (
        schedules.one_cycle(0.3, total_steps=STEPS + 1, pct_start=0.1, div_factor=10.0, final_div_factor=100.0),
        lambda o: lr_scheduler.OneCycleLR(
            o, 0.3, STEPS + 1, pct_start=0.1, div_factor=10.0, final_div_factor=100.0, cycle_momentum=False
        ),
    ),
}


@pytest.mark.filterwarnings("ignore:The epoch parameter in:UserWarning")  # SequentialLR's own call
@pytest.mark.parametrize("pair", PAIRS)
def test_schedules_are_torchs(pair):
    ours, theirs = PAIRS[pair]
    np.testing.assert_allclose([ours(t) for t in range(STEPS)], torch_rates(theirs, 0.3), rtol=1e-9, atol=1e-12)


@given(
    st.lists(st.floats(0.1, 10), min_size=1, max_size=60),
    st.sampled_from(
        [
            {},
            {"patience": 2},
            {"patience": 0, "factor": 0.5, "cooldown": 3, "min_lr": 0.01},
            {"patience": 1, "threshold": 0.2},
        ]
    ),
)
def test_plateau_is_torchs(losses, settings):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.3)
    theirs = lr_scheduler.ReduceLROnPlateau(optimizer, **settings)
    state = schedules.plateau_init(0.3)
    for loss in losses:
        theirs.step(loss)
        lr, state = schedules.plateau_step(loss, state, **settings)
        assert lr == state.lr == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12)


def test_past_the_end_of_a_cycle():
    with pytest.raises(ValueError, match="step 10 lies past the cycle's 10 steps"):
        schedules.one_cycle(0.1, total_steps=10)(10)


def test_a_schedule_goes_with_the_count_in_a_state():
    w = np.array([1.0])
    schedule, state = schedules.inverse_time_decay(1.0, decay=1.0), sgd_init(w)
    for _ in range(3):
        w, state = sgd_step(w, np.array([1.0]), state, lr=schedule(state.t))
    np.testing.assert_allclose(w, 1 - (1 + 1 / 2 + 1 / 3))
