"""Workers that may die, and a stream that must go on: processes of this machine, and workers of a Dask cluster."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from autograder.cluster.parcels import MOST
from autograder.cluster.pool import DaskPool
from autograder.pool import Lost, Pool, Setup
from tests.autograder.pool_work import all_fit, echo, leaves_a_note, pid

Pools = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(params=["processes", "cluster"])
def pools(request: pytest.FixtureRequest) -> Pools:
    """Two workers of either kind, given a setup."""
    if request.param == "processes":
        return partial(Pool, 2)
    client = request.getfixturevalue("dask_client")

    def of_the_cluster(setup: Setup, **limits: Any) -> DaskPool:
        client.wait_for_workers(2, timeout=30)  # a test before may have killed some
        return DaskPool(nullcontext(client), setup, all_fit, print, **limits)

    return of_the_cluster


def test_every_task_is_answered_by_some_worker(pools: Pools) -> None:
    with pools(echo) as pool:
        assert dict(pool.run(range(20))) == {task: str(task).encode() for task in range(20)}


def test_workers_are_kept_from_one_run_to_the_next(pools: Pools) -> None:
    with pools(pid) as pool:
        processes = {answer for _ in range(3) for _, answer in pool.run(range(6))}
        assert len(processes) <= 2


def test_a_worker_killed_from_outside_costs_its_task_nothing(pools: Pools, tmp_path: Path) -> None:
    with pools(echo) as pool:
        ((task, answer),) = pool.run([tmp_path / "was here"])
    assert answer == str(task).encode()


def test_a_task_that_kills_its_worker_takes_no_other_with_it(pools: Pools) -> None:
    """Though it came to the worker among others that are done in no time."""
    tasks = [*map(str, range(50)), "die", *map(str, range(50, 60))]
    with pools(echo) as pool:
        answers = dict(pool.run(tasks))
    lost = answers.pop("die")
    assert isinstance(lost, Lost)
    assert "-9" in lost.reason or lost.reason == "its worker was lost"
    assert answers == {task: task.encode() for task in map(str, range(60))}


def test_a_silent_worker_is_given_up(pools: Pools) -> None:
    with pools(echo, limit=1.0, tries=1) as pool:
        answers = dict(pool.run(["hang", "a", "b"]))
    assert answers == {"hang": Lost("no answer in 1 s"), "a": b"a", "b": b"b"}


def test_tasks_are_drawn_as_they_are_needed(pools: Pools) -> None:
    drawn: list[int] = []

    def tasks() -> Iterator[int]:
        for task in range(300):
            drawn.append(task)
            yield task

    with pools(echo) as pool:
        answers = pool.run(tasks())
        for done in range(1, 301):
            next(answers)
            assert len(drawn) <= done + 2 * 2 * MOST  # a worker of a cluster holds two parcels


def test_what_workers_entered_they_leave(pools: Pools, tmp_path: Path) -> None:
    with pools(partial(leaves_a_note, tmp_path)) as pool:
        notes = {Path(answer.decode()) for _, answer in pool.run(range(6))}
        assert all(note.exists() for note in notes)
    for _ in range(100):
        if not any(note.exists() for note in notes):
            return
        time.sleep(0.1)
    pytest.fail("a setup was never left")


def test_nothing_is_left_running_when_the_caller_fails() -> None:
    workers: list[int] = []

    def interrupted() -> None:
        with Pool[int](2, pid) as pool:
            for _, answer in pool.run(range(100)):
                assert isinstance(answer, bytes)
                workers.append(int(answer))
                if len(workers) == 10:
                    raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    for process in set(workers):
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_no_work_starts_no_process() -> None:
    with Pool[int](8, echo) as pool:
        assert list(pool.run([])) == []
        assert pool._workers == []
