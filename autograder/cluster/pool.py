"""``autograder.pool.Pool``'s interface over the workers of a Dask cluster.

Each parcel of a few tasks goes to a worker of our choosing, and a worker holds one more of them than it has threads. So
memory stays flat however long the stream is, and it is known what a lost worker had in hand; Dask by itself would blame
the loss on everything that the worker had been given.
"""

import asyncio
import concurrent.futures
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, TypeVar

from autograder.cluster.desk import answer
from autograder.cluster.parcels import Parcels, Task
from autograder.cluster.team import Flight, Seat, Team, Tell, Unfit
from autograder.course import CourseError
from autograder.pool import Lost, Setup

T = TypeVar("T")
LOOK = 1.0  # seconds between two looks at who is there


class DaskPool:
    """The workers behind ``client``, each of which enters ``setup()`` and then answers tasks.

    Parameters
    ----------
    client : context manager of distributed.Client
        Entered when there is work.
    setup : callable
        Importable by name. Gives a context manager whose value answers a task with bytes.
    unfit : callable
        Importable by name. Called on each worker: why it cannot take part, or an empty text.
    tell : callable
        Is told in a sentence which worker takes no part, which was lost, and who is waited for.
    limit : float
        Seconds after which a silent worker is taken for lost.
    tries : int
        How many workers may be lost on one task that they had for themselves before its answer is ``Lost``.
    patience : float
        Seconds to wait while there is no worker.
    """

    def __init__(
        self,
        client: AbstractContextManager[Any],
        setup: Setup,
        unfit: Unfit,
        tell: Tell,
        *,
        limit: float = 600.0,
        tries: int = 2,
        patience: float = 300.0,
    ) -> None:
        self._client, self._setup, self._unfit, self._tell = client, setup, unfit, tell
        self._limit, self._tries, self._patience = limit, tries, patience
        self._stack = ExitStack()
        self._team: Team | None = None
        self._answers = deque[tuple[Any, bytes | Lost]]()
        self._next_look = self._alone_since = 0.0

    def __enter__(self) -> "DaskPool":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, tasks: Iterable[T]) -> Iterator[tuple[T, bytes | Lost]]:
        """Answers in the order in which they come.

        Raises
        ------
        CourseError
            If there is no scheduler, or it is gone, no worker is fit, or none has come for as long as the patience.
        """
        self._parcels = Parcels(iter(tasks))
        while self._parcels or _flights(self._team):
            team = self._team or self._hired()
            with _scheduler_there():
                self._look_round(team)
            while (seat := _emptiest(team, self._parcels.next_alone)) and self._parcels:
                parcel = self._parcels.next()
                with _scheduler_there():
                    self._give(team, seat, parcel)
            with _scheduler_there():
                self._collect(team)
            while self._answers:
                yield self._answers.popleft()

    def _hired(self) -> Team:
        client = self._stack.enter_context(self._client)
        self._team = Team(client, self._setup, self._unfit, self._tell)
        self._stack.callback(self._team.close)
        return self._team

    def _look_round(self, team: Team) -> None:
        if time.monotonic() < self._next_look and not any(answer.done() for answer in team.pending):
            return
        for seat in team.look_round():
            self._tell(f"The worker {seat.address} was lost; others take over what it held.")
            self._give_up(seat, "its worker was lost")
        self._next_look = time.monotonic() + LOOK
        self._bear_being_alone(team)

    def _bear_being_alone(self, team: Team) -> None:
        if team.seats or team.pending:
            self._alone_since = 0.0
        elif not self._alone_since:
            if team.refused and not team.ever_seated:
                raise CourseError("No worker of the cluster can take part. Nothing was graded.")
            self._tell(f"Waiting up to {self._patience:.0f} s for workers. Each is started with: dask worker ADDRESS")
            self._alone_since = time.monotonic()
        elif time.monotonic() - self._alone_since > self._patience:
            raise CourseError(
                f"No worker has come in {self._patience:.0f} s. What was graded is recorded; start workers with "
                "`dask worker ADDRESS`, and the same command goes on from here."
            )

    def _give(self, team: Team, seat: Seat, parcel: list[Task]) -> None:
        job = team.ask(seat.address, answer, seat.desk, [task.value for task in parcel])
        seat.flights.append(Flight(parcel, job))

    def _collect(self, team: Team) -> None:
        """Take what has been answered; waits until something is, or it is time to look round."""
        flights = [(seat, flight) for seat in team.seats.values() for flight in seat.flights]
        answers = [flight.job.answer for _, flight in flights] + team.pending
        patience = max(0.0, self._next_look - time.monotonic())
        if not answers:
            time.sleep(patience)
        concurrent.futures.wait(answers, patience, concurrent.futures.FIRST_COMPLETED)
        for seat, flight in flights:
            if flight.job.answer.done():
                self._take(seat, flight)
        for seat in list(team.seats.values()):
            if any(time.monotonic() - flight.since > self._limit * len(flight.tasks) for flight in seat.working_on):
                team.dismiss(seat)
                self._give_up(seat, f"no answer in {self._limit:.0f} s", silent=True)

    def _take(self, seat: Seat, flight: Flight) -> None:
        seat.flights.remove(flight)
        for other in seat.flights:
            other.since = time.monotonic()
        try:
            answers, seconds = flight.job.answer.result()
        except (Exception, asyncio.CancelledError) as error:  # Dask's: what a task itself raises is in its answer
            self._failed(flight, f"{type(error).__name__}: {error}", proven=flight.alone)
            self._next_look = 0.0
        else:
            self._answers.extend(zip((task.value for task in flight.tasks), answers, strict=True))
            self._parcels.learn(len(answers), seconds)

    def _give_up(self, seat: Seat, reason: str, *, silent: bool = False) -> None:
        """Take back all that a lost worker held; what it had in hand may have lost it.

        A worker that died may have answered that already and have begun the next. One that is silent has not.
        """
        for flight in [flight for flight in seat.flights if flight.job.answer.done()]:
            self._take(seat, flight)
        blamed = seat.working_on
        for flight in seat.flights:
            flight.job.drop()
            if flight in blamed:
                self._failed(flight, reason, proven=flight.alone or (silent and len(flight.tasks) == 1))
            else:
                for task in flight.tasks:
                    self._parcels.put_back(task)
        seat.flights.clear()

    def _failed(self, flight: Flight, reason: str, *, proven: bool) -> None:
        """A worker was lost over this; where that is not ``proven``, its tasks are given out once more, each alone."""
        for task in flight.tasks:
            if proven and task.tries >= self._tries:
                self._answers.append((task.value, Lost(reason)))
            else:
                self._parcels.put_back(Task(task.value, task.tries + proven, alone=True))


def _flights(team: Team | None) -> bool:
    return team is not None and any(seat.flights for seat in team.seats.values())


def _emptiest(team: Team, alone: bool) -> Seat | None:
    """The seat with most room for its size, for a parcel that shares it with nothing where it is to be ``alone``."""
    seats = [seat for seat in team.seats.values() if seat.has_room(alone)]
    return min(seats, key=lambda seat: len(seat.flights) / seat.threads, default=None)


@contextmanager
def _scheduler_there() -> Iterator[None]:
    try:
        yield
    except (OSError, TimeoutError, RuntimeError) as error:
        raise CourseError(
            f"The Dask scheduler is gone ({error}). What was graded is recorded; once it is there again, the same "
            "command goes on from here."
        ) from error
