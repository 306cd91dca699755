"""Figures: what is drawn is what was computed, every one has alt text, and its colours can be told apart."""

import base64
import html
import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from course_lib.descent import Trajectory, minimize
from course_lib.objectives import parabola, quadratic, rosenbrock
from course_lib.optimizers import gd_init, gd_step
from course_lib.palette import PALETTE, SERIES, ink, palette_css
from course_lib.plotting import Figure, figure, plot_contours, plot_curve, plot_loss

ALT = 'The loss falls & says "so" <quickly>.'


def run(lr: float, objective=parabola, steps: int = 6) -> Trajectory:
    return minimize(objective, gd_init, gd_step, lr=lr, steps=steps)


FIGURES = {
    "curve": lambda alt: plot_curve(parabola, {"lr = 0.1": run(0.1), "lr = 1": run(1.0)}, alt=alt),
    "contours": lambda alt: plot_contours(quadratic(10), {"lr = 0.1": run(0.1, quadratic(10))}, alt=alt),
    "loss": lambda alt: plot_loss({"lr = 0.1": run(0.1), "lr = 1/8": run(1 / 8)}, alt=alt),
}


@pytest.fixture(params=FIGURES.values(), ids=FIGURES.keys())
def make(request: pytest.FixtureRequest):
    return request.param


@pytest.mark.parametrize("alt", ["", " ", "figure", None])
def test_a_figure_without_alt_text_is_refused(make, alt: str | None) -> None:
    with pytest.raises(ValueError, match="alt text"):
        make(alt)


def test_the_drawn_lines_are_the_trajectories() -> None:
    first, second = run(0.1), run(0.2)
    lines = plot_curve(parabola, {"a": first, "b": second}, alt=ALT).ax.lines
    for line, path in zip(lines[1:], (first, second), strict=True):
        np.testing.assert_array_equal(line.get_xydata(), np.stack([path.w, path.loss], axis=1))
    path = run(0.1, quadratic(10))
    np.testing.assert_array_equal(plot_contours(quadratic(10), {"a": path}, alt=ALT).ax.lines[0].get_xydata(), path.w)
    np.testing.assert_array_equal(plot_loss({"a": first}, alt=ALT).ax.lines[0].get_ydata(), first.loss)


def test_words_added_to_a_finished_drawing_can_be_read_in_the_dark_too() -> None:
    drawing = plot_contours(quadratic(10), {"a": run(0.1, quadratic(10))}, alt=ALT)
    drawing.ax.legend()
    page = drawing._repr_mimebundle_()[0]["text/html"]
    assert any("fill" not in text for text in re.findall(r"<text[^>]*>", page))
    assert ".course-figure text{fill:var(--course-ink)}" in page


def test_losses_that_a_logarithm_cannot_show_leave_a_gap() -> None:
    landed, burst = run(1 / 8), run(1.0, steps=400)
    assert landed.loss[1] == 0
    assert np.isinf(burst.loss[-1]) or np.isnan(burst.loss[-1])
    shown = [line.get_ydata() for line in plot_loss({"a": landed, "b": burst}, alt=ALT).ax.lines]
    assert np.isfinite(shown[0]).tolist() == [True] + [False] * 6
    assert shown[1][0] == burst.loss[0]
    assert not np.isinf(shown[1]).any()


def test_a_curve_takes_functions_of_one_number_and_contours_of_two() -> None:
    with pytest.raises(ValueError, match="plot_contours"):
        plot_curve(rosenbrock, alt=ALT)
    with pytest.raises(ValueError, match="draws two"):
        plot_contours(parabola, alt=ALT)


def test_the_svg_is_an_image_with_its_alt_text(make) -> None:
    root = ET.fromstring(make(ALT).svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == ALT
    assert root.get("width") is None, "the page decides the width"


def test_every_ink_of_the_svg_follows_the_theme(make) -> None:
    colours = set(re.findall(r"(?:fill|stroke):([^;\"]+)", make(ALT).svg))
    assert colours - {"none"}
    assert all(colour == "none" or colour.startswith("var(--course-") for colour in colours), colours


def test_two_figures_share_a_page(make) -> None:
    """Ids are unique and every reference is answered within its own drawing; no style leaks out."""
    drawings = [make(ALT).svg, FIGURES["curve"](ALT.replace("falls", "rises")).svg]
    ids = [re.findall(r' id="([^"]+)"', svg) for svg in drawings]
    assert not set(ids[0]) & set(ids[1])
    for svg, own in zip(drawings, ids, strict=True):
        assert set(re.findall(r'(?:url\(|href=")#([^")]+)', svg)) <= set(own)
        assert "<style" not in svg


def test_drawing_twice_gives_the_same_text(make) -> None:
    """Otherwise every build would change every page."""
    assert make(ALT).svg == make(ALT).svg


def test_a_notebook_gets_html_an_image_and_words(make) -> None:
    bundle, metadata = make(ALT)._repr_mimebundle_()
    assert html.escape(ALT) in bundle["text/html"]
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["text/plain"] == metadata["image/png"]["alt"] == ALT
    assert len(bundle["text/html"]) < 60_000


def test_text_is_readable_on_a_phone(make) -> None:
    """A figure 400 units wide gets some 340 of a phone's 390 pixels: letters of 10 units are over 8 pixels high."""
    svg = make(ALT).svg
    assert float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1]) <= 400
    labels = [float(size) for size in re.findall(r"<text[^>]*font-size:([\d.]+)px", svg)]
    assert min(labels) >= 10


def test_a_figure_by_hand_has_the_course_style() -> None:
    with figure(ALT, columns=2) as drawing:
        for ax in drawing.axes:
            ax.plot([0, 1], color=ink("gold"))
    assert isinstance(drawing, Figure)
    assert "var(--course-gold" in drawing.svg
    assert not drawing.ax.spines["top"].get_visible()


def luminance(colour: str) -> float:
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_inks_stand_out_from_their_paper(theme: str) -> None:
    """WCAG 2.2: 4.5 to 1 for text, 3 to 1 for graphics (1.4.3, 1.4.11); series inks also colour small labels."""
    paper = getattr(PALETTE["paper"], theme)
    for name in ("ink", "muted", *SERIES):
        assert contrast(getattr(PALETTE[name], theme), paper) >= 4.5, name


# Machado, Oliveira & Fernandes (2009), IEEE TVCG 15(6), table 1: severity 1.0, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


def lab(colour: str, blindness: str) -> np.ndarray:
    """CIE L*a*b* of the colour as somebody with that kind of colour blindness sees it."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(BLINDNESS[blindness]) @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ seen
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_series_can_be_told_apart(blindness: str, theme: str) -> None:
    """Some six times a just noticeable difference (2.3 in L*a*b*); markers differ as well."""
    for one, other in itertools.combinations(SERIES, 2):
        a, b = (lab(getattr(PALETTE[name], theme), blindness) for name in (one, other))
        assert np.linalg.norm(a - b) >= 14, (one, other)


def test_the_style_sheet_has_every_ink_for_every_host() -> None:
    css = palette_css(".here")
    for name, colour in PALETTE.items():
        assert f"--course-{name}:{colour.light}" in css
        assert f"--course-{name}:{colour.dark}" in css
    for host in ("html[data-theme=dark] .here", "body[data-jp-theme-light=false] .here"):
        assert host in css


def test_contours_have_one_scale_and_say_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """At one scale a gradient stands at right angles to its level line; a word on stderr would land on the page."""
    for objective in (quadratic(10), rosenbrock):
        drawing = plot_contours(objective, alt=ALT)
        assert drawing.svg
        box, (x0, x1), (y0, y1) = drawing.ax.bbox, drawing.ax.get_xlim(), drawing.ax.get_ylim()
        assert box.width / (x1 - x0) == pytest.approx(box.height / (y1 - y0), rel=1e-2)
        (a0, a1), (b0, b1) = objective.domain
        assert x0 <= a0 < a1 <= x1
        assert y0 <= b0 < b1 <= y1
    assert capfd.readouterr() == ("", "")


def test_a_long_path_is_a_line_with_some_markers() -> None:
    path = run(0.01, steps=600)
    line = plot_loss({"a": path}, alt=ALT).ax.lines[0]
    assert len(line.get_ydata()) == 601
    assert line.get_markevery() == 20
