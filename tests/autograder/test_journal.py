"""The journal knows what has been graded; one run at a time may change it."""

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.course import CourseError
from autograder.history import KEPT, Function, Standing
from autograder.journal import Entry, Journal, Record, only_grader, result_key
from tests.autograder.courses import environment


def record(student: str = "ada", **changes: object) -> Record:
    values: dict[str, object] = {
        "submission": "s",
        "key": "k",
        "standing": "now",
        "feedback": "",
        "result": {"cells": []},
    }
    return Record(assignment="ps1", student=student, **{**values, **changes})


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    with Journal(tmp_path / "journal.db") as opened:
        yield opened


def test_what_is_written_is_read_again(journal: Journal) -> None:
    journal.write([record("ada"), record("emmy", key="other")])
    assert journal.records("ps1") == {"ada": Entry("s", "k", "now", ""), "emmy": Entry("s", "other", "now", "")}
    assert list(journal.results("ps1")) == [("ada", {"cells": []}), ("emmy", {"cells": []})]
    assert journal.records("ps2") == {}


def test_a_later_record_replaces_the_earlier(journal: Journal) -> None:
    journal.write([record()])
    journal.rendered("ps1", {"ada": "page"})
    journal.set_standing("ps1", "ada", "late")
    assert journal.records("ps1")["ada"] == Entry("s", "k", "late", "page")
    journal.write([record(key="new")])
    assert journal.records("ps1")["ada"] == Entry("s", "new", "now", "")
    journal.forget("ps1", "ada")
    assert journal.records("ps1") == {}


def graded(score: float, *mistakes: str) -> dict[str, object]:
    verdicts = [
        {"function": "gd_step", "criterion": "one_step", "passed": not mistakes, "misconceptions": list(mistakes)},
        {"function": "gd_step", "criterion": "many_steps", "passed": True, "misconceptions": []},
    ]
    cells = [
        {"kind": "check", "score": score, "max_score": 6.0, "verdicts": verdicts},
        {"kind": "manual", "score": None, "max_score": 10.0, "verdicts": []},
    ]
    return {"cells": cells}


def handed_in(day: int) -> str:
    return f'["2026-09-{day} 08:00:00", "None"]'


def test_every_attempt_is_kept_and_regrading_one_only_brings_it_up_to_date(journal: Journal) -> None:
    journal.write([record(submission="one", standing=handed_in(14), result=graded(0.0, "ascends"))])
    journal.write([record(submission="two", standing=handed_in(15), result=graded(3.0, "lr_twice"))])
    for _ in range(2):
        journal.write([record(submission="two", key="new grader", standing=handed_in(15), result=graded(6.0))])
    journal.write([record("emmy", result=graded(6.0))])
    attempts = dict(journal.attempts("ps1"))
    first, second = attempts["ada"]
    assert first == Standing(1, "2026-09-14 08:00:00", 0.0, 6.0, {"gd_step": Function(1, 2, frozenset({"ascends"}))})
    assert second == Standing(2, "2026-09-15 08:00:00", 6.0, 6.0, {"gd_step": Function(2, 2, frozenset())})
    assert [(one.number, one.score) for one in attempts["emmy"]] == [(1, 6.0)]
    assert dict(journal.attempts("ps2")) == {}


def test_work_handed_in_a_second_time_is_an_attempt_of_its_own(journal: Journal) -> None:
    for submission in ("one", "two", "one"):
        journal.write([record(submission=submission, result=graded(1.0))])
    assert len(dict(journal.attempts("ps1"))["ada"]) == 3


def test_the_history_of_a_student_is_bounded(journal: Journal) -> None:
    for number in range(50):
        journal.write([record(submission=str(number), result=graded(number))])
    attempts = dict(journal.attempts("ps1"))["ada"]
    assert [attempt.score for attempt in attempts] == [0, *range(50 - KEPT + 1, 50)]


def test_a_failed_grading_loses_no_history(journal: Journal) -> None:
    journal.write([record(submission="one", result=graded(1.0))])
    journal.forget("ps1", "ada")
    journal.write([record(submission="one", result=graded(2.0))])
    assert [attempt.score for attempt in dict(journal.attempts("ps1"))["ada"]] == [2.0]


def test_a_journal_from_before_there_was_a_history_goes_on(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.db") as journal:
        journal.write([record(submission="old", result=graded(1.0)), record("emmy", result=graded(6.0))])
    with sqlite3.connect(tmp_path / "journal.db") as database:
        database.execute("drop table attempt")
    with Journal(tmp_path / "journal.db") as journal:
        assert journal.records("ps1").keys() == {"ada", "emmy"}
        assert dict(journal.attempts("ps1")) == {}
        journal.write([record(submission="new", result=graded(5.0))])
        assert [attempt.score for attempt in dict(journal.attempts("ps1"))["ada"]] == [1.0, 5.0]


def test_a_course_has_one_secret_seed(tmp_path: Path) -> None:
    seeds = []
    for name in ("one.db", "one.db", "two.db"):
        with Journal(tmp_path / name) as journal:
            seeds.append(journal.seed())
    assert seeds[0] == seeds[1] != seeds[2]


def test_a_result_depends_on_all_that_made_it(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {
        result_key("s", "a", "bubblewrap", 1),
        result_key("t", "a", "bubblewrap", 1),
        result_key("s", "b", "bubblewrap", 1),
        result_key("s", "a", "plain", 1),
        result_key("s", "a", "bubblewrap", 2),
    }
    monkeypatch.setattr("autograder.journal.grader_version", lambda: "another")
    keys.add(result_key("s", "a", "bubblewrap", 1))
    assert len(keys) == 6


def test_a_second_run_is_told_so_and_may_go_on_afterwards(tmp_path: Path) -> None:
    with (
        only_grader(tmp_path),
        pytest.raises(CourseError, match="Another run is grading the course"),
        only_grader(tmp_path),
    ):
        pass
    with only_grader(tmp_path):
        pass


def test_a_killed_run_holds_nothing(tmp_path: Path) -> None:
    hold = f"""\
import time
from pathlib import Path
from autograder.journal import only_grader
with only_grader(Path({str(tmp_path)!r})):
    print("held", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE, text=True, env=environment()) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(CourseError), only_grader(tmp_path):
            pass
        other.send_signal(signal.SIGKILL)
        other.wait()
    time.sleep(0.05)
    with only_grader(tmp_path):
        pass
