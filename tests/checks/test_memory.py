"""An answer given from memory is wrong somewhere in every criterion, whatever it was remembered by."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from learners import FUNCTIONS, graded, verdict_on

from course_lib.checks import draw_cases, spec_for
from course_lib.checks.cases import one_part_changed
from course_lib.checks.observe import Tree
from course_lib.checks.specs import Spec

every_criterion = pytest.mark.parametrize(
    ("name", "criterion"), [(name, criterion) for name in FUNCTIONS for criterion in graded(name)]
)
PARTS = {"w", "gradients", "settings", "calls"}


def remembering(spec: Spec, by: set[str]) -> Callable[..., Any]:
    """The reference, asked once: from then on its answers are remembered by these parts of the inputs, by the shapes
    of all of them and by the number of the step."""
    known: dict[Any, Any] = {}

    def answer(*arguments: Any, **settings: Any) -> Any:
        inputs = arguments[:2] if spec.init else arguments
        parts = ("w", "gradients") if spec.init else ("calls",) * len(inputs)
        seen = [repr(x) for part, x in zip(parts, inputs, strict=True) if part in by]
        shapes = [getattr(x, "shape", ()) for x in inputs]
        step = getattr(arguments[2], "t", 0) if spec.init else 0
        key = (step, *shapes, *seen, repr(settings) if "settings" in by else "")
        if key not in known:
            known[key] = spec.reference(*arguments, **settings)
        return known[key]

    return answer


def varied(name: str, criterion: str) -> tuple[Tree, list[tuple[str, Tree]]]:
    """The run that is made again with other inputs, and those other runs, each with the part that is another."""
    runs = [run for case in draw_cases(name, criterion, seed=0) for run in case["runs"]]
    first = next(run for run in runs if len(differing(run, runs[-1])) == 1)
    others = [(differing(first, run), run) for run in runs]
    return first, [(parts[0], run) for parts, run in others if len(parts) == 1]


def differing(one: Tree, other: Tree) -> list[str]:
    return [part for part in one if one[part] is not other.get(part)]


def right(spec: Spec, criterion: str, run: Tree) -> list[Any]:
    """What counts in this criterion, step by step."""
    counts = [name for name in spec.criteria[criterion].quantities if name not in spec.free(run["settings"])]
    return [step[name] for step in spec.follow(run) for name in counts]


@every_criterion
def test_shapes_tell_nothing(name: str, criterion: str) -> None:
    assert not verdict_on(name, remembering(spec_for(name), set()), criterion).passed


@every_criterion
def test_nothing_that_matters_can_be_left_out(name: str, criterion: str) -> None:
    spec = spec_for(name)
    first, others = varied(name, criterion)
    truth = right(spec, criterion, first)
    matter = [p for p, run in others if not all(map(np.array_equal, truth, right(spec, criterion, run)))]
    assert matter
    for part in matter:  # a schedule comes in by the settings, and a start by the state, which is left out here
        by = PARTS - {"settings" if part == "schedule" else part}
        assert not verdict_on(name, remembering(spec, by), criterion).passed, part


def test_parts_are_exchanged_one_at_a_time() -> None:
    run = {"w": np.ones(2), "settings": {"lr": 1}, "schedule": {}}
    changed = one_part_changed(run, {"w": np.zeros(2), "settings": {"lr": 2}, "schedule": {}})
    assert [differing(run, other) for other in changed] == [["w"], ["settings"]]
    assert changed[0]["w"].tolist() == [0, 0]
