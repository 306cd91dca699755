"""The table behind ``from_torch``: for each class of ``torch.optim`` its step, what torch adds, and what it refuses."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from course_lib.optimizers.adadelta import adadelta_init, adadelta_step
from course_lib.optimizers.adafactor import adafactor_init, adafactor_step
from course_lib.optimizers.adagrad import adagrad_init, adagrad_step
from course_lib.optimizers.adam import adam_init, adam_step
from course_lib.optimizers.adamax import adamax_init, adamax_step
from course_lib.optimizers.adamw import adamw_init, adamw_step
from course_lib.optimizers.arguments import Kind, adafactor_eps, number, positive
from course_lib.optimizers.asgd import asgd_init, asgd_step
from course_lib.optimizers.lbfgs import lbfgs_init, lbfgs_step
from course_lib.optimizers.muon import muon_init, muon_step
from course_lib.optimizers.nadam import nadam_init, nadam_step
from course_lib.optimizers.radam import radam_init, radam_step
from course_lib.optimizers.rmsprop import rmsprop_init, rmsprop_step
from course_lib.optimizers.rprop import rprop_init, rprop_step
from course_lib.optimizers.sgd import sgd_init, sgd_step
from course_lib.optimizers.sparse_adam import sparse_adam_init, sparse_adam_step


@dataclass(frozen=True)
class Rule:
    """One torch class: the step behind it, what torch composes around it, and what it refuses."""

    init: Callable[..., Any]
    step: Callable[..., Any]
    around: Mapping[str, Any]  # name -> default
    kinds: Mapping[str, Kind] = field(default_factory=dict)  # where they differ from KINDS
    refuses: Callable[[Mapping[str, Any]], str | None] = lambda settings: None
    refuses_shape: Callable[[tuple[int, ...]], str | None] = lambda shape: None
    takes_complex: bool = True
    takes_gradient: str = "dense"

    @property
    def defaults(self) -> dict[str, Any]:
        """The keyword arguments of the step and of its init, read from their signatures, and those around them."""
        return keywords(self.step) | keywords(self.init) | dict(self.around)


def keywords(function: Callable[..., Any]) -> dict[str, Any]:
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}


def _nesterov_alone(settings: Mapping[str, Any]) -> str | None:
    if settings["nesterov"] and (settings["momentum"] <= 0 or settings["dampening"] != 0):
        return "nesterov=True needs momentum > 0 and dampening = 0"
    return None


def _no_matrix(shape: tuple[int, ...]) -> str | None:
    if len(shape) == 2 and 0 not in shape:
        return None
    return "takes matrices only, and no empty ones; give other weights to another optimizer, such as AdamW"


def _empty(shape: tuple[int, ...]) -> str | None:
    return "takes no empty array" if 0 in shape else None


_MAXIMIZE = {"maximize": False}
_L2 = {"weight_decay": 0.0, **_MAXIMIZE}
_L2_OR_DECOUPLED = {**_L2, "decoupled_weight_decay": False}

RULES = {
    "Adadelta": Rule(adadelta_init, adadelta_step, _L2),
    "Adafactor": Rule(
        adafactor_init,
        adafactor_step,
        _MAXIMIZE,
        kinds={"eps": adafactor_eps},
        refuses_shape=_empty,
        takes_complex=False,
    ),
    "Adagrad": Rule(adagrad_init, adagrad_step, _L2, takes_gradient="either"),
    "Adam": Rule(adam_init, adam_step, _L2_OR_DECOUPLED),
    "Adamax": Rule(adamax_init, adamax_step, _L2),
    "AdamW": Rule(adamw_init, adamw_step, _MAXIMIZE),
    "ASGD": Rule(asgd_init, asgd_step, _L2, kinds={"alpha": number}),
    "LBFGS": Rule(lbfgs_init, lbfgs_step, {}, refuses_shape=_empty, takes_gradient="closure"),
    "Muon": Rule(muon_init, muon_step, {}, refuses_shape=_no_matrix, takes_complex=False),
    "NAdam": Rule(nadam_init, nadam_step, _L2_OR_DECOUPLED),
    "RAdam": Rule(radam_init, radam_step, _L2_OR_DECOUPLED),
    "RMSprop": Rule(rmsprop_init, rmsprop_step, _L2),
    "Rprop": Rule(rprop_init, rprop_step, _MAXIMIZE),
    "SGD": Rule(sgd_init, sgd_step, _L2, refuses=_nesterov_alone, takes_gradient="either"),
    "SparseAdam": Rule(
        sparse_adam_init,
        sparse_adam_step,
        _MAXIMIZE,
        kinds={"lr": positive, "eps": positive},
        takes_complex=False,
        takes_gradient="sparse",
    ),
}
