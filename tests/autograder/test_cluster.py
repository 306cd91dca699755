"""A class graded on a Dask cluster: the same marks, whoever dies, and by no one whose marks would be others."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from autograder.cli import cluster_tier
from autograder.cluster import connect, fitness
from autograder.cluster.fitness import demand, unfit
from autograder.cluster.parcels import Task
from autograder.cluster.pool import DaskPool
from autograder.cluster.team import Flight, Job, Seat
from autograder.course import Course, CourseError
from autograder.journal import Journal
from autograder.sandbox.tiers import TIERS, best_tier
from tests.autograder.courses import environment, gradebook_of, run
from tests.autograder.notebooks import NAME
from tests.autograder.pool_work import all_fit, echo, nobody_fits, pid, the_first_is_unfit
from tests.autograder.test_resume import ONE_BY_ONE, QUICK, to_be_graded, wait_for

pytestmark = pytest.mark.skipif(os.name != "posix", reason="learners' code is run on Linux and macOS only")
MORE = ("s00003_in_other_words", "s00004_damps_the_first", "s00010_patches_the_tests", "s00014_averages")
CAST = (*QUICK, *MORE, "s00017_untouched", "s00018_scripts")


def test_what_a_worker_may_have_been_lost_over_shares_the_next_with_nothing() -> None:
    """Else an answer that dies with a worker, on its way to us, would be blamed for what came after it."""
    seat, job = Seat("tcp://here", 1, None), Job(None, Future())
    seat.flights = [Flight([Task("a"), Task("b")], job)]
    assert (seat.has_room(alone=False), seat.has_room(alone=True)) == (True, False)
    seat.flights = [Flight([Task("c", alone=True)], job)]
    assert (seat.has_room(alone=False), seat.has_room(alone=True)) == (False, False)
    seat.flights.clear()
    assert (seat.has_room(alone=False), seat.has_room(alone=True)) == (True, True)


def test_a_worker_killed_halfway_changes_nothing(graded_class: Course, dask_client: Any, tmp_path: Path) -> None:
    dask_client.wait_for_workers(2, timeout=30)
    course = to_be_graded(graded_class, tmp_path, *CAST)
    with Journal(graded_class.journal_file) as journal:
        seed = str(journal.seed())
    address = dask_client.scheduler.address
    given = ("--scheduler", address, "--seed", seed, "--tier", best_tier())
    command = [sys.executable, "-c", ONE_BY_ONE, "grade", NAME, *given]
    grading = subprocess.Popen(
        command, cwd=course.root.parent, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    wait_for(course, "autograded/*/*/*.ipynb", grading)
    workers = dask_client.run(os.getpid)
    os.kill(next(iter(workers.values())), signal.SIGKILL)
    said, complained = grading.communicate(timeout=120)

    assert grading.returncode == 0, said + complained
    assert f"The worker {next(iter(workers))} was lost; others take over what it held." in complained
    assert f"{len(CAST)} graded, {len(CAST)} feedback pages written" in said
    alone = gradebook_of(graded_class)
    assert gradebook_of(course) == {student: alone[student] for student in CAST}
    assert _rows(course) == [row for row in _rows(graded_class) if row["student_id"] in CAST]
    for kind, suffix in (("autograded", "ipynb"), ("feedback", "html")):
        for student in CAST:
            page = Path(kind, student, NAME, f"{NAME}.{suffix}")
            assert (course.root / page).read_bytes() == (graded_class.root / page).read_bytes(), page


def _rows(course: Course) -> list[dict[str, str]]:
    return list(csv.DictReader(course.marks(NAME).read_text().splitlines()))


def test_one_command_starts_workers_here(graded: Course) -> None:
    before = gradebook_of(graded)
    notebook = graded.autograded("s00002_uphill", NAME) / f"{NAME}.ipynb"
    graded_before = notebook.read_bytes()
    notebook.unlink()
    done = run(graded, "grade", NAME, "--scheduler", "local", "--jobs", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr, "the console stays clean"
    assert "1 graded" in done.stdout
    assert notebook.read_bytes() == graded_before
    assert gradebook_of(graded) == before


def pool(client: Any, unfit: Any, told: list[str], **limits: Any) -> DaskPool:
    client.wait_for_workers(2, timeout=30)
    return DaskPool(nullcontext(client), pid, unfit, told.append, **limits)


def test_an_unfit_worker_gets_no_work(dask_client: Any) -> None:
    told: list[str] = []

    def tasks() -> Iterator[int]:
        """As many as it takes until both have been asked."""
        for task in range(1000):
            if told and task > 10:
                return
            time.sleep(0.01)
            yield task

    with pool(dask_client, the_first_is_unfit, told) as workers:
        answers = {answer for _, answer in workers.run(tasks())}
    others = {str(pid).encode() for pid in dask_client.run(os.getpid).values()}
    assert len(answers) == 1
    assert answers < others
    assert len(told) == 1
    assert told[0].endswith("takes no part: it is the first.")


def test_nothing_is_graded_where_no_worker_is_fit(dask_client: Any) -> None:
    told: list[str] = []
    with pool(dask_client, nobody_fits, told) as workers, pytest.raises(CourseError, match="No worker of the cluster"):
        list(workers.run(range(10)))
    assert len(told) == 2
    assert all("no such package here" in reason and "this very version" in reason for reason in told)


def test_a_worker_with_other_software_is_unfit(dask_client: Any) -> None:
    (address, *_) = dask_client.nthreads()

    def there(function: Callable[..., Any], *arguments: Any) -> Any:
        return dask_client.submit(function, *arguments, workers=[address], pure=False).result(timeout=60)

    def said(asked: dict[str, Any]) -> str:
        return str(there(unfit, asked))

    here = there(demand, best_tier())

    assert said(here) == ""
    for name, other in (("numpy", "1.0"), (fitness.CODE, "0123456789ab"), ("Python", "2.7")):
        asked = {**here, "versions": {**here["versions"], name: other}}
        assert said(asked) == f"its {name} is {here['versions'][name]}, the grader's {other}. " + (
            "Install the same there, and start it again."
        )
    assert "no-such-package" in said(demand(best_tier(), ["no-such-package"])), "what learners may import is there"


def test_a_worker_without_the_tier_is_unfit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    said = unfit(demand("bubblewrap"))
    assert "the sandbox bubblewrap does not work there (bubblewrap is not installed)" in said
    assert "doctor" in said


def test_the_best_tier_is_asked_for_unless_another_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cluster_tier(None) == TIERS[0].name
    assert not capsys.readouterr().err
    assert cluster_tier("plain") == "plain"
    assert "It lets through" in capsys.readouterr().err
    with pytest.raises(CourseError, match="There is no tier 'paper'"):
        cluster_tier("paper")


def test_no_scheduler_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "PATIENCE", 0.5)
    with (
        pytest.raises(CourseError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9 "),
        connect.client("tcp://127.0.0.1:9", 1),
    ):
        pass
    with pytest.raises(CourseError, match=r"There is no scheduler file absent\.json"), connect.client("absent.json", 1):
        pass


def test_a_scheduler_without_workers_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    with LocalCluster(n_workers=0, processes=False, dashboard_address="127.0.0.1:0") as nobody:
        client = connect.client(nobody.scheduler_address, 1)
        workers = DaskPool(client, echo, all_fit, told.append, patience=0.5)
        with workers, pytest.raises(CourseError, match="No worker has come in 0 s"):
            list(workers.run(["a"]))
    assert told == ["Waiting up to 0 s for workers. Each is started with: dask worker ADDRESS"]
