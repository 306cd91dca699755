"""One file per function (or family of functions) that a learner writes: its criteria and the mistakes known for it."""

from course_lib.checks.functions.gd import GD_STEP
from course_lib.checks.functions.sgd import SGD_STEP
from course_lib.checks.functions.stability_limit import STABILITY_LIMIT

SPECS = {spec.function: spec for spec in (GD_STEP, STABILITY_LIMIT, SGD_STEP)}
