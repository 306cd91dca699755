"""Every explorer with what a fresh run of the reference says it must draw and say: the browser tests' table."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from course_lib.averages import bias_corrected, exponential_average
from course_lib.checks.functions.startup_factor import startup_factor
from course_lib.data import batches, temperatures
from course_lib.descent import minimize
from course_lib.explorers import (
    Explorer,
    bias,
    bias_explorer,
    condition,
    condition_explorer,
    courses,
    curvature,
    curvature_explorer,
    decay,
    decay_explorer,
    effective_rates,
    effective_rates_explorer,
    momentum,
    momentum_explorer,
    nesterov,
    nesterov_explorer,
    noise,
    noise_explorer,
    parabola_explorer,
    race,
    race_explorer,
    scheduled,
    schedules_explorer,
    terrain,
    terrain_explorer,
    window,
    window_explorer,
)
from course_lib.explorers.parabola import RATES, STEPS, VIEW, regime
from course_lib.objectives import parabola, quadratic, rosenbrock
from course_lib.optimizers import adam_init, adam_step, from_torch, gd_init, gd_step, sgd_init, sgd_step
from course_lib.optimizers.bfgs import updated_inverse
from course_lib.race import CONTESTANTS, TASKS
from course_lib.regression import sgd_epoch

PIXEL = 0.02  # coordinates are written to a hundredth of a pixel
FAR = 400.0  # pixels: a path may end where it has left the picture by as much

State = Mapping[str, Any]
Lines = dict[str, np.ndarray]


@dataclass(frozen=True)
class Case:
    """One explorer.

    ``page`` shows it (the first of its kind there), ``make`` makes it, ``sliders`` are the names of its sliders.
    ``expected(state)`` gives for each line it draws (``data-drawn``) its points, shape ``(n, 2)``, in the units of the
    axes around it; ``says(state)`` a part of the live text. Both run the reference anew.
    """

    page: str
    make: Callable[[], Explorer]
    sliders: Sequence[str]
    expected: Callable[[State], Lines]
    says: Callable[[State], str]


def _parabola(state: State) -> Lines:
    path = minimize(parabola, gd_init, gd_step, lr=float(RATES[state["lr"]]), steps=STEPS)
    points = np.stack([path.w, path.loss], axis=1)
    return {"path": points[(path.w >= VIEW[0]) & (path.w <= VIEW[1])]}


def _parabola_says(state: State) -> str:
    path = minimize(parabola, gd_init, gd_step, lr=float(RATES[state["lr"]]), steps=STEPS)
    kind = {"walks in": "walks in", "lands in one step": "lands", "diverges": "diverges"}
    return kind.get(regime(path.w), regime(path.w))


def _window(state: State) -> Lines:
    measured, _ = temperatures()
    beta = float(window.BETAS[state["beta"]])
    plain = exponential_average(measured, beta)
    days = np.arange(1, len(measured) + 1)
    lines = {"plain": plain, "corrected": bias_corrected(plain, beta)}
    return {name: np.stack([days, values], axis=1) for name, values in lines.items()}


def _window_says(state: State) -> str:
    start = round(100 * window.BETAS[state["beta"]] ** state["day"])
    return f"The start at 0 {'held' if state['corrected'] else 'holds'} {start} %"


def _betas(state: State) -> tuple[float, float]:
    return bias.BETA1S[state["beta1"]], bias.BETA2S[state["beta2"]]


def _bias(state: State) -> Lines:
    beta1, beta2 = _betas(state)
    m, v = exponential_average(bias.GRADIENTS, beta1), exponential_average(bias.GRADIENTS**2, beta2)
    m_hat, v_hat = bias_corrected(m, beta1), bias_corrected(v, beta2)
    lines = {"mean": m, "mean_hat": m_hat, "root": np.sqrt(v), "root_hat": np.sqrt(v_hat)}
    lines |= {"uncorrected": np.log10(m / np.sqrt(v)), "corrected": np.log10(m_hat / np.sqrt(v_hat))}
    return {name: np.stack([np.arange(1, bias.STEPS + 1), values], axis=1) for name, values in lines.items()}


def _bias_says(state: State) -> str:
    beta1, beta2 = _betas(state)
    return f"as long as it should be: {bias.verdict(startup_factor(state['step'], beta1, beta2))}."


def _decay(state: State) -> Lines:
    """The penalty by hand in the gradient, the decay by hand on the weight, and Adam's step for both."""
    size, share = decay.NOISES[state["noise"]], decay.DECAYS[state["decay"]]
    lines = {"decay alone": decay.alone(share)}
    for name, (penalty, shrink) in {"L2": (share, 0.0), "AdamW": (0.0, share)}.items():
        w, kept = np.ones(()), adam_init(np.ones(()))
        path = [w]
        for g in size * decay.SHAPE:
            w, kept = adam_step((1 - decay.LR * shrink) * w, g + penalty * w, kept, lr=decay.LR)
            path.append(w)
        lines[name] = np.array(path)[:: decay.EVERY]
    return {name: np.stack([decay.steps(), values], axis=1) for name, values in lines.items()}


def _decay_says(state: State) -> str:
    lines = _decay(state)
    return f": it {decay.verdict(lines['L2'][:, 1], lines['decay alone'][:, 1])}."


def _nesterov(state: State) -> Lines:
    """Both as the papers have them: the gradient at the weights, and at the point to which the buffer carries them."""
    lr, mu = nesterov.RATES[state["rate"]] / nesterov.CONDITION, nesterov.MOMENTA[state["mu"]]
    lines = {}
    for name, ahead in (("momentum", 0.0), ("Nesterov", lr * mu)):
        w, b = np.array(nesterov.BOWL.start), np.zeros(2)
        path = [w]
        for _ in range(nesterov.STEPS):
            b = mu * b + nesterov.BOWL.grad(w - ahead * b)
            w = w - lr * b
            path.append(w)
        lines[name] = np.stack(path)
    return lines


def _nesterov_says(state: State) -> str:
    rate, mu = nesterov.RATES[state["rate"]], nesterov.MOMENTA[state["mu"]]
    return f"Nesterov {nesterov.behaviour(rate, mu, nesterov=True).name}"


def _condition(state: State) -> Lines:
    bowl, lr = quadratic(float(condition.CONDITIONS[state["condition"]])), float(condition.RATES[state["lr"]])
    return {"path": minimize(bowl, gd_init, gd_step, lr=lr, steps=condition.STEPS).w}


def _condition_says(state: State) -> str:
    """The forecast is held to a run that is long enough to see it come true."""
    bowl, lr = quadratic(float(condition.CONDITIONS[state["condition"]])), float(condition.RATES[state["lr"]])
    distance = np.abs(minimize(bowl, gd_init, gd_step, lr=lr, steps=700).w).max(axis=1)
    if not distance[-1] < distance[0]:
        return "the run diverges" if distance[1] > distance[0] else "never comes closer"
    steps = int((distance <= 0.1 * distance[0]).argmax())
    return "1 step to come" if steps == 1 else f"{steps} steps to come"


def _noise(state: State) -> Lines:
    (x, y), size, lr = noise.POINTS, int(noise.BATCHES[state["batch"]]), float(noise.RATES[state["lr"]])
    dealt = islice(batches(len(x), size, seed=state["draw"]), noise.READ // size)
    path = [np.zeros(2)]
    for batch in dealt:
        path.append(sgd_epoch(path[-1], x, y, batch, batch_size=size, lr=lr))
    seen = np.stack(path)[:: max(1, noise.EVERY // size)]
    reads = np.arange(len(seen)) * max(size, noise.EVERY)
    loss = np.stack([reads, np.log10(noise.LINE.f(seen.T) - noise.LINE.value)], axis=1)
    exact = minimize(noise.LINE, gd_init, gd_step, lr=lr, steps=noise.READ // size).w
    return {"path": np.stack(path), "loss": loss, "exact": exact}


def _noise_says(state: State) -> str:
    size = int(noise.BATCHES[state["batch"]])
    steps = state["read"] * noise.EVERY // size
    counted = "1 step" if steps == 1 else f"{steps} steps"
    return f"After {steps * size} points read, in {counted} of {size}, run {state['draw'] + 1}"


def _momentum(state: State) -> Lines:
    """Only learning rate times curvature counts, so 4x² stands for every curvature."""
    lr, mu = float(momentum.RATES[state["lr"]]), float(momentum.MOMENTA[state["momentum"]])
    lines = {}
    for name, h in zip(("steep", "flat"), list(momentum.BOWLS.values())[state["bowl"]], strict=False):
        x = minimize(parabola, sgd_init, sgd_step, lr=lr * h / 8, momentum=mu, steps=momentum.STEPS).w
        lines[name] = _until(np.abs(x) > momentum.MOST, np.stack([np.arange(len(x)), x], axis=1))
    return lines


def _momentum_says(state: State) -> str:
    """The regime by the discriminant of the characteristic equation, where the explorer asks for eigenvalues."""
    s, mu = 8 * float(momentum.RATES[state["lr"]]), float(momentum.MOMENTA[state["momentum"]])
    if s > 2 * (1 + mu) + 1e-9:
        return "diverges"
    if abs(s - 2 * (1 + mu)) < 1e-9:
        return "bounces forever"
    if (s, mu) == (1, 0):
        return "lands in one step"
    if (1 + mu - s) ** 2 - 4 * mu < -1e-9:
        return "rings in"
    return "walks in" if s < 1 + mu else "zigzags in"


def _terrain(state: State) -> Lines:
    place = list(terrain.TERRAINS.values())[state["surface"]]
    path = terrain.run(place, state["start"], state["lr"], state["rule"])
    w, loss = path.w[list(place.steps)], np.log10(np.maximum(path.loss[list(place.steps)], terrain.LEAST))
    steps = np.log10(1 + np.array(place.steps)) if place.log_steps else np.array(place.steps)
    return {
        "walk": _until((~(np.abs(w) <= terrain.MOST)).any(axis=1), w),
        "loss": _until(~(loss <= 2 * terrain.MOST), np.stack([steps, loss], axis=1)),
    }


def _terrain_says(state: State) -> str:
    step = list(terrain.TERRAINS.values())[state["surface"]].steps[state["step"]]
    return f"At step {step} it is"


def _curvature(state: State) -> Lines:
    """The ellipse by the matrix that BFGS makes of the same pairs, and its level line point by point."""
    path, step = curvature.run(curvature.MEMORIES[state["memory"]]), state["step"]
    w, loss = path.w[: curvature.STEPS + 1], path.loss[: curvature.STEPS + 1]
    s, y = path.states[step + 1].s, path.states[step + 1].y
    H = np.eye(2) * (y[-1] @ s[-1] / (y[-1] @ y[-1]) if s else 1)  # noqa: N806 - the book's symbol
    for move, change in zip(s, y, strict=True):
        H = updated_inverse(H, move, change)  # noqa: N806
    lines = {
        "walk": w,
        "loss": np.stack([np.arange(len(loss)), np.log10(np.maximum(loss, curvature.LEAST))], axis=1),
        "model": _ellipse(w[step], H),
    }
    inverse = np.linalg.inv(rosenbrock.hess(w[step]))
    if np.linalg.eigvalsh(inverse)[0] > 0:
        lines["hessian"] = _ellipse(w[step], inverse)
    bottom = w[step] - H @ path.grad[step]
    if (np.abs(bottom) <= curvature.FARTHEST).all():
        lines["jump"] = np.stack([w[step], bottom])
    return lines


def _ellipse(centre: np.ndarray, inverse: np.ndarray) -> np.ndarray:
    squares, directions = np.linalg.eigh(inverse)
    minor, major = (np.sqrt(squares) * np.where(directions[1] < 0, -1, 1) * directions).T
    turn = np.arange(41)[:, None] * np.pi / 20
    return np.asarray(centre + np.cos(turn) * major + np.sin(turn) * minor)


def _curvature_says(state: State) -> str:
    pairs = len(curvature.run(curvature.MEMORIES[state["memory"]]).states[state["step"] + 1].s)
    return f"From {pairs} pair{'s' * (pairs > 1)} the model is" if pairs else "No pair is known yet"


def _effective_rates(state: State) -> Lines:
    """By the sum and the average themselves, where the explorer runs the steps."""
    g = effective_rates.PAIRS[state["pair"]].gradients
    squares = {
        "Adagrad": np.cumsum(g**2, axis=0),
        "RMSprop": exponential_average(g**2, effective_rates.ALPHAS[state["alpha"]]),
    }
    steps = 1 + np.arange(len(g))
    return {
        f"{rule}, {weight}": np.stack([steps, -0.5 * np.log10(s[:, i])], axis=1)
        for rule, s in squares.items()
        for i, weight in enumerate(("first", "second"))
    }


def _effective_rates_says(state: State) -> str:
    seen = np.count_nonzero(effective_rates.PAIRS[state["pair"]].gradients[: state["step"]], axis=0)
    return f"weight has seen {seen[0]} gradients and the {effective_rates.PAIRS[state['pair']].names[1]} one {seen[1]}."


def _raced(state: State, contestant: int) -> np.ndarray:
    """The points of a run at the drawn steps, one run by itself, by the reference under torch's names.

    It stands in a column where the explorer's do: the square of a number and that of an array may differ in the last
    bit, and at a rate where a rule wanders about, the last bit decides where to.
    """
    course, name = list(courses.COURSES.values())[state["course"]], list(race.LOOKS)[contestant]
    lr = courses.chosen_rates(list(courses.COURSES)[state["course"]])[name] * courses.FACTORS[state["factor"]]
    torch_name, settings = CONTESTANTS[name]
    rule, w = from_torch(torch_name, lr=lr, **settings), np.array(course.starts[state["start"]], dtype=float)
    w = w if name in courses.TOGETHER else w[:, None]
    kept, path = rule.init(w), [w]
    f, grad = course.objective.f, course.objective.grad
    with np.errstate(all="ignore"):
        for _ in range(course.steps[min(state["step"], len(course.steps) - 1)]):
            if np.isfinite(w).all():
                w, kept = rule.step(w, (lambda at: (f(at), grad(at))) if name == "LBFGS" else grad(w), kept)
            path.append(w)
    return np.stack(path)[[step for step in course.steps if step < len(path)]].reshape(-1, 2)


def _race(state: State) -> Lines:
    course = list(courses.COURSES.values())[state["course"]]
    lines = {}
    for contestant in state["shown"]:
        w = _until(~(np.abs(seen := _raced(state, contestant)) <= courses.FAR).all(axis=1), seen)
        loss = course.objective.f(w.T) - course.objective.value
        loss = np.log10(np.clip(loss, courses.LEAST, courses.MOST))
        name = list(race.LOOKS)[contestant]
        lines[f"{name}, path"] = w
        lines[f"{name}, loss"] = np.stack([np.log10(1 + np.array(course.steps[: len(w)])), loss], axis=1)
    return lines


def _race_says(state: State) -> str:
    ends = {name.partition(",")[0]: line for name, line in _race(state).items() if name.endswith("loss")}
    running = {name: line[-1, 1] for name, line in ends.items() if len(line) > state["step"]}
    return f"{min(running, key=running.__getitem__)} (" if running else "nobody is left"


def _schedules(state: State) -> Lines:
    """Rates by asking the schedule step by step, and the walk or the training by taking its steps with them."""
    name, descent = list(scheduled.DESCENTS.items())[state["descent"]]
    peak, lines = descent.peaks[state["peak"]], {}
    for label, index, setting in (("walk", state["shape"], state["setting"]), ("constant", 0, 0)):
        shape = list(scheduled.SHAPES.values())[index]
        assert shape.make, "test_schedules.py moves the plateau, which has no plan"
        rate = shape.make(peak, shape.settings[setting], descent.steps)
        rates = np.array([rate(t) for t in range(descent.steps)])
        if label == "constant" and state["shape"] == 0:
            continue
        loss = _noisy_bowl(rates) if name == "bowl" else _network_losses(rates)
        lines[label] = np.stack([descent.seen, np.log10(loss[descent.seen])], axis=1)
        if label == "walk":
            lines["rate"] = np.stack([np.arange(descent.steps), rates / peak], axis=1)
            if name == "bowl":
                lines |= {
                    key: np.stack([descent.seen, np.log10(np.maximum(owed, 1e-4))], axis=1)
                    for key, owed in _debts(rates, descent.seen).items()
                }
    return lines


def _noisy_bowl(rates: np.ndarray) -> np.ndarray:
    noise, w = np.random.default_rng(5).standard_normal((len(rates), 2)), scheduled.START
    path = [w]
    for lr, error in zip(rates, noise, strict=True):
        w = w - lr * (scheduled.CURVATURES * w + error)
        path.append(w)
    return np.asarray((scheduled.CURVATURES * np.array(path) ** 2).sum(axis=1) / 2)


def _network_losses(rates: np.ndarray) -> np.ndarray:
    task, losses = TASKS["digits"](), []
    w = task.start(0)
    adam = from_torch("Adam")
    kept = adam.init(w)
    with threadpool_limits(1):  # as in the explorer: a sum in another order would grow apart at these rates
        for lr, (_, grad) in zip(rates, task.sights(0), strict=False):
            losses.append(task.judge(w))
            w, kept = adam.step(w, grad(w), kept, lr=float(lr))
        return np.array([*losses, task.judge(w)])


def _debts(rates: np.ndarray, seen: Sequence[int]) -> dict[str, np.ndarray]:
    """Products and sums written out for each drawn step, where the explorer goes from one step to the next."""
    h, shrink = scheduled.CURVATURES, 1 - rates[:, None] * scheduled.CURVATURES
    owed = []
    for t in seen:
        after = np.cumprod(np.concatenate([np.ones((1, 2)), shrink[:t][::-1]]), axis=0)  # what 0, 1, … steps leave
        put_in = ((rates[:t][::-1, None] * after[:-1]) ** 2).sum(axis=0)
        owed.append([(h * (after[-1] * scheduled.START) ** 2).sum() / 2, (h * put_in).sum() / 2])
    start, noise = np.array(owed).T
    return {"start": start, "noise": noise}


def _schedules_says(state: State) -> str:
    lines = _schedules(state)
    if "start" not in lines:
        return "hidden units answer to no digit any more."
    bias, noise = 10 ** lines["start"][-1, 1], 10 ** lines["noise"][-1, 1]
    if max(bias, noise) <= 2 * min(bias, noise):
        return "Neither debt dwarfs the other."
    return "Most of what is left is the start" if bias > noise else "Most of what is left is noise"


def _until(gone: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The points before the first that is gone."""
    return points[: int(gone.argmax())] if gone.any() else points


EXPLORERS = {
    "condition": Case(
        "chapters/learning_rate.html",
        condition_explorer,
        ("Condition number", "Learning rate", "Step"),
        _condition,
        _condition_says,
    ),
    "curvature": Case("chapters/lbfgs.html", curvature_explorer, ("Memory", "Step"), _curvature, _curvature_says),
    "effective_rates": Case(
        "chapters/rmsprop.html",
        effective_rates_explorer,
        ("Alpha", "Step"),
        _effective_rates,
        _effective_rates_says,
    ),
    "decay": Case("chapters/adam_family.html", decay_explorer, ("Noise", "Decay"), _decay, _decay_says),
    "momentum": Case(
        "chapters/momentum.html", momentum_explorer, ("Learning rate", "Momentum"), _momentum, _momentum_says
    ),
    "nesterov": Case(
        "chapters/nesterov.html",
        nesterov_explorer,
        ("Learning rate × 20", "Momentum", "Step"),
        _nesterov,
        _nesterov_says,
    ),
    "noise": Case(
        "chapters/stochastic_descent.html",
        noise_explorer,
        ("Batch size", "Learning rate", "Points read"),
        _noise,
        _noise_says,
    ),
    "parabola": Case(
        "chapters/gradient_descent.html", parabola_explorer, ("Learning rate", "Step"), _parabola, _parabola_says
    ),
    "race": Case("chapters/racing.html", race_explorer, ("Rate factor", "Step"), _race, _race_says),
    "schedules": Case("chapters/schedules.html", schedules_explorer, ("Peak rate",), _schedules, _schedules_says),
    "terrain": Case(
        "chapters/saddles_and_valleys.html",
        terrain_explorer,
        ("Start", "Learning rate", "Step"),
        _terrain,
        _terrain_says,
    ),
    "bias": Case("chapters/adam.html", bias_explorer, ("Beta 1", "Beta 2", "Step"), _bias, _bias_says),
    "window": Case("chapters/averages.html", window_explorer, ("Beta", "Day"), _window, _window_says),
}


def figure(page: Page, kind: str) -> Locator:
    """The first explorer of this kind that has come to life."""
    return page.locator(f'figure.course-explorer[data-explorer="{kind}"][data-ready]').first


def state_of(root: Locator) -> dict[str, Any]:
    """Where the controls stand; ``root`` is or holds the explorer's body."""
    found: dict[str, Any] = json.loads(
        root.evaluate("r => (r.matches('[data-state]') ? r : r.querySelector('[data-state]')).dataset.state")
    )
    return found


def assert_drawn(root: Locator, case: Case) -> None:
    """Every line of the explorer is the reference's path for the controls as they stand, and the words agree."""
    state = state_of(root)
    drawn = root.evaluate(
        """root => [...root.querySelectorAll('[data-drawn]')].map(line => ({
            name: line.dataset.drawn,
            points: line.getAttribute('points'),
            scale: line.closest('[data-scale]').dataset.scale,
        }))"""
    )
    expected = case.expected(state)
    assert sorted(line["name"] for line in drawn) == sorted(expected), state
    for line in drawn:
        x0, sx, y0, sy = json.loads(line["scale"])
        pixels = np.array([point.split(",") for point in line["points"].split()], dtype=float).reshape(-1, 2)
        with np.errstate(over="ignore", invalid="ignore"):
            wanted = expected[line["name"]] * [sx, sy] + [x0, y0]
        shown = wanted[: len(pixels)]
        assert len(pixels) <= len(wanted)
        np.testing.assert_allclose(pixels, shown, rtol=2e-5, atol=PIXEL, err_msg=f"{line['name']} at {state}")
        if len(pixels) < len(wanted):  # what is left out was far away, or no number
            assert not np.abs(wanted[len(pixels)] - [x0, y0]).max() < FAR, f"{line['name']} ends early at {state}"
    assert case.says(state) in root.locator(".told").inner_text(), state
