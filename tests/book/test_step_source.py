"""A listing of a reference function is its own source, less the docstring."""

import ast
import inspect

import pytest
from course_book.step_source import source_of

from course_lib import schedules
from course_lib.optimizers import gd, sgd


@pytest.mark.parametrize(
    ("module", "name"), [(gd, "gd_step"), (sgd, "sgd_step"), (sgd, "SGDState"), (schedules, "cosine")]
)
def test_a_listing_says_what_the_function_does(module: object, name: str) -> None:
    """Same tree as the source, with the docstring taken out of it."""
    text, path = source_of(f"{module.__name__}.{name}")
    expected = ast.parse(inspect.getsource(getattr(module, name)))
    del expected.body[0].body[0]
    assert ast.dump(ast.parse(text)) == ast.dump(expected)
    assert path.name == f"{module.__name__.rpartition('.')[2]}.py"
    assert len(text.splitlines()[0]) <= 80, "the signature fits the page"
    assert "noqa" not in text


def test_an_imported_name_is_not_found_where_it_is_only_passed_on() -> None:
    with pytest.raises(ValueError, match="name the file where it stands"):
        source_of("course_lib.optimizers.gd_step")


def test_an_unknown_module_is_named() -> None:
    with pytest.raises(ValueError, match=r"no module 'course_lib\.nowhere'"):
        source_of("course_lib.nowhere.gd_step")
