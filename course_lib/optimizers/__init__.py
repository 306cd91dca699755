"""The optimizers, one file each: its paper, its State, its init, its step.

A step is a pure function, ``step(w, g, state, *, lr, ...) -> (w, state)``: new weights and a new state out, its inputs
left as they were. ``g`` is the gradient at ``w`` and has its shape. The same source runs on NumPy arrays and on torch
tensors, and keeps their dtype and device. Argument names and defaults are those of ``torch.optim``.

What torch adds to every optimizer alike (``maximize``, ``weight_decay``) composes around a step: see ``from_torch``.
"""

from course_lib.optimizers.gd import GDState as GDState
from course_lib.optimizers.gd import gd_init as gd_init
from course_lib.optimizers.gd import gd_step as gd_step
from course_lib.optimizers.sgd import SGDState as SGDState
from course_lib.optimizers.sgd import sgd_init as sgd_init
from course_lib.optimizers.sgd import sgd_step as sgd_step
from course_lib.optimizers.torch_names import Optimizer as Optimizer
from course_lib.optimizers.torch_names import from_torch as from_torch
