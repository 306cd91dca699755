"""Call a learner's function on a case and write down what happened: numbers, never a judgement.

The notebook's check runs this in its own process and the grader runs it in a sandbox, on hidden cases; both judge the
same record. It therefore imports the standard library and NumPy alone, and knows no expected value.

A *case* is a plain tree (dicts, lists, numbers, text, NumPy arrays)::

    {"function": "sgd_step", "kind": "step", "init": "sgd_init", "fields": ["t", "b"],
     "backend": "numpy", "repeat": False,
     "runs": [{"w": array, "gradients": array of shape (T, *w.shape), "settings": {"momentum": 0.9},
               "schedule": {"lr": array of shape (T,)}}]}

    {"function": "stability_limit", "kind": "call", "backend": "numpy", "repeat": False,
     "runs": [{"calls": [[array, …], …], "settings": {}}]}

A run of steps may have a ``start`` too, keyword arguments of the init. Where a case names the class of its gradients,
``"gradient": "SparseGrad"``, each of them is ``{"indices": array, "values": array}``, and the step is given an object
of the notebook's class of that name, made of these and the weights' ``shape``. With ``"gradient": "Closure"`` each is
``{"matrix": array, "vector": array}``, a loss, and the step is given the ``Closure`` made of it, which is found here.
In a run with ``"curved": True`` the given gradients are curvatures: the step gets each of them times the weights, the
gradient of that parabola where its own steps have led.

Several runs are taken in turns, a step each, so that a function which keeps its memory anywhere but in ``state`` shows.
With ``repeat`` the first run is made once more at the end, alone, and recorded under ``again``.

An *observation* is such a tree too: ``status`` (``ok``, ``missing``, ``raised`` or ``malformed``), ``message``, and
``runs``: for each run the list of its records ``{"values": {quantity: array, int or None}, "forms": {quantity: text},
"changed": [names of inputs that the call changed]}``, as far as they came. How often a step called its closure is a
quantity too, ``calls``.
"""

import contextlib
import dis
import importlib
import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

Tree = dict[str, Any]
LONGEST = 300  # characters kept of any text that the learner's code produced


class Malformed(Exception):  # noqa: N818 (a finding, not an error)
    """The function answered, but not in a form that can be read; ``kind`` says which."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class _Capped(io.TextIOBase):
    """Takes what a function prints and keeps its beginning."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text = (self.text + text[:LONGEST])[:LONGEST]
        return len(text)


class Closure:
    """``closure(w) -> (loss, gradient)`` of the loss ½ w·Aw - b·w, for weights of a ``shape``; it counts its ``calls``.

    ``matrix`` is A, symmetric, and ``vector`` is b, both for the weights in one row.
    """

    def __init__(self, matrix: Any, vector: Any, shape: tuple[int, ...]) -> None:
        self._matrix, self._vector, self._shape, self.calls = matrix, vector, shape, 0

    def __repr__(self) -> str:
        return f"closure of ½ w·Aw - b·w with A = {self._matrix!r}, b = {self._vector!r}"

    def __call__(self, w: Any) -> tuple[Any, Any]:
        self.calls += 1
        row = w.reshape(-1)
        pull = self._matrix @ row
        return ((pull / 2 - self._vector) * row).sum(), (pull - self._vector).reshape(self._shape)


def observe(case: Tree, namespace: Mapping[str, Any]) -> Tree:
    """What the function named in ``case`` does with its inputs.

    Parameters
    ----------
    case : dict
        See the module's text.
    namespace : mapping
        Where the learner's names live: the notebook's globals.

    Returns
    -------
    dict
        The observation. Whatever ``Exception`` the learner's code raises is in it; only ``KeyboardInterrupt`` and the
        like pass through.
    """
    seen: Tree = {"status": "ok", "message": "", "runs": [[] for _ in case["runs"]], "printed": "", "globals": []}
    namespace = {**namespace, Closure.__name__: Closure}
    needed = (case["function"], case.get("init"), case.get("gradient"))
    missing = [name for name in needed if name and not callable(namespace.get(name))]
    if missing:
        return seen | {"status": "missing", "message": missing[0]}
    function = namespace[case["function"]]
    seen["globals"] = _written_globals(function)
    with quiet() as printed:
        _take_turns(case, function, namespace, seen)
    return seen | {"printed": printed.text}


@contextlib.contextmanager
def quiet() -> Iterator[_Capped]:
    """Nothing that runs inside prints or warns into the notebook: plain nbgrader gives 0 for a line on stderr."""
    printed = _Capped()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        yield printed


def _take_turns(case: Tree, function: Callable[..., Any], namespace: Mapping[str, Any], seen: Tree) -> None:
    where = {"run": 0, "step": 0}
    try:
        walk = _WALKS[case["kind"]]
        walks = [walk(case, run, function, namespace) for run in case["runs"]]
        alive = list(range(len(walks)))
        while alive:
            for i in tuple(alive):
                where = {"run": i, "step": len(seen["runs"][i]) + 1}
                record = next(walks[i], None)
                seen["runs"][i].append(record) if record else alive.remove(i)
        if case.get("repeat"):
            seen["again"] = list(walk(case, case["runs"][0], function, namespace))
    except Malformed as finding:
        seen.update(status="malformed", error=finding.kind, message=_text(finding), **where)
    except (Exception, SystemExit) as error:
        seen.update(status="raised", error=type(error).__name__[:LONGEST], message=_text(error), **where)


def _walk_steps(case: Tree, run: Tree, step: Callable[..., Any], namespace: Mapping[str, Any]) -> Iterator[Tree]:
    """Step after step along the given gradients; the state and the weights that come back go into the next call."""
    array = _maker(case)
    w = array(run["w"])
    state = namespace[case["init"]](array(run["w"]), **run.get("start", {})) if case.get("init") else None
    kind = namespace[case["gradient"]] if case.get("gradient") else None
    for t in range(len(run["gradients"])):
        g, parts = gradient_at(run, t, array, kind, w)
        passed = {"w": w} | parts | {f"state.{name}": value for name, value in _peek(state, case["fields"])}
        before = {name: _print_of(value) for name, value in passed.items()}
        answer = step(w, g, state, **settings_at(run, t))
        changed = [name for name, value in passed.items() if _print_of(value) != before[name]]
        changed += [f"state.{n}" for n, v in _peek(state, case["fields"]) if v is not passed.get(f"state.{n}")]
        w, state = _pair(answer, case["fields"])
        calls = {"calls": g.calls} if kind is Closure else {}
        yield _record({"w": w} | dict(_fields(state, case["fields"])) | calls, sorted(set(changed)))
        w = np.asarray(w) if isinstance(w, np.generic) else w


def _walk_calls(case: Tree, run: Tree, function: Callable[..., Any], _namespace: Mapping[str, Any]) -> Iterator[Tree]:
    """One call after another, each on arguments of its own."""
    array = _maker(case)
    for arguments in run["calls"]:
        passed = [_copied(a, array) for a in arguments]
        before = [_print_of(a) for a in passed]
        answer = function(*passed, **run["settings"])
        changed = [f"argument {i + 1}" for i, a in enumerate(passed) if _print_of(a) != before[i]]
        if answer is None:
            raise Malformed("none", "the function returned None")
        yield _record({"value": answer}, changed)


def _copied(argument: Any, array: Callable[[np.ndarray], Any]) -> Any:
    """An argument of a call, with every array in it copied by ``array``."""
    if isinstance(argument, list):
        return [_copied(a, array) for a in argument]
    return array(argument) if isinstance(argument, np.ndarray) else argument


_WALKS: dict[str, Callable[..., Iterator[Tree]]] = {"step": _walk_steps, "call": _walk_calls}


def gradient_at(
    run: Tree, t: int, array: Callable[[np.ndarray], Any], kind: Callable[..., Any] | None, w: Any = None
) -> tuple[Any, Tree]:
    """The gradient of step ``t`` (from 0), and the arrays it consists of, by name: itself, or those of a ``kind``.

    ``w``, the weights that the steps have led to, is needed in a curved run alone.
    """
    given = run["gradients"][t] * w if run.get("curved") else run["gradients"][t]
    if kind is None:
        g = array(given)
        return g, {"g": g}
    parts = {name: array(part) for name, part in given.items()}
    return kind(**parts, shape=run["w"].shape), {f"g.{name}": part for name, part in parts.items()}


def settings_at(run: Tree, t: int) -> Tree:
    """The keyword arguments of step ``t`` (from 0): the constant ones and this step's entry of each schedule."""
    return dict(run["settings"]) | {name: float(values[t]) for name, values in run.get("schedule", {}).items()}


def _maker(case: Tree) -> Callable[[np.ndarray], Any]:
    """A function that copies a NumPy array into the case's array library, so that a case itself is never changed."""
    if case.get("backend", "numpy") == "torch":
        torch = importlib.import_module("torch")
        return lambda a: torch.from_numpy(np.array(a))
    return np.array


def _pair(answer: Any, fields: list[str]) -> tuple[Any, Any]:
    if answer is None:
        raise Malformed("none", "the function returned None")
    if not isinstance(answer, tuple | list):
        kind = "no_state" if hasattr(answer, "dtype") else "not_a_pair"
        raise Malformed(
            kind, f"the function returned one thing ({type(answer).__name__}) instead of the pair (w, state)"
        )
    if len(answer) != 2:
        raise Malformed("not_a_pair", f"the function returned {len(answer)} things instead of the pair (w, state)")
    w, state = answer
    if all(hasattr(w, name) for name in fields) and hasattr(state, "dtype"):
        raise Malformed("swapped", "the function returned (state, w) instead of (w, state)")
    return w, state


def _fields(state: Any, fields: list[str]) -> list[tuple[str, Any]]:
    """The state's fields: by attribute (a NamedTuple), by key (a dict), or by position (a plain tuple)."""
    if isinstance(state, Mapping) and all(name in state for name in fields):
        return [(name, state[name]) for name in fields]
    if all(hasattr(state, name) for name in fields):
        return [(name, getattr(state, name)) for name in fields]
    if isinstance(state, tuple | list) and len(state) == len(fields):
        return list(zip(fields, state, strict=True))
    raise Malformed("state", f"the state returned is {type(state).__name__} without the fields {', '.join(fields)}")


def _peek(state: Any, fields: list[str]) -> list[tuple[str, Any]]:
    try:
        return _fields(state, fields)
    except Malformed:
        return []


def _record(quantities: Mapping[str, Any], changed: list[str]) -> Tree:
    return {
        "values": {name: _numbers(name, value) for name, value in quantities.items()},
        "forms": {name: _form(value) for name, value in quantities.items()},
        "changed": changed,
    }


def _numbers(name: str, value: Any) -> Any:
    """A copy in plain numbers: an int stays one, anything else becomes a base NumPy array of its own dtype.

    A field of the state may be None, as torch's buffers are until they are needed.
    """
    if value is None and name not in ("w", "value"):
        return None
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and abs(int(value)) < 2**63:
        return int(value)
    if isinstance(value, tuple | list) and len({len(part) for part in value if isinstance(part, tuple | list)}) > 1:
        raise Malformed("ragged", f"{name} holds lists of different lengths")
    try:
        array = np.array(_at_home(value))
    except Exception as error:
        raise Malformed("not_numbers", f"{name} cannot be read as an array of numbers: {_text(error)}") from None
    if array.dtype.kind not in "biufc":
        raise Malformed("not_numbers", f"{name} is not an array of numbers but {type(value).__name__}")
    return array


def _at_home(value: Any) -> Any:
    """A tensor's numbers in the computer's own memory; anything else as it is."""
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value


def _form(value: Any) -> str:
    """What kind of thing holds the numbers; an array has a dtype, whichever library it is of."""
    if isinstance(value, np.ndarray):
        return "array"
    if isinstance(value, np.generic):
        return "numpy scalar"
    if hasattr(value, "detach"):
        return "tensor"
    return type(value).__name__[:LONGEST]


def _print_of(value: Any) -> Any:
    """Something that changes when the value does."""
    if isinstance(value, bool | int | float | str | None):
        return value
    try:
        array = np.array(_at_home(value))
        return array.shape, array.dtype.str, array.tobytes()
    except Exception:
        return id(value)


def _written_globals(function: Any) -> list[str]:
    """Names that the function declares ``global`` and writes."""
    code = getattr(function, "__code__", None)
    return [] if code is None else list(_stored(code))


@lru_cache(maxsize=64)  # reading the instructions takes longer than most functions do
def _stored(code: Any) -> tuple[str, ...]:
    return tuple(sorted({str(i.argval)[:LONGEST] for i in dis.get_instructions(code) if i.opname == "STORE_GLOBAL"}))


def _text(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST]
    except Exception:
        return "(its message cannot be read)"
