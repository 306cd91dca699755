"""The journal knows what has been graded; one run at a time may change it."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.course import CourseError
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
