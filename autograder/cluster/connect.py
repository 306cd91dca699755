"""From what was given as ``--scheduler`` to a Dask client."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from autograder.course import CourseError

LOCAL = "local"
PATIENCE = 15  # seconds that a scheduler has to answer

# A submission may have 16 MiB; Dask warns of tasks that hold 10.
_SETTINGS = {"distributed.admin.large-graph-warning-threshold": "64MB", "distributed.worker.profile.enabled": False}

# Ctrl-C reaches every process of a terminal; it is the grader's to answer.
_QUIET = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"


@contextmanager
def client(scheduler: str, jobs: int) -> Iterator[Any]:
    """A client of the scheduler at an address, of one named in a scheduler file, or of ``jobs`` workers started here.

    Certificates for ``tls://`` addresses are those that Dask's own configuration names.

    Raises
    ------
    CourseError
        If no scheduler answers, or Dask is not installed.
    """
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise CourseError(f"Dask is missing ({error}). Run: python -m pip install -r requirements.txt") from error

    connect: Any = Client  # without types
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is said by the pool, once
    with dask.config.set(_SETTINGS), ExitStack() as stack:
        try:
            where = _local(jobs, stack) if scheduler == LOCAL else _named(scheduler)
            found = stack.enter_context(connect(**where, timeout=PATIENCE, set_as_default=False))
        except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
            raise CourseError(
                f"No Dask scheduler answers at {scheduler} ({error}). Start one with `dask scheduler` and give its "
                f"address, such as tcp://10.0.0.1:8786, or its scheduler file; `{LOCAL}` starts one here."
            ) from error
        yield found


def _named(scheduler: str) -> dict[str, Any]:
    if not scheduler.endswith(".json"):
        return {"address": scheduler}
    if not Path(scheduler).is_file():
        raise CourseError(f"There is no scheduler file {scheduler}. `dask scheduler --scheduler-file FILE` writes one.")
    return {"scheduler_file": scheduler}


def _local(jobs: int, stack: ExitStack) -> dict[str, Any]:
    from distributed import LocalCluster

    start: Any = LocalCluster
    cluster = start(
        n_workers=jobs,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
        memory_limit=0,
        preload=_QUIET,
    )
    return {"address": stack.enter_context(cluster)}
