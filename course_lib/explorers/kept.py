"""Explorers kept from one run of a notebook to the next, where a folder for them is named."""

import os
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from course_lib.explorers.base import Explorer

# Names a folder. Whoever sets it sets another one when course_lib changes, as the book's build does: what is in it is
# not compared with the code. Some explorers compute for seconds, and most edits to a chapter leave them as they are.
KEPT = "COURSE_KEPT_EXPLORERS"
Arguments = ParamSpec("Arguments")


def kept(explorer: Callable[Arguments, Explorer]) -> Callable[Arguments, Explorer]:
    """``explorer``, computed once for each of its arguments' values as long as its folder lasts."""

    @wraps(explorer)
    def computed_once(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Explorer:
        folder = os.environ.get(KEPT)
        if not folder:
            return explorer(*args, **kwargs)
        from joblib import Memory

        known: Explorer = Memory(folder, verbose=0).cache(explorer)(*args, **kwargs)
        return known

    return computed_once
