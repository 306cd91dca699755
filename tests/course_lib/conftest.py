"""Makes the helpers beside these tests importable, and gives every hypothesis test time for its hundred steps."""

import sys
from pathlib import Path

import torch
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

# The same draws in every run, so that a failure is a change of the code; the time of one draw is the machine's affair.
settings.register_profile("steps", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steps")

torch.set_num_threads(1)  # on arrays this small, threads only wait for each other
