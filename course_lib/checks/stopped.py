"""Why a call gave no numbers, in the learner's terms."""

from typing import Any

from course_lib.checks.cases import described, run_length, unit
from course_lib.checks.findings import Finding
from course_lib.checks.observe import LONGEST, Tree

# What observe calls it -> (id, headline, what to do).
_MALFORMED = {
    "none": ("returned_none", "{function} returned None.", "Does every way through it end with a return?"),
    "no_state": (
        "state_not_returned",
        "{function} returned the weights without the state.",
        "Return both, as the pair (w, state).",
    ),
    "not_a_pair": (
        "not_a_pair",
        "{function} does not return a pair.",
        "Return the new weights and the new state: (w, state).",
    ),
    "swapped": (
        "pair_swapped",
        "{function} returns the pair the wrong way round.",
        "The weights come first: (w, state).",
    ),
    "state": (
        "wrong_state_type",
        "The state that {function} returned is not of the right kind.",
        "Return the state given, with new values in its fields.",
    ),
    "ragged": (
        "ragged",
        "What {function} returned does not fit together.",
        "Lists that belong together must have one length.",
    ),
    "not_numbers": (
        "not_numbers",
        "{function} returned something that is not numbers.",
        "What it returns must be numbers or arrays of them.",
    ),
}
# What the grader says of a process that ended -> what to look for.
_DIED = {
    "time": "It took too long. Is there a loop that does not end?",
    "memory": "It asked for more memory than there is.",
    "output": "It produced more output than can be read.",
    "exit": "It ended the whole program, as exit() does.",
    "signal": "It crashed the whole program.",
    "forged": "What came back was not written by the grader's own recorder.",
}


def what_stopped(case: Tree, observation: Tree) -> Finding | None:
    """The finding behind a status other than ``ok``; None if the observation names no reason that is known."""
    says = {"missing": _missing, "raised": _raised, "malformed": _malformed, "died": _died}
    say = says.get(observation["status"])
    return say(case, observation) if say else None


def _missing(case: Tree, observation: Tree) -> Finding:
    names = (case.get("init"), case.get("gradient"))
    name = next((n for n in names if n and n == observation.get("message")), case["function"])
    kind = "class" if name == case.get("gradient") else "function"
    hint = "Run the cell that defines it, and keep the name it was given."
    return Finding(f"There is no {kind} named {name}.", hint, ("not_defined",))


def _raised(case: Tree, observation: Tree) -> Finding:
    error = identifier(observation.get("error")) or "an exception"
    if error == "NotImplementedError":
        hint = "Replace the line that raises NotImplementedError with your own."
        return Finding(f"{case['function']} is not written yet.", hint, ("not_written",))
    written = global_names(observation)
    detail = ": ".join(filter(None, (error, text(observation.get("message")))))
    if written:
        detail += f". It also writes the global name {written[0]}: keep what must last in state instead."
    ids = ("global_state",) if written else ("raised",)
    return Finding(f"{case['function']} stopped with {error}.", detail, ids, _where(case, observation))


def _malformed(case: Tree, observation: Tree) -> Finding | None:
    kind = text(observation.get("error"))
    if kind not in _MALFORMED:
        return None
    name, headline, hint = _MALFORMED[kind]
    seen = text(observation.get("message"))
    detail = hint if kind == "none" or not seen else f"{hint} Seen: {seen}."
    return Finding(headline.format(function=case["function"]), detail, (name,), _where(case, observation))


def _died(case: Tree, observation: Tree) -> Finding:
    detail = _DIED.get(text(observation.get("reason"))) or text(observation.get("message"))
    return Finding(f"{case['function']} did not come back.", detail, ("did_not_return",))


def _where(case: Tree, observation: Tree) -> dict[str, Any]:
    """Which call stopped and what went in, if the observation names a call that the case has."""
    run, step = observation.get("run"), observation.get("step")
    if type(run) is not int or type(step) is not int or not 0 <= run < len(case["runs"]):
        return {}
    if not 1 <= step <= run_length(case["runs"][run]):
        return {}
    return {unit(case): step, "case": described(case, run, step)}


def text(value: Any) -> str:
    """A text that nobody vouches for, on one line and not too long; empty if it is none."""
    return " ".join(value[:LONGEST].split()) if type(value) is str else ""


def identifier(value: Any) -> str:
    """A name as Python's names are; empty if it is none."""
    name = text(value)
    return name if name.isidentifier() else ""


def global_names(observation: Tree) -> tuple[str, ...]:
    """Global names that the function writes, as far as the observation tells."""
    written = observation.get("globals")
    return tuple(filter(None, map(identifier, written[:3]))) if isinstance(written, list) else ()
