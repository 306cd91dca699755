"""A step function as a real ``torch.optim.Optimizer``: your own Adam trains a network.

>>> import torch
>>> from course_lib.optimizers import adam_init, adam_step
>>> MyAdam = as_torch_optimizer(adam_init, adam_step)
>>> model = torch.nn.Linear(3, 1)
>>> optimizer = MyAdam(model.parameters(), lr=0.1)
>>> model(torch.ones(2, 3)).sum().backward()
>>> optimizer.step()
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np
import torch

from course_lib.descent import state_pair, takes_closure
from course_lib.objectives import Objective
from course_lib.optimizers.one_vector import pack, unpack
from course_lib.optimizers.param_groups import step_each
from course_lib.optimizers.sparse_grad import SparseGrad
from course_lib.optimizers.surroundings import in_pairs, surround

# What torch adds to every rule; a step that has an argument of this name sees to it itself.
AROUND = {"weight_decay": 0.0, "maximize": False}


def as_torch_optimizer(init: Callable[[Any], Any], step: Callable[..., tuple[Any, Any]]) -> type[torch.optim.Optimizer]:
    """A class like those of ``torch.optim``, whose rule is ``step``.

    Parameters
    ----------
    init, step : callables
        A pair in the step contract: ``adam_init, adam_step``, a learner's own, or those of ``from_torch``. They are
        given torch tensors on the parameters' device. A step whose second argument is called ``closure``
        (``lbfgs_step``) gets all parameters as one vector, and ``closure(w) -> (loss, grad)``.

    Returns
    -------
    type
        ``Class(params, **settings)``. ``params`` are tensors or groups. The settings are the step's keyword arguments,
        and ``weight_decay`` (L2) and ``maximize`` where it has none of its own; a group may have its own of each.
        Schedulers, ``state_dict`` and ``load_state_dict`` work as with torch's classes.

    Raises
    ------
    TypeError
        By the class, for a setting that the step does not take, or one without a default that is not given.
    ValueError
        By the class, for several groups where the step takes a closure.

    Notes
    -----
    A parameter without a gradient stays as it is, and so does its state; where the step takes a closure, the gradient
    counts as zero. Complex parameters are stepped as pairs of reals; sparse gradients come as ``SparseGrad``.
    """
    by_closure = takes_closure(step)
    own = _settings(step)
    around = {} if by_closure else {name: value for name, value in AROUND.items() if name not in own}

    def paired(*args: Any, **settings: Any) -> tuple[Any, Any]:
        return state_pair(step(*args, **settings), step)

    members = {
        "rule_init": staticmethod(init),
        "rule_step": staticmethod(paired if by_closure else surround(paired, around, dense=False)),
        "known": own | around,
    }
    return type(getattr(step, "__name__", "step"), (_OverOneVector if by_closure else _OverEachParameter,), members)


def _settings(step: Callable[..., Any]) -> dict[str, Any]:
    """The arguments after ``(w, g, state)`` with their defaults."""
    later = list(inspect.signature(step).parameters.values())[3:]
    return {p.name: p.default for p in later if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)}


class _StepOptimizer(torch.optim.Optimizer):
    """What both kinds share: settings, and states kept in the form that ``state_dict`` can carry."""

    rule_init: ClassVar[Any]
    rule_step: ClassVar[Any]
    known: ClassVar[Mapping[str, Any]]

    def __init__(self, params: Any, **settings: Any) -> None:
        if unknown := settings.keys() - self.known.keys():
            raise TypeError(
                f"{type(self).__name__} takes no {', '.join(sorted(unknown))}; it takes: {', '.join(self.known)}"
            )
        defaults = {**self.known, **settings}
        if missing := [name for name, value in defaults.items() if value is inspect.Parameter.empty]:
            raise TypeError(f"{type(self).__name__} has no default for {', '.join(missing)}; give one")
        super().__init__(params, defaults)

    def settings_of(self, group: Mapping[str, Any]) -> dict[str, Any]:
        """A group's settings, without what schedulers keep there for themselves."""
        return {name: group[name] for name in self.known}

    def remembered(self, key: torch.Tensor, w: torch.Tensor) -> Any:
        """The state kept under the parameter ``key``, or a first one for ``w``."""
        if key not in self.state:
            return self.rule_init(w)
        if not hasattr(self, "_state_type"):  # a loaded state comes without its type, so a fresh one is asked for it
            self._state_type = type(self.rule_init(w))
        fields = self.state[key]
        return self._state_type(**fields) if hasattr(self._state_type, "_fields") else fields["state"]

    def remember(self, key: torch.Tensor, state: Any) -> None:
        """Keep ``state``: a NamedTuple by its fields, anything else as it is."""
        self.state[key] = state._asdict() if hasattr(state, "_asdict") else {"state": state}


class _OverEachParameter(_StepOptimizer):
    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Step every parameter that has a gradient; returns the closure's loss, if there is one."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            params = [p for p in group["params"] if p.grad is not None]
            w, g = [p.detach() for p in params], [_gradient(p) for p in params]
            states = [self.remembered(p, in_pairs(p.detach())) for p in params]
            moved, states = step_each(self.rule_step, w, g, states, **self.settings_of(group))
            for p, new, state in zip(params, moved, states, strict=True):
                self.remember(p, state)
                p.copy_(new)
        return loss


class _OverOneVector(_StepOptimizer):
    def __init__(self, params: Any, **settings: Any) -> None:
        super().__init__(params, **settings)
        if len(self.param_groups) != 1:
            raise ValueError(f"{type(self).__name__} looks at all parameters together and takes no groups")

    @torch.no_grad()
    def step(self, closure: Callable[[], Any]) -> Any:  # type: ignore[override]
        """Step all parameters together; returns the first loss that ``closure`` computed."""
        [group] = self.param_groups
        params, losses = group["params"], []

        def evaluate(vector: torch.Tensor) -> tuple[Any, torch.Tensor]:
            self._place(vector)
            with torch.enable_grad():
                losses.append(closure())
            return losses[-1].detach() if isinstance(losses[-1], torch.Tensor) else losses[-1], pack(
                [_dense_gradient(p) for p in params]
            )

        w = pack([p.detach() for p in params])
        state = self.remembered(params[0], w)
        moved, state = self.rule_step(w, evaluate, state, **self.settings_of(group))
        self._place(moved)
        self.remember(params[0], state)
        return losses[0]

    def _place(self, vector: torch.Tensor) -> None:
        params = self.param_groups[0]["params"]
        for p, new in zip(params, unpack(vector, params), strict=True):
            p.copy_(new)


def _gradient(p: torch.Tensor) -> Any:
    g = p.grad
    if g is None or g.layout is not torch.sparse_coo:
        return g
    g = g.coalesce()
    return SparseGrad(g.indices(), g.values(), tuple(g.shape))


def _dense_gradient(p: torch.Tensor) -> torch.Tensor:
    if p.grad is None:
        return torch.zeros_like(p)
    return p.grad.to_dense() if p.grad.layout is torch.sparse_coo else p.grad


def torch_path(
    objective: Objective,
    optimizer: Callable[..., torch.optim.Optimizer],
    *,
    steps: int = 100,
    w: Any = None,
    **settings: Any,
) -> np.ndarray:
    """The points that an optimizer of torch visits, to be put beside ``minimize(objective, …).w``.

    Parameters
    ----------
    objective : Objective
        Torch finds the gradient of its ``f`` by backpropagation; its ``grad`` is not used.
    optimizer : callable
        A class of ``torch.optim``, or one that ``as_torch_optimizer`` made.
    steps : int
    w : array of floats, optional
        Where to start; ``objective.start`` unless given.
    **settings
        Passed to ``optimizer``.

    Returns
    -------
    array of shape (steps + 1, *w.shape), float64
        The start first. Torch's own counters are float64 too, as they are not by default.
    """
    with _double_precision():
        point = torch.tensor(np.asarray(objective.start if w is None else w, dtype=float), requires_grad=True)
        rule, path = optimizer([point], **settings), [point.detach().numpy().copy()]

        def closure() -> torch.Tensor:
            rule.zero_grad()
            loss: torch.Tensor = objective.f(point)
            loss.backward()  # type: ignore[no-untyped-call]
            return loss

        for _ in range(steps):
            rule.step(closure)  # type: ignore[arg-type]  # its loss may be a tensor
            path.append(point.detach().numpy().copy())
    return np.stack(path)


@contextmanager
def _double_precision() -> Iterator[None]:
    """Torch keeps step counts and the like in its default dtype, float32 unless told."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def report_difference(label: str, ours: Any, theirs: Any) -> None:
    """Print the largest difference anywhere between two paths of one shape, ahead of what they are paths of.

    Raises
    ------
    ValueError
        If their shapes differ.
    """
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    if ours.shape != theirs.shape:
        raise ValueError(f"{label}: paths of shapes {ours.shape} and {theirs.shape} cannot be compared")
    print(f"{np.abs(ours - theirs).max():.1e} from torch: {label}")
