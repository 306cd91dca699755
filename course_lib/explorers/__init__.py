"""Figures that answer to a slider: drawn by one ES module each, on trajectories that the reference steps computed.

In a live Jupyter an explorer is an anywidget; in the built book it is plain HTML with its data, a static picture for
readers without scripts, and the same module as a classic script. README.md in this folder says how to add one.
"""

from course_lib.explorers.base import Explorer as Explorer
from course_lib.explorers.bias import bias_explorer as bias_explorer
from course_lib.explorers.condition import condition_explorer as condition_explorer
from course_lib.explorers.curvature import curvature_explorer as curvature_explorer
from course_lib.explorers.decay import decay_explorer as decay_explorer
from course_lib.explorers.effective_rates import effective_rates_explorer as effective_rates_explorer
from course_lib.explorers.momentum import momentum_explorer as momentum_explorer
from course_lib.explorers.nesterov import nesterov_explorer as nesterov_explorer
from course_lib.explorers.noise import noise_explorer as noise_explorer
from course_lib.explorers.parabola import parabola_explorer as parabola_explorer
from course_lib.explorers.race import race_explorer as race_explorer
from course_lib.explorers.schedules import schedules_explorer as schedules_explorer
from course_lib.explorers.terrain import terrain_explorer as terrain_explorer
from course_lib.explorers.window import window_explorer as window_explorer
