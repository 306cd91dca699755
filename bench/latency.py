"""How long a learner waits for an answer: ``check`` in a live kernel, beside the same question as a classic test cell.

A press is timed from the request to the kernel's "idle", with the table and its picture sent. The classic cell is what
one writes without ``check``: ``torch.optim``'s own Adam walks beside the learner's and ``assert_allclose`` compares. It
says right or wrong and no more, and costs ``import torch`` when it is pressed for the first time.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from bench.machine import description
from bench.timing import Spread, spread

LIMIT = 0.2  # seconds that a press may take
SET_UP = """
from typing import Any, NamedTuple
import numpy as np
from course_lib.checks import check

class AdamState(NamedTuple):
    t: int
    m: Any
    v: Any
    v_max: Any

def adam_init(w):
    return AdamState(t=0, m=0 * w, v=0 * w, v_max=0 * w)
"""
STEP = """
def adam_step(w, g, state, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, amsgrad=False):
    beta1, beta2 = betas
    t = state.t + 1
    m = beta1 * state.m + (1 - beta1) * g
    v = beta2 * state.v + (1 - beta2) * g**2
    v_max = np.maximum(state.v_max, v) if amsgrad else state.v_max
    root = np.sqrt((v_max if amsgrad else v) / (1 - beta2**t))
    return w - lr * {direction} / (root + eps), AdamState(t, m, v, v_max)
"""
# What the learner divides by the root, and what the check must say of it.
ANSWERS = {
    "right": ("m / (1 - beta1**t)", "7 of 7 criteria met"),
    "named mistake": ("m", "It corrects v but not m."),
    "unrecognised": ("np.sinh(m) / (1 - beta1**t)", "This is none of the mistakes known here."),
}
CHECK = 'check("adam_step", adam_step)'
CLASSIC = """
import torch
w = np.random.default_rng(0).standard_normal(3)
parameter = torch.nn.Parameter(torch.tensor(w))
optimizer, state = torch.optim.Adam([parameter], lr=0.1), adam_init(w)
for g in np.random.default_rng(1).standard_normal((6, 3)):
    parameter.grad = torch.tensor(g)
    optimizer.step()
    w, state = adam_step(w, g, state, lr=0.1)
    np.testing.assert_allclose(w, parameter.detach().numpy(), rtol=1e-10)
"""


def latency(rounds: int, sessions: int) -> dict[str, Any]:
    """Seconds of a press, as multiples of the limit and, for the first in a session, of the classic cell's.

    Parameters
    ----------
    rounds : int
        How often each answer is checked in one kernel, in turns.
    sessions : int
        How many fresh kernels each way of asking gets for its first press.
    """
    first: dict[str, list[float]] = {CHECK: [], CLASSIC: []}
    for _ in range(sessions):
        for question, times in first.items():
            with learner() as press:
                press(_written("right"), "")
                times.append(press(question, ""))
    with learner() as press:
        later: dict[str, list[float]] = {name: [] for name in ANSWERS}
        for turn in range(rounds + 1):
            for name, (_, said) in ANSWERS.items():
                press(_written(name), "")
                seconds = press(CHECK, said)
                if turn:  # the first one of a kernel is counted above
                    later[name].append(seconds)
    return {
        "machine": description("numpy", "torch", "ipykernel"),
        "limit in ms": round(LIMIT * 1000),
        "first press, as a multiple of the classic cell's": _beside(first[CHECK], first[CLASSIC]).rounded(3),
        "press, as a multiple of the limit": {
            name: spread([seconds / LIMIT for seconds in times]).rounded(3) for name, times in later.items()
        },
    }


def _beside(ours: list[float], theirs: list[float]) -> Spread:
    return spread([mine / its for mine, its in zip(ours, theirs, strict=True)])


def _written(name: str) -> str:
    return STEP.replace("{direction}", ANSWERS[name][0])


@contextmanager
def learner() -> Iterator[Any]:
    """``press(cell, said)`` in a fresh kernel: the seconds that a cell takes; an answer without ``said`` is refused."""
    manager, client = start_new_kernel()

    def press(cell: str, said: str) -> float:
        return _press(client, cell, said)

    try:
        press(SET_UP, "")
        yield press
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _press(client: BlockingKernelClient, cell: str, said: str) -> float:
    shown: list[str] = []

    def keep(message: dict[str, Any]) -> None:
        shown.append(str(message["content"].get("data", {}).get("text/plain", "")))

    begun = time.perf_counter()
    reply = client.execute_interactive(cell, output_hook=keep, timeout=60)
    seconds = time.perf_counter() - begun
    if reply["content"]["status"] != "ok" or said not in "".join(shown):
        raise RuntimeError(f"a kernel was to say {said!r} and answered {reply['content']} {shown}")
    return seconds
