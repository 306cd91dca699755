"""One rule at a time over saddles, valleys and plateaus."""

import numpy as np

from course_lib.explorers import terrain
from tests.browser.explorers.base import Case, Lines, State, until


def expected(state: State) -> Lines:
    place = list(terrain.TERRAINS.values())[state["surface"]]
    path = terrain.run(place, state["start"], state["lr"], state["rule"])
    w, loss = path.w[list(place.steps)], np.log10(np.maximum(path.loss[list(place.steps)], terrain.LEAST))
    steps = np.log10(1 + np.array(place.steps)) if place.log_steps else np.array(place.steps)
    return {
        "walk": until((~(np.abs(w) <= terrain.MOST)).any(axis=1), w),
        "loss": until(~(loss <= 2 * terrain.MOST), np.stack([steps, loss], axis=1)),
    }


def says(state: State) -> str:
    step = list(terrain.TERRAINS.values())[state["surface"]].steps[state["step"]]
    return f"At step {step} it is"


CASE = Case("chapters/saddles_and_valleys.html", ("Start", "Learning rate", "Step"), expected, says)
