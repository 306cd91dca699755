"""Who works: those who have joined the scheduler, are fit and have not been lost. Dask moves no task between them."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from autograder.cluster.desk import Desk
from autograder.cluster.parcels import Task
from autograder.pool import Setup

Unfit = Callable[[], str]
"""Run on a worker: why it cannot take part, or an empty text. Importable by name."""
Tell = Callable[[str], None]


@dataclass
class Job:
    """Something asked of one worker: Dask's future, and the answer as soon as it is here."""

    future: Any
    answer: "Future[Any]"

    def drop(self) -> None:
        """Want it no more, which ends the wait for its answer. A worker that has begun it finishes it for nobody."""
        self.future.release()


@dataclass(eq=False)
class Flight:
    """Tasks on their way to a worker, or their answers on the way back."""

    tasks: list[Task]
    job: Job
    since: float = field(default_factory=time.monotonic)
    """When it was given, or its worker was last heard of."""

    @property
    def alone(self) -> bool:
        """Whether it has its worker for itself, and so is what the worker is lost over."""
        return self.tasks[0].alone


@dataclass(eq=False)
class Seat:
    """A worker that takes part. It is given one parcel more than it has threads, so that none of them waits for us."""

    address: str
    threads: int
    desk: Any
    flights: list[Flight] = field(default_factory=list)
    """What it was given and has not answered, in the order in which it takes them up."""

    def has_room(self, alone: bool) -> bool:
        """Whether another parcel may come, or one that is to be ``alone``."""
        if alone:
            return not self.flights
        return len(self.flights) <= self.threads and not any(flight.alone for flight in self.flights)

    @property
    def working_on(self) -> list[Flight]:
        """What its threads have in hand; the rest waits there untouched."""
        return self.flights[: self.threads]


class Team:
    """The workers of one run.

    Parameters
    ----------
    client : distributed.Client
    setup : Setup
    unfit : Unfit
    tell : Tell
        Is told in a sentence who takes no part, and why.
    """

    def __init__(self, client: Any, setup: Setup, unfit: Unfit, tell: Tell) -> None:
        self._client, self._setup, self._unfit, self._tell = client, setup, unfit, tell
        self._asked: dict[str, Job] = {}
        self.seats: dict[str, Seat] = {}
        self.refused: dict[str, str] = {}
        self.ever_seated = False

    @property
    def pending(self) -> list["Future[Any]"]:
        """Answers that are still to come on who is fit."""
        return [job.answer for job in self._asked.values()]

    def look_round(self) -> list[Seat]:
        """Ask those who came whether they are fit, seat those who are; gives the seats of those who are gone."""
        present: dict[str, int] = self._client.nthreads()
        self.refused = {address: reason for address, reason in self.refused.items() if address in present}
        for address in present.keys() - self.seats.keys() - self._asked.keys() - self.refused.keys():
            self._asked[address] = self.ask(address, _fitness, self._unfit)
        for address, job in list(self._asked.items()):
            if address not in present:
                self._asked.pop(address).drop()
            elif job.answer.done():
                self._decide(address, present[address], self._asked.pop(address))
        return [self.seats.pop(address) for address in self.seats.keys() - present.keys()]

    def ask(self, address: str, function: Callable[..., Any], *arguments: Any) -> Job:
        """Have this worker call the function, and no other."""
        future = self._submit(address, function, *arguments)

        async def answer() -> Any:
            return await self._client.gather(future, asynchronous=True)

        return Job(future, asyncio.run_coroutine_threadsafe(answer(), self._client.loop.asyncio_loop))

    def dismiss(self, seat: Seat) -> None:
        """Do without a worker that is stuck; where a nanny watches it, it comes back as a new process."""
        del self.seats[seat.address]
        try:
            self._client.restart_workers([seat.address], timeout=30, raise_for_error=False)
        except ValueError:  # no nanny
            self.refused[seat.address] = "it does not answer"

    def close(self) -> None:
        """Let go of all that was asked for, so that workers leave what they entered."""
        for job in [*self._asked.values(), *(flight.job for seat in self.seats.values() for flight in seat.flights)]:
            job.drop()
        for seat in self.seats.values():
            seat.desk.release()

    def _submit(self, address: str, function: Callable[..., Any], *arguments: Any) -> Any:
        return self._client.submit(function, *arguments, workers=[address], allow_other_workers=False, pure=False)

    def _decide(self, address: str, threads: int, job: Job) -> None:
        if reason := _reason(job.answer):
            self.refused[address] = reason
            self._tell(f"The worker {address} takes no part: {reason}")
        else:
            self.ever_seated = True
            self.seats[address] = Seat(address, threads, self._submit(address, Desk, self._setup))


def _fitness(unfit: Unfit) -> str:
    return unfit()


def _reason(answer: "Future[str]") -> str:
    try:
        return answer.result()
    except Exception as error:  # whatever a worker with other software makes of the question
        return (
            f"it cannot be asked whether it fits ({type(error).__name__}: {error}). It needs this very version of the "
            "autograder: install it there, and start the worker again."
        )
