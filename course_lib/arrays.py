"""The one border between the course's code and array libraries (NumPy, torch), by the array API standard."""

from typing import Any

import numpy as np
from array_api_compat import array_namespace as array_namespace
from array_api_compat import device as device
from array_api_compat import to_device

# An array of whichever library the caller uses. The standard has no common static type; its protocol is the contract.
Array = Any


def to_numpy(x: Array) -> np.ndarray:
    """``x`` as a NumPy array in the computer's own memory, for recording and drawing; NumPy arrays pass through."""
    return np.asarray(x if isinstance(x, np.ndarray | np.generic) else to_device(x, "cpu"))
