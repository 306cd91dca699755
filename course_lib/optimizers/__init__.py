"""The optimizers, one file each: its paper, its State, its init, its step.

A step is a pure function, ``step(w, g, state, *, lr, ...) -> (w, state)``:

- ``w`` is one array of floats, of any shape; ``g`` the gradient of the loss at ``w``, of its shape and dtype; ``state``
  what the init returned or the step before.
- It returns the new weights (shape, dtype and device of the old) and a new state. Its inputs stay as they were.
- The same source runs on NumPy arrays and on torch tensors, on any device.
- ``lbfgs_step`` and ``bfgs_step`` look at more than one point: for ``g`` they take ``closure``, with
  ``closure(w) -> (loss, grad)``. ``sparse_adam_step`` takes a ``SparseGrad``.
- Argument names and defaults are those of ``torch.optim``. Nothing is validated in a step; ``from_torch`` refuses what
  torch refuses, and adds what torch adds to every optimizer alike: ``maximize``, ``weight_decay``, lists of parameters,
  groups, complex weights.
"""

from course_lib.optimizers.adadelta import AdadeltaState as AdadeltaState
from course_lib.optimizers.adadelta import adadelta_init as adadelta_init
from course_lib.optimizers.adadelta import adadelta_step as adadelta_step
from course_lib.optimizers.adafactor import AdafactorState as AdafactorState
from course_lib.optimizers.adafactor import adafactor_init as adafactor_init
from course_lib.optimizers.adafactor import adafactor_step as adafactor_step
from course_lib.optimizers.adagrad import AdagradState as AdagradState
from course_lib.optimizers.adagrad import adagrad_init as adagrad_init
from course_lib.optimizers.adagrad import adagrad_step as adagrad_step
from course_lib.optimizers.adam import AdamState as AdamState
from course_lib.optimizers.adam import adam_init as adam_init
from course_lib.optimizers.adam import adam_step as adam_step
from course_lib.optimizers.adamax import AdamaxState as AdamaxState
from course_lib.optimizers.adamax import adamax_init as adamax_init
from course_lib.optimizers.adamax import adamax_step as adamax_step
from course_lib.optimizers.adamw import adamw_init as adamw_init
from course_lib.optimizers.adamw import adamw_step as adamw_step
from course_lib.optimizers.asgd import ASGDState as ASGDState
from course_lib.optimizers.asgd import asgd_init as asgd_init
from course_lib.optimizers.asgd import asgd_step as asgd_step
from course_lib.optimizers.bfgs import BFGSState as BFGSState
from course_lib.optimizers.bfgs import bfgs_init as bfgs_init
from course_lib.optimizers.bfgs import bfgs_step as bfgs_step
from course_lib.optimizers.ewa_momentum import EWAMomentumState as EWAMomentumState
from course_lib.optimizers.ewa_momentum import ewa_momentum_init as ewa_momentum_init
from course_lib.optimizers.ewa_momentum import ewa_momentum_step as ewa_momentum_step
from course_lib.optimizers.gd import GDState as GDState
from course_lib.optimizers.gd import gd_init as gd_init
from course_lib.optimizers.gd import gd_step as gd_step
from course_lib.optimizers.lbfgs import LBFGSState as LBFGSState
from course_lib.optimizers.lbfgs import lbfgs_init as lbfgs_init
from course_lib.optimizers.lbfgs import lbfgs_step as lbfgs_step
from course_lib.optimizers.muon import MuonState as MuonState
from course_lib.optimizers.muon import muon_init as muon_init
from course_lib.optimizers.muon import muon_step as muon_step
from course_lib.optimizers.nadam import NAdamState as NAdamState
from course_lib.optimizers.nadam import nadam_init as nadam_init
from course_lib.optimizers.nadam import nadam_step as nadam_step
from course_lib.optimizers.newton import NewtonState as NewtonState
from course_lib.optimizers.newton import newton_init as newton_init
from course_lib.optimizers.newton import newton_step as newton_step
from course_lib.optimizers.radam import RAdamState as RAdamState
from course_lib.optimizers.radam import radam_init as radam_init
from course_lib.optimizers.radam import radam_step as radam_step
from course_lib.optimizers.rmsprop import RMSpropState as RMSpropState
from course_lib.optimizers.rmsprop import rmsprop_init as rmsprop_init
from course_lib.optimizers.rmsprop import rmsprop_step as rmsprop_step
from course_lib.optimizers.rprop import RpropState as RpropState
from course_lib.optimizers.rprop import rprop_init as rprop_init
from course_lib.optimizers.rprop import rprop_step as rprop_step
from course_lib.optimizers.sgd import SGDState as SGDState
from course_lib.optimizers.sgd import sgd_init as sgd_init
from course_lib.optimizers.sgd import sgd_step as sgd_step
from course_lib.optimizers.sparse_adam import SparseAdamState as SparseAdamState
from course_lib.optimizers.sparse_adam import sparse_adam_init as sparse_adam_init
from course_lib.optimizers.sparse_adam import sparse_adam_step as sparse_adam_step
from course_lib.optimizers.sparse_grad import SparseGrad as SparseGrad
from course_lib.optimizers.torch_names import Optimizer as Optimizer
from course_lib.optimizers.torch_names import from_torch as from_torch
