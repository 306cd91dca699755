"""The formula shown beside a step is the one in its docstring."""

import pytest
from course_book.step_formula import formula_of

from course_lib.optimizers.torch_rules import RULES


@pytest.mark.parametrize("name", RULES)
def test_every_rule_of_torch_has_a_formula(name: str) -> None:
    step = RULES[name].step
    latex, path = formula_of(f"{step.__module__}.{step.__name__}")
    assert path.stem == step.__module__.rpartition(".")[2]
    assert "w_" in latex
    assert "Parameters" not in latex
    assert all(line.strip() in step.__doc__ for line in latex.splitlines())


def test_a_formula_of_several_lines_is_whole() -> None:
    latex, _ = formula_of("course_lib.optimizers.adagrad.adagrad_step")
    assert latex.startswith("s_t &= ")
    assert latex.count("\\\\") == 1
    assert latex.endswith("+ \\epsilon}")


def test_a_docstring_without_one_is_named() -> None:
    with pytest.raises(ValueError, match=r"adam_init: its docstring has no `.. math::`"):
        formula_of("course_lib.optimizers.adam.adam_init")
