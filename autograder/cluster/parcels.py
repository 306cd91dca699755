"""Tasks by the handful: Dask spends milliseconds on each message, which is a good part of what an easy task takes."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

WORTH = 0.25  # seconds of work that make a message worth its while
MOST = 8  # tasks in one message, and so what memory holds of them


@dataclass
class Task:
    """``alone`` once a worker was lost with it in hand; ``tries`` is one more than the workers surely lost on it."""

    value: Any
    tries: int = 1
    alone: bool = False


class Parcels:
    """What is still to be given out: what came back from lost workers, then the stream."""

    def __init__(self, stream: Iterator[Any]) -> None:
        self._stream = stream
        self._back = deque[Task]()
        self._size = 1

    def __bool__(self) -> bool:
        """Whether there is a task; it is drawn from the stream only now."""
        if not self._back:
            self._back.extend(map(Task, islice(self._stream, 1)))
        return bool(self._back)

    @property
    def next_alone(self) -> bool:
        """Whether the next parcel is a task that shares its worker with nothing."""
        return bool(self) and self._back[0].alone

    def next(self) -> list[Task]:
        """A few tasks for one worker; one alone if it may have been what its last worker was lost over."""
        parcel: list[Task] = []
        while len(parcel) < self._size and self and not (parcel and self._back[0].alone):
            parcel.append(self._back.popleft())
            if parcel[0].alone:
                break
        return parcel

    def put_back(self, task: Task) -> None:
        self._back.append(task)

    def learn(self, tasks: int, seconds: float) -> None:
        """Make the next parcels as large as these ``tasks``, which took ``seconds``, suggest."""
        self._size = max(1, round(min(MOST, WORTH * tasks / max(seconds, 1e-6))))
