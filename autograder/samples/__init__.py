"""The casts of the sample classes: who hands in what, and what they must score for it. One module per assignment."""

from autograder.samples import (
    ps1_gradient_descent,
    ps2_stochastic_descent,
    ps3_averages_and_momentum,
    ps4_adaptive_rates,
    ps5_adam,
    ps6_rest_of_the_ten,
    ps7_lbfgs,
    ps8_capstone,
)
from autograder.samples.cast import Learner as Learner
from autograder.samples.cast import Version as Version

_MODULES = (
    *(ps1_gradient_descent, ps2_stochastic_descent, ps3_averages_and_momentum, ps4_adaptive_rates, ps5_adam),
    *(ps6_rest_of_the_ten, ps7_lbfgs, ps8_capstone),
)

CASTS: dict[str, tuple[tuple[Learner, ...], tuple[Version, ...]]] = {
    module.__name__.rpartition(".")[2]: (module.CAST, module.VERSIONS) for module in _MODULES
}
"""By assignment: the learners who come first, in order, and the versions that further ones are put together from."""
