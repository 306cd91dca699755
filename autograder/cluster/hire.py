"""What the command line asks for: the workers of a cluster that grade one assignment in one tier."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import partial

from autograder.cluster.connect import client
from autograder.cluster.fitness import demand, unfit
from autograder.cluster.pool import DaskPool
from autograder.cluster.team import Tell
from autograder.pool import Hire, Setup, Workers


def cluster(scheduler: str, jobs: int, tier: str, allow: Iterable[str], tell: Tell) -> Hire:
    """How to hire the workers of a Dask scheduler.

    Parameters
    ----------
    scheduler : str
        Its address or its scheduler file; ``LOCAL`` for one that is started here, with ``jobs`` workers.
    jobs : int
        See above.
    tier : str
        The sandbox tier that every worker must give.
    allow : iterable of str
        Packages that the assignment lets learners import.
    tell : callable
        See ``DaskPool``.
    """

    def hire(setup: Setup) -> AbstractContextManager[Workers]:
        return DaskPool(client(scheduler, jobs), setup, partial(unfit, demand(tier, allow)), tell)

    return hire
