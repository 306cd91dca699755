"""Chapters run in kernels that have imported what is slow, see nothing else of it, and leave none behind."""

import time
from collections.abc import Iterator

import pytest
from course_book.warm_kernels import Zygote, possible, warm
from jupyter_cache.executors.utils import single_nb_execution
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.skipif(not possible(), reason="kernels are forked on Linux alone")
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
QUIET = ["--IPKernelApp.log_level=ERROR"]


def printed(cell: str) -> str:
    notebook = new_notebook(cells=[new_code_cell(cell)], metadata=KERNEL)
    ran = single_nb_execution(notebook, cwd=".", timeout=60, allow_errors=False, extra_arguments=QUIET)
    assert ran.err is None
    return str(notebook.cells[0].outputs[0].text)


@pytest.fixture
def zygote() -> Iterator[Zygote]:
    started = Zygote(["import numpy as np"])
    yield started
    started.close()


LOOK = "import sys; print([name in sys.modules for name in ('numpy', 'torch')], 'numpy' in globals(), sys.argv[0])"


def test_what_chapters_import_is_there_and_nothing_else(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKED", "for this one")
    with warm(zygote):
        assert printed(LOOK).startswith("[True, False] False")
        assert printed("import os; print(os.environ['ASKED'])") == "for this one\n"
        one, other = (printed("import numpy as np; print(np.random.random())") for _ in range(2))
    assert one != other, "each kernel has random numbers of its own"
    assert printed(LOOK).startswith("[False, False] False"), "afterwards kernels start as ever"


def test_without_the_process_kernels_start_as_ever(zygote: Zygote) -> None:
    zygote.close()
    with warm(zygote):
        assert printed(LOOK).startswith("[False, False] False")


def test_no_kernel_outlives_the_build(zygote: Zygote) -> None:
    with warm(zygote):
        manager = KernelManager()
        manager.start_kernel(extra_arguments=QUIET)
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=30)
        assert manager.provisioner.process.poll() is None
    ends = time.monotonic() + 10
    while manager.provisioner.process.poll() is None:
        assert time.monotonic() < ends, "it still runs"
        time.sleep(0.1)
    client.stop_channels()
    manager.cleanup_resources()
