"""What explorers are given to draw comes from the reference; what a page gets can stand alone."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from course_lib import explorers
from course_lib.descent import minimize
from course_lib.explorers import Explorer, parabola_explorer
from course_lib.explorers.base import STATIC, plain
from course_lib.explorers.bundle import HERE, classic_script, kinds, widget_module
from course_lib.explorers.kept import KEPT
from course_lib.explorers.parabola import RATES, REGIMES, STEPS, regime, zones
from course_lib.objectives import parabola
from course_lib.optimizers import gd_init, gd_step


@pytest.fixture(params=kinds())
def explorer(request: pytest.FixtureRequest) -> Explorer:
    """Every explorer of the course, by the name that its module gives it, so that none is left out."""
    return getattr(explorers, f"{request.param}_explorer")()


def test_what_is_drawn_is_the_reference_trajectory() -> None:
    data = json.loads(parabola_explorer().json)["data"]
    for index, lr in enumerate(RATES):
        path = minimize(parabola, gd_init, gd_step, lr=float(lr), steps=STEPS)
        assert data["lr"][index] == pytest.approx(lr, rel=1e-12)
        np.testing.assert_allclose(data["x"][index], path.w, rtol=1e-5)
        np.testing.assert_allclose(data["loss"][index], path.loss, rtol=1e-5)
        np.testing.assert_allclose(data["grad"][index], path.grad, rtol=1e-5)


def test_the_map_of_rates_agrees_with_the_theory() -> None:
    """The zones are read from trajectories; the multiplier 1 - 8 lr says where their limits must be."""
    paths = [minimize(parabola, gd_init, gd_step, lr=float(lr), steps=STEPS) for lr in RATES]
    found = zones(paths)
    assert [zone["name"] for zone in found] == list(REGIMES)
    assert [zone["label"] for zone in found] == [None, "1/8", None, "1/4", None]
    for zone in found:
        for lr in RATES[zone["first"] : zone["last"] + 1]:
            m = 1 - 8 * lr
            expected = "lands in one step" if m == 0 else "walks in" if m > 0 else None
            expected = expected or ("zigzags in" if m > -1 else "bounces forever" if m == -1 else "diverges")
            assert zone["name"] == expected, lr


@pytest.mark.parametrize(
    ("x", "name"),
    [
        ([2, 1, 0.5], "walks in"),
        ([2, 0, 0], "lands in one step"),
        ([2, -1, 0.5], "zigzags in"),
        ([2, -2, 2], "bounces forever"),
        ([2, -3, 4.5], "diverges"),
    ],
)
def test_a_regime_is_read_from_signs_and_sizes(x: list[float], name: str) -> None:
    assert regime(np.array(x, dtype=float)) == name


def test_a_start_outside_the_slider_is_refused() -> None:
    with pytest.raises(ValueError, match=r"lr=0.5: the slider runs from 0.005 to 0.3"):
        parabola_explorer(lr=0.5)


def test_the_slider_starts_where_it_is_told() -> None:
    explorer = parabola_explorer(lr=0.2)
    assert explorer.data["lr"][explorer.state["lr"]] == 0.2


def test_a_page_gets_data_and_a_picture_with_alt_text(explorer: Explorer) -> None:
    figure = ET.fromstring(explorer.html.replace("<style>", "<style><![CDATA[").replace("</style>", "]]></style>"))
    assert figure.get("data-explorer") == explorer.kind
    assert figure.get("aria-label") == explorer.title
    picture = figure.find("./div/{http://www.w3.org/2000/svg}svg")
    assert picture.get("role") == "img"
    assert len(picture.get("aria-label").split()) > 5
    assert json.loads(figure.find("./script").text)["state"] == dict(explorer.state)
    assert len(explorer.html) < 100_000, "a page has 400 KB for itself"


def test_a_live_notebook_gets_a_widget_and_a_printed_one_does_not(
    explorer: Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(STATIC, raising=False)
    live, _ = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in live
    assert explorer.widget.data == json.loads(explorer.json)["data"]
    monkeypatch.setenv(STATIC, "1")
    printed, metadata = explorer._repr_mimebundle_()
    assert sorted(printed) == ["image/png", "text/html", "text/plain"]
    assert metadata["image/png"]["alt"] == explorer.fallback.alt


def test_where_a_folder_is_named_an_explorer_is_computed_once_for_each_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEPT, str(tmp_path))
    first = parabola_explorer(lr=0.2)
    monkeypatch.setattr("course_lib.explorers.parabola.minimize", None)  # what computes it is gone
    again = parabola_explorer(lr=0.2)
    assert (again.html, again.fallback.png) == (first.html, first.fallback.png)
    with pytest.raises(TypeError):
        parabola_explorer(lr=0.1)
    monkeypatch.delenv(KEPT)
    with pytest.raises(TypeError):
        parabola_explorer(lr=0.2)


@pytest.mark.parametrize("kind", kinds())
def test_one_source_becomes_a_module_and_a_script(kind: str) -> None:
    module, script = widget_module(kind), classic_script("base") + classic_script(kind)
    assert len(re.findall(r"^export ", module, re.M)) == 1, "only the default that anywidget asks for"
    assert not re.search(r"^import ", module, re.M)
    assert not re.search(r"^(import|export) ", script, re.M), "a classic script has neither"
    body = (HERE / f"{kind}.js").read_text(encoding="utf-8").rsplit('.js";\n', 1)[1].replace("export ", "")
    assert body in module
    assert body in script


def test_an_unknown_explorer_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no explorer 'cube'; there are: .*parabola"):
        widget_module("cube")


def test_json_cannot_end_its_script_element() -> None:
    explorer = Explorer("parabola", "t", {"name": "</script><b>"}, {}, parabola_explorer().fallback)
    assert "</script><b>" not in explorer.html
    assert json.loads(explorer.json)["data"]["name"] == "</script><b>"


def test_what_json_has_no_word_for_becomes_null() -> None:
    assert plain({"a": np.array([np.inf, -0.0, 1e20, 1 / 3]), "b": (True, None, np.float64("nan"))}) == {
        "a": [None, 0, 1e20, 0.333333],
        "b": [True, None, None],
    }
