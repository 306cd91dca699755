"""Names of mistakes for a page on a whole class: of nobody in particular, so without anything that a learner wrote."""

from collections.abc import Mapping

from course_lib.checks import spec_for
from course_lib.checks.specs import Misconception

# What every function can get wrong is in no spec. A verdict's own words on it may quote the learner.
GENERAL = {
    "array": ("It gives an array where a tensor is due.", "Calculate with what comes in, as it is."),
    "did_not_return": ("It does not come back.", "A loop without end, exit(), or more memory than there is."),
    "first_element_only": ("Only the first element is right.", "It works on one entry, not on the whole array."),
    "float32": ("It is right to about seven digits only.", "A float32 on the way loses the others."),
    "global_state": ("It remembers something between calls.", "What must last belongs in state and nowhere else."),
    "input_changed": ("It changes what was passed to it.", "w -= … and w[:] = … write into the caller's array."),
    "not_a_pair": ("It does not return a pair.", "New weights and new state belong together: (w, state)."),
    "not_an_array": ("It gives something else where an array is due.", "Calculate with the arrays as they are."),
    "not_defined": ("It is not there.", "Its cell is gone, was renamed, or stopped before the definition."),
    "not_finite": ("It gives nan or inf.", "A division by zero, or an exp of something large."),
    "not_numbers": ("It gives something that is not numbers.", "What it returns must be numbers or arrays of them."),
    "not_written": ("It is not written yet.", "It still raises NotImplementedError."),
    "pair_swapped": ("It returns the pair the wrong way round.", "The weights come first: (w, state)."),
    "ragged": ("What it returns does not fit together.", "Lists that belong together must have one length."),
    "raised": ("It stops with an error.", "The message stands in each learner's feedback."),
    "returned_none": ("It returns None.", "Some way through it ends without a return."),
    "state_not_returned": ("It returns the weights without the state.", "Both are due, as the pair (w, state)."),
    "tensor": ("It gives a tensor where an array is due.", "Calculate with what comes in, as it is."),
    "whole_numbers": ("It gives whole numbers only.", "A // where / is meant, or an int()."),
    "wrong_dtype": ("It gives another dtype than went in.", "A dtype=, a float(), or an array of Python numbers."),
    "wrong_shape": ("It gives another shape than is due.", "New weights and buffers have the shape of the old ones."),
    "wrong_state_type": ("The state it returns is not of the right kind.", "The state given, with new values in it."),
}
NOTHING = {"not_defined", "not_written"}
UNNAMED = ("It is wrong in a way that is not known here.", "No known mistake, alone or in a pair, gives these numbers.")


def words(function: str, mistake: str) -> tuple[str, str]:
    """Headline and hint of a mistake of ``function``."""
    known = _known(function).get(mistake)
    return (known.headline, known.hint) if known else GENERAL.get(mistake, UNNAMED)


def is_known(function: str, mistake: str) -> bool:
    """Whether the mistake is one of the formula, which the function's spec knows how to make."""
    return mistake in _known(function)


def _known(function: str) -> Mapping[str, Misconception]:
    """The function's own mistakes; none of a function that the course once had and has no more."""
    try:
        return spec_for(function).misconceptions
    except KeyError:
        return {}
