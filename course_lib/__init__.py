"""The reference library of *Optimizers, Step by Step*.

Each optimizer is a pure function that reads like the algorithm box of its paper; the book shows its source, the
figures are drawn from its trajectories, and a learner's work is checked against it.

    >>> import numpy as np
    >>> from course_lib.optimizers import gd_init, gd_step
    >>> w = np.array([2.0])
    >>> w, state = gd_step(w, 8 * w, gd_init(w), lr=0.1)
    >>> print(w.round(3), state.t)
    [0.4] 1

Importing this package loads NumPy at most: never torch, Matplotlib or Jupyter. Take what you need from its modules:
``optimizers`` (the steps), ``objectives``, ``mgh`` and ``regression`` (what they run on), ``descent`` (what runs them),
``line_search``, ``averages`` and ``schedules`` (their parts), ``data``, ``checks`` (what "right" means), ``plotting``
and ``explorers`` (figures). ``torch_bridge`` alone imports torch.
"""

__version__ = "0.1.0"
