"""The specifications hold together: reference and torch, words and links."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from docutils.nodes import make_id
from learners import FUNCTIONS, graded

from course_lib.checks import draw_cases, spec_for
from course_lib.checks.functions import SPECS
from course_lib.checks.observe import gradient_at, settings_at
from course_lib.optimizers import from_torch

BOOK = Path(__file__).resolve().parents[2] / "book"


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if spec_for(name).torch])
def test_the_reference_is_torchs_along_every_constant_run(name: str) -> None:
    spec = spec_for(name)
    compared = 0
    for criterion in graded(name):
        for case in draw_cases(name, criterion, seed=4):
            for run in case["runs"]:
                settings = settings_at(run, 0) | run.get("start", {})
                if run["schedule"]:
                    continue  # from_torch holds its settings fixed; tests/course_lib compares schedules
                rule = from_torch(str(spec.torch), **settings)
                w, state = run["w"], rule.init(run["w"])
                for t, truth in enumerate(spec.follow(run)):
                    g, _ = gradient_at(run, t, np.asarray, spec.gradient)
                    w, state = rule.step(w, g, state)
                    np.testing.assert_array_equal(w, truth["w"])
                compared += 1
    assert compared > 5


def test_one_iteration_of_lbfgs_is_torchs() -> None:
    torch = pytest.importorskip("torch", reason="torch is an extra")
    spec, compared = spec_for("lbfgs_step"), 0
    for run in (
        run for name in graded("lbfgs_step") for case in draw_cases("lbfgs_step", name, 4) for run in case["runs"]
    ):
        if run["schedule"] or run["w"].dtype != np.float64:
            continue  # torch's lr is a setting of its own object; in float32 its intermediate steps round differently
        w = torch.nn.Parameter(torch.from_numpy(run["w"].copy()))
        rule = torch.optim.LBFGS([w], max_iter=1, tolerance_grad=0, tolerance_change=0, **run["settings"])
        closure, _ = gradient_at(run, 0, torch.from_numpy, spec.gradient)

        def evaluate(w: Any = w, closure: Any = closure) -> Any:
            loss, w.grad = closure(w.detach())
            return loss

        for truth in spec.follow(run):
            rule.step(evaluate)
            np.testing.assert_allclose(w.detach().numpy(), truth["w"], rtol=1e-12, atol=1e-14)
        compared += 1
    assert compared > 20


def anchors(page: Path) -> set[str]:
    """The anchors that Sphinx gives a page: its headings and its labels."""
    text = page.read_text().replace("'", "’")  # quotation marks are set before a heading gets its name
    return {make_id(h) for h in re.findall(r"^#+ (.+)$", text, re.M)} | set(re.findall(r"^\((.+)\)=$", text, re.M))


LINKS = sorted(
    {s for spec in SPECS.values() for s in (spec.section, *(m.section for m in spec.misconceptions.values())) if s}
)


@pytest.mark.parametrize("link", LINKS)
def test_links_lead_into_the_book(link: str) -> None:
    page, _, anchor = link.partition("#")
    source = (BOOK / page).with_suffix(".md")
    assert source.is_file()
    assert not anchor or anchor in anchors(source)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_misconceptions_are_said_in_sentences(name: str) -> None:
    known = spec_for(name).misconceptions
    assert len({m.headline for m in known.values()}) == len(known)
    for mistake in known.values():
        assert re.fullmatch(r"[A-Z].*[.]", mistake.headline)
        assert re.fullmatch(r"[A-Z].*[.]", mistake.hint)


def test_each_criterion_draws_from_random_numbers_of_its_own() -> None:
    first, second = (draw_cases("gd_step", name, 0)[0]["runs"][0]["w"] for name in ("one_step", "many_steps"))
    assert not np.array_equal(first, second)
