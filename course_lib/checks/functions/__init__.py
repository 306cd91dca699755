"""One file per function (or family of functions) that a learner writes: its criteria and the mistakes known for it."""

from course_lib.checks.functions.adadelta import ADADELTA_STEP
from course_lib.checks.functions.adagrad import ADAGRAD_STEP
from course_lib.checks.functions.adam import ADAM_STEP
from course_lib.checks.functions.adamax import ADAMAX_STEP
from course_lib.checks.functions.adamw import ADAMW_STEP
from course_lib.checks.functions.asgd import ASGD_STEP
from course_lib.checks.functions.band import BAND
from course_lib.checks.functions.best_setting import BEST_SETTING
from course_lib.checks.functions.bias_corrected import BIAS_CORRECTED
from course_lib.checks.functions.cross_entropy import CROSS_ENTROPY
from course_lib.checks.functions.cross_entropy_gradient import CROSS_ENTROPY_GRADIENT
from course_lib.checks.functions.decayed_lr import DECAYED_LR
from course_lib.checks.functions.ewa_momentum import EWA_MOMENTUM_STEP
from course_lib.checks.functions.expansion_weights import EXPANSION_WEIGHTS
from course_lib.checks.functions.exponential_average import EXPONENTIAL_AVERAGE
from course_lib.checks.functions.gd import GD_STEP
from course_lib.checks.functions.lbfgs import LBFGS_STEP
from course_lib.checks.functions.line_gradient import LINE_GRADIENT
from course_lib.checks.functions.momentum_weights import MOMENTUM_WEIGHTS
from course_lib.checks.functions.network_gradient import NETWORK_GRADIENT
from course_lib.checks.functions.remember import REMEMBER
from course_lib.checks.functions.rmsprop import RMSPROP_STEP
from course_lib.checks.functions.row_sums import ROW_SUMS
from course_lib.checks.functions.rprop import RPROP_STEP
from course_lib.checks.functions.sgd import SGD_STEP
from course_lib.checks.functions.sgd_epoch import SGD_EPOCH
from course_lib.checks.functions.sgd_lr import SGD_LR
from course_lib.checks.functions.sparse_adam import SPARSE_ADAM_STEP
from course_lib.checks.functions.stability_limit import STABILITY_LIMIT
from course_lib.checks.functions.startup_factor import STARTUP_FACTOR
from course_lib.checks.functions.steps_per_epoch import STEPS_PER_EPOCH
from course_lib.checks.functions.tail_average import TAIL_AVERAGE
from course_lib.checks.functions.two_loop_recursion import TWO_LOOP_RECURSION
from course_lib.checks.functions.wolfe import STRONG_CURVATURE, SUFFICIENT_DECREASE

SPECS = {
    spec.function: spec
    for spec in (
        *(GD_STEP, STABILITY_LIMIT, SGD_STEP),
        *(LINE_GRADIENT, STEPS_PER_EPOCH, DECAYED_LR, SGD_EPOCH),
        *(EXPONENTIAL_AVERAGE, EXPANSION_WEIGHTS, BIAS_CORRECTED, EWA_MOMENTUM_STEP, MOMENTUM_WEIGHTS, SGD_LR),
        *(ADAGRAD_STEP, RMSPROP_STEP, ADADELTA_STEP),
        *(STARTUP_FACTOR, ADAM_STEP, ADAMW_STEP, ADAMAX_STEP),
        *(CROSS_ENTROPY, CROSS_ENTROPY_GRADIENT, NETWORK_GRADIENT, BEST_SETTING, BAND),
        *(ROW_SUMS, SPARSE_ADAM_STEP, TAIL_AVERAGE, ASGD_STEP, RPROP_STEP),
        *(TWO_LOOP_RECURSION, REMEMBER, LBFGS_STEP, SUFFICIENT_DECREASE, STRONG_CURVATURE),
    )
}
