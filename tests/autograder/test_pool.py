"""Processes that may die, and a stream that must go on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.pool import Lost, Pool
from tests.autograder.pool_work import echo, pid


def test_every_task_is_answered_by_some_worker() -> None:
    with Pool[int](2, echo) as pool:
        assert dict(pool.run(range(20))) == {task: str(task).encode() for task in range(20)}


def test_workers_are_kept_from_one_run_to_the_next() -> None:
    with Pool[int](1, pid) as pool:
        first = {answer for _, answer in pool.run(range(3))}
        assert first == {answer for _, answer in pool.run(range(3))}
        assert len(first) == 1


def test_a_task_that_kills_its_worker_is_lost_alone() -> None:
    with Pool[str](2, echo) as pool:
        answers = dict(pool.run(["a", "die", "b", "c", "d"]))
    assert isinstance(answers["die"], Lost)
    assert "-9" in answers["die"].reason
    assert {task: answers[task] for task in "abcd"} == {task: task.encode() for task in "abcd"}


def test_a_worker_killed_from_outside_costs_its_task_nothing(tmp_path: Path) -> None:
    with Pool[Path](1, echo) as pool:
        ((task, answer),) = pool.run([tmp_path / "was here"])
    assert answer == str(task).encode()


def test_a_silent_worker_is_given_up() -> None:
    with Pool[str](2, echo, limit=1.0, tries=1) as pool:
        answers = dict(pool.run(["hang", "a", "b"]))
    assert answers == {"hang": Lost("no answer in 1 s"), "a": b"a", "b": b"b"}


def test_tasks_are_drawn_as_they_are_needed() -> None:
    drawn: list[int] = []

    def tasks() -> Iterator[int]:
        for task in range(100):
            drawn.append(task)
            yield task

    with Pool[int](2, echo) as pool:
        answers = pool.run(tasks())
        for done in range(1, 101):
            next(answers)
            assert len(drawn) <= done + 2


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
