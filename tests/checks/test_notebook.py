"""``check`` as a learner meets it: a table to read, one sentence in a graded cell, and quick help to find the way."""

import functools
import sys
from typing import Any

import pytest
from bs4 import BeautifulSoup
from IPython.core.ultratb import AutoFormattedTB
from learners import FUNCTIONS, graded, written

from course_lib.checks import CheckFailed, CheckReport, check, spec_for
from course_lib.checks.report import shown_evidence

RIGHT = "def gd_step(w, g, state, *, lr=1e-3): return w - lr * g, GDState(state.t + 1)"
UPHILL = "def gd_step(w, g, state, *, lr=1e-3): return w + lr * g, GDState(state.t + 1)"
TEXTUAL = "def gd_step(w, g, state, *, lr=1e-3): raise type('<i>', (Exception,), {})('<b>&</b>')"


def report(source: str, name: str = "gd_step", **more: Any) -> CheckReport:
    found = check(name, written(source, name), **more)
    assert isinstance(found, CheckReport)
    return found


def html(found: CheckReport) -> BeautifulSoup:
    return BeautifulSoup(found._repr_mimebundle_()["text/html"], "html.parser")


def test_the_table_names_every_criterion_once() -> None:
    table = html(report(RIGHT)).find("table")
    assert table.caption.text == "gd_step: 4 of 4 criteria met" or "torch" in sys.modules
    assert [th["scope"] for th in table.thead.find_all("th")] == ["col"] * 3
    names = [row.th.text for row in table.tbody.find_all("tr")]
    assert names[:4] == graded("gd_step")
    assert all("right" in row.td.text for row in table.tbody.find_all("tr"))


def test_a_mistake_is_explained_once_with_its_place_and_a_link() -> None:
    rows = html(report(UPHILL)).tbody.find_all("tr")
    texts = [row.find_all("td")[1].text for row in rows]
    assert all("not\N{NO-BREAK SPACE}yet" in row.td.text for row in rows)
    assert texts[0].startswith("It walks up the slope instead of down.")
    assert "First seen at step 1: w[" in texts[0]
    assert "In the book: gradient descent" in texts[0]
    assert texts[1] == "It walks up the slope instead of down."


def test_plain_text_says_the_same() -> None:
    said = str(report(UPHILL))
    assert said.splitlines()[0].startswith("gd_step: 0 of")
    assert "✗ one_step: It walks up the slope instead of down." in said
    assert "right is" in said
    assert report(UPHILL)._repr_mimebundle_()["text/plain"] == said == repr(report(UPHILL))


def test_what_the_learner_wrote_is_text_and_not_markup() -> None:
    assert not [tag for tag in ("<b>&", "<i>") if tag in report(TEXTUAL)._html()]
    assert "stopped with an exception." in html(report(TEXTUAL)).text
    assert "<b>&</b>" in html(report(TEXTUAL)).text


def test_the_picture_has_words_and_shows_both_paths() -> None:
    picture = html(report(UPHILL)).svg
    assert picture["role"] == "img"
    assert "Right: 2, 0.56, 0.157" in picture.title.text
    assert "Yours: 2, 3.44" in picture.title.text
    assert "leaves the picture" in picture.title.text
    assert len(picture.find_all("polyline")) == 3


@pytest.mark.parametrize(
    "body", ["raise OSError", "return w", "return w * float('nan'), state", "return None", "1 / 0"]
)
def test_there_is_no_picture_of_a_path_that_does_not_exist(body: str) -> None:
    assert html(report(f"def gd_step(w, g, state, *, lr=1e-3): {body}")).svg is None


def test_a_graded_criterion_that_is_met_prints_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing on stderr, and no value: plain nbgrader reads the last value of a test cell as a score."""
    assert check("gd_step", written(RIGHT, "gd_step"), criterion="one_step") is None
    assert capfd.readouterr() == ("gd_step, one_step: right. One step goes where it should.\n", "")


def test_a_graded_criterion_that_fails_is_one_short_assertion_error() -> None:
    with pytest.raises(AssertionError, match="It walks up the slope") as caught:
        check("gd_step", written(UPHILL, "gd_step"), criterion="one_step")
    assert len(str(caught.value).splitlines()) == 3
    assert caught.value._render_traceback_() == [f"AssertionError: {caught.value}"]
    assert isinstance(caught.value, CheckFailed)


def test_jupyter_shows_no_traceback() -> None:
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shown: list[Any] = []
    shell._showtraceback = lambda kind, value, lines: shown.extend(lines)  # type: ignore[method-assign]
    assert AutoFormattedTB  # the formatter that would print a page
    shell.run_cell(f"from course_lib.checks import check\n{UPHILL}\ncheck('gd_step', gd_step, criterion='one_step')")
    assert len(shown) == 1
    assert shown[0].startswith("AssertionError: gd_step, one_step: ")


def test_another_seed_does_not_show_what_is_right() -> None:
    with pytest.raises(CheckFailed) as caught:
        check("gd_step", written(UPHILL, "gd_step"), criterion="one_step", seed=7)
    assert "right is" not in str(caught.value)
    assert "First seen at step 1" in str(caught.value)


def test_practice_gives_the_same_numbers_every_time() -> None:
    assert str(report(UPHILL)) == str(report(UPHILL))
    assert str(report(UPHILL)) != str(report(UPHILL, seed=7))


def test_a_single_criterion_can_be_any() -> None:
    for name in FUNCTIONS:
        for criterion in graded(name):
            namespace_function = spec_for(name).reference
            assert check(name, namespace_function, criterion=criterion) is None


@pytest.mark.parametrize(
    "wrap", [lambda f: functools.partial(f), functools.wraps, lambda f: f], ids=["partial", "wraps", "plain"]
)
def test_helpers_are_found_where_the_function_was_written(wrap: Any) -> None:
    step = written(RIGHT, "gd_step")
    wrapped = step if wrap is functools.wraps else wrap(step)
    if wrap is functools.wraps:

        @functools.wraps(step)
        def wrapped(*a: Any, **k: Any) -> Any:
            return step(*a, **k)

    assert check("gd_step", wrapped, criterion="one_step") is None


def test_torch_is_tried_only_where_it_is_loaded_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    assert [verdict.criterion for verdict in report(RIGHT).verdicts] == graded("gd_step")
    monkeypatch.undo()
    pytest.importorskip("torch", reason="torch is an extra")
    assert [verdict.criterion for verdict in report(RIGHT).verdicts] == [*graded("gd_step"), "torch_tensors"]


def test_swapped_arguments_get_a_clear_error() -> None:
    with pytest.raises(TypeError, match="the name first and then the function"):
        check(written(RIGHT, "gd_step"), "gd_step")  # type: ignore[arg-type]
    with pytest.raises(KeyError, match="known: gd_step"):
        check("gdstep", written(RIGHT, "gd_step"))
    with pytest.raises(KeyError, match="it has: one_step"):
        check("gd_step", written(RIGHT, "gd_step"), criterion="first_step")


def test_the_link_follows_the_published_book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_BOOK_URL", "https://example.org/book/")
    link = html(report(UPHILL)).find("a")
    assert link["href"].startswith("https://example.org/book/chapters/gradient_descent.html#")


def test_what_the_function_prints_is_shown_once_below_the_table(capfd: pytest.CaptureFixture[str]) -> None:
    """A learner who looks for a mistake by printing must not be left without an answer."""
    talking = "def gd_step(w, g, state, *, lr=1e-3):\n    print('<lr>', lr); return w - lr * g, GDState(state.t + 1)"
    found = report(talking)
    assert html(found).pre.text.startswith("<lr> 0.")
    assert "your function printed" in str(found)
    assert "printed" not in str(report(RIGHT))
    assert capfd.readouterr() == ("", "")


def test_evidence_of_a_call_that_stopped_has_a_place() -> None:
    verdict = report("def gd_step(w, g, state, *, lr=1e-3): 1 / 0").verdicts[0]
    assert shown_evidence(verdict).startswith("First seen at step 1 (w of shape (3,) and dtype float64, lr=")
