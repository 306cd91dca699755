"""The loss of a network and its gradients, right in many ways."""

import math
from collections.abc import Callable
from functools import reduce
from itertools import pairwise, product
from typing import Any

import numpy as np

LOG_SOFTMAX: dict[str, Callable[..., Any]] = {
    "shifted": lambda z: (s := z - z.max(axis=1, keepdims=True)) - np.log(np.exp(s).sum(axis=1, keepdims=True)),
    "log-sum-exp": lambda z: z - (z.max(1) + np.log(np.exp(z - z.max(1)[:, None]).sum(1)))[:, None],
    "logaddexp": lambda z: z - np.logaddexp.reduce(z, axis=1, keepdims=True),
    "row by row": lambda z: np.array([row - max(row) - math.log(sum(np.exp(row - max(row)))) for row in z]),
    "by differences": lambda z: -np.logaddexp.reduce(z[:, None, :] - z[:, :, None], axis=2),
    "transposed": lambda z: ((s := z.T - z.T.max(axis=0)) - np.log(np.exp(s).sum(axis=0))).T,
    "folded": lambda z: z - reduce(np.logaddexp, z.T)[:, None],
}


def _one_hot(labels, classes):
    hot = np.zeros((len(labels), classes))
    hot[np.arange(len(labels)), labels] = 1
    return hot


PICK: dict[str, Callable[..., Any]] = {
    "by index": lambda logs, labels: -np.mean(logs[np.arange(len(labels)), labels]),
    "by one-hot": lambda logs, labels: -(np.eye(logs.shape[1])[labels] * logs).sum() / len(logs),
    "along the axis": lambda logs, labels: -np.take_along_axis(logs, labels[:, None], axis=1).mean(),
    "in a loop": lambda logs, labels: sum(-row[label] for row, label in zip(logs, labels, strict=True)) / len(logs),
    "by mask": lambda logs, labels: np.array(np.mean(-logs[_one_hot(labels, logs.shape[1]) == 1])),
}


def _loss(log_softmax: Any, pick: Any) -> Callable[..., Any]:
    return lambda logits, labels: pick(log_softmax(logits), labels)


LOSSES = [_loss(log_softmax, pick) for log_softmax, pick in product(LOG_SOFTMAX.values(), PICK.values())]


def _shifted_powers(z):
    powers = np.exp(z - np.max(z, axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


SOFTMAX: dict[str, Callable[..., Any]] = {
    "quotient": _shifted_powers,
    "inverse sum": lambda z: 1 / np.exp(np.clip(z[:, None, :] - z[:, :, None], None, 600)).sum(axis=2),
    "row by row": lambda z: np.array([(p := np.exp(row - row.max())) / p.sum() for row in z]),
    **{f"exp of {name}": lambda z, log=log: np.exp(log(z)) for name, log in list(LOG_SOFTMAX.items())[:4]},
}


def _in_place(p, labels):
    p = p.copy()
    p[np.arange(len(p)), labels] -= 1
    p /= len(p)
    return p


SUBTRACT: dict[str, Callable[..., Any]] = {
    "in place on a copy": _in_place,
    "one-hot": lambda p, labels: (p - _one_hot(labels, p.shape[1])) / len(labels),
    "identity": lambda p, labels: p / len(p) - np.eye(p.shape[1])[labels] / len(p),
    "where": lambda p, labels: np.where(np.arange(p.shape[1]) == labels[:, None], p - 1, p) / p.shape[0],
    "row by row": lambda p, labels: [
        [(v - (k == label)) / len(p) for k, v in enumerate(row)] for row, label in zip(p, labels, strict=True)
    ],
}


def _gradient(softmax: Any, subtract: Any) -> Callable[..., Any]:
    return lambda logits, labels: subtract(softmax(logits), labels)


GRADIENTS = [_gradient(softmax, subtract) for softmax, subtract in product(SOFTMAX.values(), SUBTRACT.values())]


def _cut(w, sizes):
    found, begin = [], 0
    for i, o in pairwise(sizes):
        found.append((w[begin : begin + i * o].reshape(i, o), w[begin + i * o : begin + i * o + o]))
        begin += i * o + o
    return found


OUTER: dict[str, Callable[..., Any]] = {
    "matrix product": lambda a, d: (a.T @ d, d.sum(axis=0)),
    "einsum": lambda a, d: (np.einsum("ni,no->io", a, d), np.einsum("no->o", d)),
    "outer products": lambda a, d: (sum(np.outer(x, y) for x, y in zip(a, d, strict=True)), sum(d)),
    "a column of ones": lambda a, d: ((both := np.column_stack([a, np.ones(len(a))]).T @ d)[:-1], both[-1]),
    "broadcast": lambda a, d: ((a[:, :, None] * d[:, None, :]).sum(0), np.ones(len(d)) @ d),
}
BACK: dict[str, Callable[..., Any]] = {
    "mask": lambda d, weights, z: d @ weights.T * (z > 0),
    "where": lambda d, weights, z: np.where(z > 0, d @ weights.T, 0),
    "sign": lambda d, weights, z: np.dot(weights, d.T).T * np.sign(np.maximum(z, 0)),
    "step": lambda d, weights, z: np.heaviside(z, 0) * np.einsum("no,io->ni", d, weights),
}


def _backward(outer: Any, back: Any, recurse: bool) -> Callable[..., Any]:
    def network_gradient(w, x, labels, sizes):
        cut = _cut(w, sizes)
        zs, a = [], [x]
        for weights, bias in cut:
            zs.append(a[-1] @ weights + bias)
            a.append(np.maximum(zs[-1], 0))
        delta = _shifted_powers(zs[-1]) - _one_hot(labels, sizes[-1])
        parts = [None] * len(cut)
        for k in range(len(cut) - 1, -1, -1):
            for_weights, for_bias = outer(a[k], delta / len(x))
            parts[k] = np.append(for_weights, for_bias)
            if k:
                delta = back(delta, cut[k][0], zs[k - 1])
        return np.hstack(parts)

    def by_recursion(w, x, labels, sizes):
        def below(a, rest, first):
            (weights, bias), *more = rest
            z = a @ weights + bias
            if more:
                delta, parts = below(np.where(z > 0, z, 0), more, False)
                delta = delta * (z > 0)
            else:
                delta, parts = (_shifted_powers(z) - np.eye(sizes[-1])[labels]) / len(x), []
            for_weights, for_bias = outer(a, delta)
            return back(delta, weights, np.ones_like(a)), [*for_weights.ravel(), *for_bias, *parts]

        return below(x, _cut(w, sizes), True)[1]

    return by_recursion if recurse else network_gradient


BACKWARD = [
    _backward(outer, back, recurse) for outer, back, recurse in product(OUTER.values(), BACK.values(), (False, True))
]
