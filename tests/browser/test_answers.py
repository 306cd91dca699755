"""A quiz and a solution answer by keyboard; a quiz is heard by screen readers and needs no script."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
CHAPTER = "chapters/gradient_descent.html"


def test_a_keyboard_answers_and_the_reply_is_announced(address: str, visit) -> None:
    page = visit(f"{address}/{CHAPTER}").page
    quiz = page.locator(".quiz").first
    answers, replies = quiz.locator("input"), quiz.locator(".quiz-reply")
    assert replies.evaluate_all("all => all.filter(one => one.checkVisibility()).length") == 0
    answers.first.focus()
    page.keyboard.press("Space")
    assert replies.nth(0).is_visible()
    page.keyboard.press("ArrowDown")
    assert not replies.nth(0).is_visible()
    assert replies.nth(1).is_visible()
    status = quiz.get_by_role("status")
    assert status.text_content() == replies.nth(1).text_content()
    assert quiz.get_by_role("group").or_(quiz).first.get_attribute("aria-labelledby")


def test_answers_need_no_script(built_book: Path, visit) -> None:
    page = visit((built_book / CHAPTER).as_uri(), java_script_enabled=False).page
    quiz = page.locator(".quiz").first
    quiz.locator(".quiz-answer[data-right=true] label").click()
    assert quiz.locator(".quiz-answer[data-right=true] .quiz-reply").is_visible()


def test_a_keyboard_unfolds_a_solution(address: str, visit) -> None:
    page = visit(f"{address}/{CHAPTER}").page
    solution = page.locator(".solution").first
    inside = solution.locator("section").first
    assert not inside.is_visible()
    solution.locator("button.toggle-button").focus()
    page.keyboard.press("Enter")
    inside.wait_for(state="visible")
