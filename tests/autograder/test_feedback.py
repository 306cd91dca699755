"""What a learner gets to see: the verdict, the mistake, a person's comment; never a hidden input, nothing that acts."""

import json
import re
from html.parser import HTMLParser

import pytest

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.feedback import FeedbackRenderer, feedback_task, page_settings
from autograder.journal import Journal
from autograder.marks import read_marks
from tests.autograder.courses import gradebook_of, run
from tests.autograder.notebooks import NAME


def page(course: Course, student: str) -> str:
    return (course.feedback(student, NAME) / f"{NAME}.html").read_text()


def every_page(course: Course) -> list[str]:
    pages = [path.read_text() for path in course.root.glob(f"*/*/{NAME}/{NAME}.*") if path.parts[-4] != "submitted"]
    assert len(pages) == 2 * len(course.students(NAME))
    return pages


def test_a_learner_reads_the_score_the_mistake_and_where_the_book_explains_it(graded_class: Course) -> None:
    text = page(graded_class, "s00004_damps_the_first")
    assert "70 of 100 points" in " ".join(text.split())
    for said in ("It dampens the very first gradient too.", "It takes the flattest direction", "First seen at step"):
        assert said in text
    links = re.findall(r'href="([^"]+)">Where the book explains it', text)
    assert len(links) == 2
    assert all(link.startswith("../../../../book/_build/html/") for link in links)


def what_to_do_first(course: Course, student: str) -> str:
    """The text of the box on top of a page."""
    (box,) = re.findall(r'<div class="first">(.*?)</div>', page(course, student), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", box).split())


def test_the_first_thing_to_do_is_the_first_mistake(graded_class: Course) -> None:
    said = what_to_do_first(graded_class, "s00004_damps_the_first")
    assert "stability_limit : many curvatures . It takes the flattest direction" in said
    assert "Then look at the other one marked below" in said
    said = what_to_do_first(graded_class, "s00002_uphill")
    assert "It walks up the slope instead of down." in said
    assert "Then look at" not in said, "the three other criteria fail for the same reason"
    assert page(graded_class, "s00002_uphill").count("The same as above.") == 3


def test_who_has_nothing_to_mend_is_told_so(graded_class: Course) -> None:
    assert "All that is checked by machine is right" in what_to_do_first(graded_class, "s00001_as_taught")


def test_an_unreadable_file_is_one_thing_to_do_and_not_fourteen(graded_class: Course) -> None:
    said = what_to_do_first(graded_class, "s00009_broken_upload")
    assert said.startswith("What to do first Not graded: The file is not valid JSON")
    assert "Then look at" not in said


def test_beside_each_page_lies_what_the_exchange_asks_for(graded: Course) -> None:
    """A secret that came with the work, or else one that nobody knows; a new one makes the page new."""
    folder, submitted = graded.feedback("s00001_as_taught", NAME), graded.submitted("s00001_as_taught", NAME)
    assert (folder / "timestamp.txt").read_text() == (submitted / "timestamp.txt").read_text()
    made_up = {(graded.feedback(s, NAME) / "submission_secret.txt").read_text() for s in graded.students(NAME)}
    assert len(made_up) == len(graded.students(NAME))
    (submitted / "submission_secret.txt").write_text("of the exchange")
    assert "1 feedback pages written" in run(graded, "grade", NAME).stdout
    assert (folder / "submission_secret.txt").read_text() == "of the exchange"


def test_every_submission_has_a_page_with_its_own_score(graded_class: Course) -> None:
    for student, entry in gradebook_of(graded_class).items():
        score = sum(grade["score"] for grade in entry["grades"].values())
        assert f"{score:g} of 100 points" in " ".join(page(graded_class, student).split()), student


def test_a_broken_upload_says_what_is_wrong_and_what_to_hand_in(graded_class: Course) -> None:
    text = page(graded_class, "s00009_broken_upload")
    assert "not valid JSON" in text
    assert "Save it in Jupyter and hand it in again." in text


def test_hidden_tests_and_their_inputs_stay_hidden(graded_class: Course) -> None:
    source = graded_class.source_notebook(NAME).read_text()
    seeds = re.findall(r"seed=(\d+)", source)
    assert len(seeds) > 10
    with Journal(graded_class.journal_file) as journal:
        secret = str(journal.seed())
    for text in every_page(graded_class):
        assert "HIDDEN TESTS" not in text
        assert not [seed for seed in (*seeds, secret) if seed in text]


def test_the_evidence_shown_names_the_place_and_no_number(graded_class: Course) -> None:
    """A learner's function may answer with its very input; what it answered is therefore not shown either."""
    with Journal(graded_class.journal_file) as journal:
        verdicts = [v for _, r in journal.results(NAME) for cell in r["cells"] for v in cell["verdicts"]]
    got = {str(verdict["evidence"].get("got")) for verdict in verdicts if verdict["evidence"].get("got")}
    numbers = {text for text in got if re.search(r"\d\.\d{4}", text)}
    assert numbers
    for text in every_page(graded_class):
        assert not [number for number in numbers if number in text]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_hostile_answer_is_text(graded_class: Course) -> None:
    """Nothing that the learner wrote becomes a script, a handler or a link that acts."""
    text = page(graded_class, "s00018_scripts")
    assert "taken over" in text
    mine, plain = _Tags(), _Tags()
    mine.feed(text)
    plain.feed(page(graded_class, "s00001_as_taught"))
    assert [tag for tag, _ in mine.found].count("script") == [tag for tag, _ in plain.found].count("script")
    for _, attributes in mine.found:
        assert not [name for name in attributes if name.startswith("on")]
        assert not str(attributes.get("href", "")).lower().startswith("javascript")


def test_a_persons_grade_and_comment_reach_the_page_at_the_next_run(graded: Course) -> None:
    student, words = "s00001_as_taught", "in_your_own_words"
    with graded.gradebook() as gradebook:
        grade = gradebook.find_grade(words, NAME, NAME, student)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 8.0, 1.5, False
        gradebook.find_comment(words, NAME, NAME, student).manual_comment = "Well *argued*."
        gradebook.db.commit()
    assert "a person still reads" in page(graded, student)

    done = run(graded, "grade", NAME)
    assert done.returncode == 0
    assert "0 graded, 18 unchanged, 1 feedback pages written" in done.stdout
    text = " ".join(page(graded, student).split())
    assert "99.5 of 100 points" in text
    assert "Well <em>argued</em>." in text
    assert "in your own words</a> (with a comment)" in text
    assert "a person still reads" not in text
    assert "99.5" in graded.marks(NAME).read_text()
    assert gradebook_of(graded)[student]["grades"][words]["manual_score"] == 8.0


@pytest.mark.parametrize("url", ["https://example.org/book", "https://example.org/book/"])
def test_links_lead_to_the_published_book_where_the_course_says_so(graded: Course, url: str) -> None:
    config = graded.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\nc.Autograder.book_url = {url!r}\n")
    assert graded.book_url(graded.report(NAME)) == "https://example.org/book/"
    run(graded, "report", NAME)
    assert 'href="https://example.org/book/chapters/gradient_descent.html' in graded.report(NAME).read_text()


def test_pictures_get_a_description_and_formulas_are_drawn(graded: Course) -> None:
    """nbconvert would parse the whole page for the pictures, and load MathJax for the formulas."""
    path = graded.autograded("s00001_as_taught", NAME) / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text())
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    drawn = [{"image/png": "iVBORw0KGgo="}, {"image/svg+xml": "<svg></svg>"}, {"text/latex": "$x^2$"}]
    code["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": data} for data in drawn]
    path.write_text(json.dumps(notebook))
    assignment = Assignment.load(graded.root, NAME)
    task = feedback_task(graded, assignment, read_marks(graded, assignment).marks["s00001_as_taught"])
    page = FeedbackRenderer(page_settings(graded)).page(task, path.read_text())
    pictures = re.findall(r"<img[^>]*>", page)
    assert pictures
    assert all(len(re.findall(r'\salt="[^"]+"', picture)) == 1 for picture in pictures)
    assert '<div class="output_latex output_subarea"><math' in page
