"""What the explorer of Adam's two decays says of its weights."""

import numpy as np
import pytest

from course_lib.explorers import decay, decay_explorer


def test_a_penalty_is_divided_by_the_noise_and_adamw_is_not() -> None:
    by_rule = {name: decay.weights(name, 0.5) for name in decay.RULES}
    wanted = decay.alone(0.5)
    said = {name: [decay.verdict(path, wanted) for path in paths] for name, paths in by_rule.items()}
    assert set(said["AdamW"]) == {"follows"}
    assert said["L2"][0] == "shrinks too much"
    assert said["L2"][decay.NOISES.index(1.0)] == "follows"
    assert said["L2"][-1] == "shrinks too little"


def test_penalty_and_noise_that_grow_alike_leave_the_path_alone() -> None:
    small = decay.weights("L2", 0.1)[decay.NOISES.index(1.0)]
    large = decay.weights("L2", 1.0)[decay.NOISES.index(10.0)]
    np.testing.assert_allclose(large, small, rtol=1e-6)


def test_settings_off_the_sliders_are_refused() -> None:
    with pytest.raises(ValueError, match=r"noise=0.42: the slider has 0.03, 0.1"):
        decay_explorer(noise=0.42)
    with pytest.raises(ValueError, match=r"decay=0.3: the slider has 0.0, 0.1"):
        decay_explorer(decay=0.3)
