"""What the explorer of Adam's bias correction says of its steps."""

import numpy as np
import pytest

from course_lib.checks.functions.startup_factor import startup_factor
from course_lib.explorers import bias, bias_explorer


def test_the_factor_between_its_lines_is_the_one_on_paper() -> None:
    for beta1 in bias.BETA1S:
        for beta2 in bias.BETA2S:
            run = bias.run(beta1, beta2)
            factors = [startup_factor(t, beta1, beta2) for t in range(1, bias.STEPS + 1)]
            np.testing.assert_allclose(run.uncorrected / run.corrected, factors, rtol=1e-10)


def test_the_last_wrong_step_is_the_last() -> None:
    last = bias.lasts(0.9, 0.999)
    assert bias.verdict(startup_factor(last, 0.9, 0.999)) == "too long"
    assert bias.verdict(startup_factor(last + 1, 0.9, 0.999)) == "about right"
    assert bias.lasts(0.0, 0.0) == 0


@pytest.mark.parametrize(("factor", "said"), [(2.0, "too long"), (0.5, "too short"), (1.0, "about right")])
def test_a_factor_has_a_name(factor: float, said: str) -> None:
    assert bias.verdict(factor) == said


def test_settings_off_the_sliders_are_refused() -> None:
    with pytest.raises(ValueError, match=r"beta=0.42: the slider has 0.0, 0.5"):
        bias_explorer((0.42, 0.999))
    with pytest.raises(ValueError, match="step=61: the slider runs from 1 to 60"):
        bias_explorer(step=61)
