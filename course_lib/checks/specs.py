"""What a specification of one function to write consists of, and how its reference is run on a case."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_lib.checks.observe import Closure, Tree, gradient_at, settings_at

# What a function computed at one step: {"w": array, "t": 1, "b": array}, or {"value": array} for a plain function.
Quantities = Mapping[str, Any]
Draw = Callable[[np.random.Generator], list[Tree]]


@dataclass(frozen=True)
class Misconception:
    """A known mistake, in the learner's terms.

    ``headline`` says what the function does, ``hint`` what to look at, ``section`` where the book explains it (the
    function's own section unless given).
    """

    headline: str
    hint: str
    section: str = ""


@dataclass(frozen=True)
class Criterion:
    """One idea that a function must have right: one graded cell.

    Attributes
    ----------
    title : str
        The idea as a short statement, true of a right answer.
    draw : callable
        Makes the cases from a random generator.
    quantities : tuple of str
        What is compared with the reference.
    judges_values_when : callable
        Given a run's settings, whether values are compared in it (form and purity always are, where judged).
    form : bool
        Whether shapes, dtypes and array types are judged too.
    purity : bool
        Whether changing an input costs this criterion.
    backend : str
        The array library that the cases use; ``"torch"`` criteria are not graded.
    """

    title: str
    draw: Draw
    quantities: tuple[str, ...]
    judges_values_when: Callable[[Tree], bool] = lambda settings: True
    form: bool = False
    purity: bool = False
    backend: str = "numpy"


@dataclass(frozen=True)
class Spec:
    """All that is known about one function a learner writes.

    Attributes
    ----------
    function : str
        Its name, ``"sgd_step"``.
    reference : callable
        The right answer.
    wrong : callable
        ``wrong(ids)`` is the function with the misconceptions ``ids`` switched on; with none it equals the reference.
    criteria : mapping of str to Criterion
        In teaching order.
    misconceptions : mapping of str to Misconception
    section : str
        The book's page and anchor, relative to its root.
    init, initial, fields
        For a step: the name of its init, the reference's init, and the names of the state's fields.
    free : callable
        Given a run's settings, the quantities that nothing depends on there, which may hold anything.
    torch : str
        The class of ``torch.optim`` it is equal to, if any.
    shown : mapping
        For a step: the settings of the small picture, a few steps on 4x².
    gradient : callable
        For a step whose gradients are no plain arrays: the class of which the notebook gives one of the same name. Or
        ``Closure``, for a step that takes a closure; how often it calls it is then a quantity, ``calls``.
    """

    function: str
    reference: Callable[..., Any]
    wrong: Callable[[frozenset[str]], Callable[..., Any]]
    criteria: Mapping[str, Criterion]
    misconceptions: Mapping[str, Misconception]
    section: str
    init: str | None = None
    initial: Callable[[Any], Any] | None = None
    fields: tuple[str, ...] = ()
    free: Callable[[Tree], frozenset[str]] = field(default=lambda settings: frozenset())
    torch: str | None = None
    shown: Mapping[str, Any] = field(default_factory=dict)
    gradient: type | None = None

    @property
    def quantities(self) -> tuple[str, ...]:
        """All that a call gives: the weights and the state's fields, or the ``value`` of a plain function."""
        if not self.fields:
            return ("value",)
        return ("w", *self.fields, "calls") if self.gradient is Closure else ("w", *self.fields)

    def case(self, *runs: Tree, repeat: bool = False, backend: str = "numpy") -> Tree:
        """A case of this function; see ``observe`` for its form."""
        common: Tree = {"function": self.function, "backend": backend, "repeat": repeat, "runs": list(runs)}
        if self.init is None:
            return common | {"kind": "call"}
        if self.gradient is not None:
            common["gradient"] = self.gradient.__name__
        return common | {"kind": "step", "init": self.init, "fields": list(self.fields)}

    def follow(self, run: Tree, ids: frozenset[str] = frozenset()) -> Iterator[Quantities]:
        """What the reference, or the function with mistakes ``ids``, computes along a run: one mapping a step."""
        function = self.wrong(ids) if ids else self.reference
        if self.initial is None:
            for arguments in run["calls"]:
                yield {"value": function(*arguments, **run["settings"])}
            return
        w, state = run["w"], self.initial(run["w"], **run.get("start", {}))
        for t in range(len(run["gradients"])):
            g, _ = gradient_at(run, t, np.asarray, self.gradient, w)
            w, state = function(w, g, state, **settings_at(run, t))
            yield {"w": w, **state._asdict()} | ({"calls": g.calls} if isinstance(g, Closure) else {})
