"""The casts of the sample classes: who hands in what, and what they must score for it. One module per assignment."""

from autograder.samples.cast import Learner as Learner
from autograder.samples.cast import Version as Version
from autograder.samples.ps1_gradient_descent import CAST as _PS1
from autograder.samples.ps1_gradient_descent import VERSIONS as _PS1_VERSIONS

CASTS: dict[str, tuple[tuple[Learner, ...], tuple[Version, ...]]] = {"ps1_gradient_descent": (_PS1, _PS1_VERSIONS)}
"""By assignment: the learners who come first, in order, and the versions that further ones are put together from."""
