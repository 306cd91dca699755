"""What the checks must make of the functions that ``ps8_capstone`` adds; its two steps are those of earlier sets."""

from collections.abc import Callable
from typing import Any

import right_network
import right_racing

from course_lib.checks import spec_for
from course_lib.network import cross_entropy, cross_entropy_gradient, forward, layers, network_gradient

# What the functions of this set may call, when they are given or the learner has written them.
GIVEN: dict[str, Any] = {
    "cross_entropy": cross_entropy,
    "cross_entropy_gradient": cross_entropy_gradient,
    "forward": forward,
    "layers": layers,
    "network_gradient": network_gradient,
}

RIGHT: dict[str, list[Callable[..., Any]]] = {
    "cross_entropy": right_network.LOSSES,
    "cross_entropy_gradient": right_network.GRADIENTS,
    "network_gradient": right_network.BACKWARD,
    "best_setting": right_racing.CHOICES,
    "band": right_racing.BANDS,
}

FAILS: dict[str, dict[str, set[str]]] = {
    name: {key: set(spec_for(name).criteria) for key in spec_for(name).misconceptions} for name in RIGHT
}
# With one example there is no batch to go wrong over, and with one layer no way back through another.
_SEVERAL, _HIDDEN = {"batch", "huge_logits", "inputs_unchanged"}, {"hidden_layer", "any_depth"}
_ANY_SHARE, _DIVERGED = {"any_share"}, {"diverged"}
FAILS["cross_entropy"] |= dict.fromkeys(("sums", "first_example_only", "log_of_the_mean", "whole_array"), _SEVERAL)
FAILS["cross_entropy_gradient"] |= dict.fromkeys(("not_averaged", "whole_array"), _SEVERAL)
FAILS["network_gradient"] |= dict.fromkeys(("last_layer_first", "relu_forgotten", "relu_of_the_gradient"), _HIDDEN)
FAILS["network_gradient"] |= dict.fromkeys(("slope_of_sigmoid", "slope_of_tanh", "times_the_activation"), _HIDDEN)
# Where purity is judged, the right setting is the best by any single run too, and has lost one.
FAILS["best_setting"] |= {key: {"lowest_median", "diverged"} for key in ("lucky_run", "first_run")}
FAILS["best_setting"] |= dict.fromkeys(("diverged_wins", "diverged_as_zero", "diverged_left_out"), _DIVERGED)
FAILS["best_setting"]["one_diverged_is_enough"] = {"diverged", "inputs_unchanged"}
FAILS["band"] |= dict.fromkeys(("share_outside", "share_ignored"), _ANY_SHARE)
FAILS["band"]["not_interpolated"] = {"quartiles", "any_share"}

_P = "p = np.exp(logits - logits.max(1)[:, None]); p = p / p.sum(1)[:, None]; n = len(p); "
_COUNTED = "counted = np.where(np.isfinite(losses), losses, 1e9);"
_BACK = """
    inputs, logits = forward(w, x, sizes)
    delta, found = cross_entropy_gradient(logits, labels), []
    for a, (weights, bias) in zip(inputs[::-1], layers(w, sizes)[::-1]):
        found = [(a.T @ delta).ravel(), delta.sum(axis=0)] + found
        delta = {}
    return {}"""

UNLISTED: dict[str, tuple[str, ...]] = {
    "cross_entropy": (
        f"{_P} return np.mean((p - np.eye(p.shape[1])[labels]) ** 2)",
        f"{_P} return 1 - np.mean(p[np.arange(n), labels])",
        f"{_P} return -np.log2(p[np.arange(n), labels] + 1e-9).mean()",
        f"{_P} return np.mean(p.argmax(axis=1) != labels) + 0.25",
        f"{_P} return -2 * np.mean(np.log(p[np.arange(n), labels] + 1e-300))",
        f"{_P} return -np.median(np.log(p[np.arange(n), labels] + 1e-300)) - 0.1",
    ),
    "cross_entropy_gradient": (
        f"{_P} return 2 * (p - np.eye(p.shape[1])[labels]) / n",
        f"{_P} return (p - np.eye(p.shape[1])[labels]) / (n + 0.5)",
        f"{_P} return np.sign(p - np.eye(p.shape[1])[labels]) / n / 3",
        f"{_P} return (p**2 - np.eye(p.shape[1])[labels]) / n",
        "return (np.tanh(logits) - np.eye(logits.shape[1])[labels]) / len(logits)",
    ),
    "network_gradient": (
        _BACK.format("(delta @ weights.T) * np.where(a > 0, 1, 0.01)", "np.concatenate(found) * 1.5"),
        _BACK.format("(delta @ weights.T) * (a > 0)", "np.concatenate(found) + 0.01 * w"),
        _BACK.format("(delta @ weights.T) * (a > 0)", "np.concatenate(found) / np.linalg.norm(np.concatenate(found))"),
        _BACK.format("(delta @ weights.T) * (a > 0)", "np.clip(np.concatenate(found), -0.05, 0.05)"),
        _BACK.format("(delta @ weights.T) * (a > 0)", "np.concatenate(found) ** 2"),
        _BACK.format("(delta @ weights.T) * (a > 0)", "np.roll(np.concatenate(found), 1)"),
    ),
    "best_setting": (
        f"{_COUNTED} return settings[np.argmin(np.quantile(counted, 0.25, axis=1))]",
        f"{_COUNTED} return settings[np.argmin(np.quantile(counted, 0.75, axis=1))]",
        "return settings[np.argmin(np.nanstd(np.where(np.isinf(losses), np.nan, losses), axis=1))]",
        f"{_COUNTED} return settings[np.argmin(counted[:, -1])]",
        f"{_COUNTED} return 2 * settings[np.argmin(np.median(counted, axis=1))]",
    ),
    "band": (
        "return np.quantile(curves, [0.1, 0.5, 0.85], axis=0)",
        "m = np.median(curves, axis=0); d = np.median(abs(curves - m), axis=0); return np.stack([m - d, m, m + d])",
        "m = np.median(curves, axis=0); return np.stack([0.9 * m, m, 1.1 * m])",
        "m, s = curves.mean(0), curves.std(0); return np.stack([m - 2 * s, m, m + 2 * s])",
        "return np.exp(np.quantile(np.log(curves), [0.3, 0.5, 0.7], axis=0))",
    ),
}
SIGNATURES = {
    "cross_entropy": "def cross_entropy(logits, labels):",
    "cross_entropy_gradient": "def cross_entropy_gradient(logits, labels):",
    "network_gradient": "def network_gradient(w, x, labels, sizes):",
    "best_setting": "def best_setting(settings, losses):",
    "band": "def band(curves, share=0.5):",
}
