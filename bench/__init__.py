"""How fast the reference is, beside what it explains. ``python -m bench`` measures; ratios alone are worth quoting.

Everything runs on one thread, so that the figures compare programs and not machines. NumPy reads how many it may use
when it is first imported, which is why that is settled here.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
