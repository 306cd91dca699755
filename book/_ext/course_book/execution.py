"""Run chapters once for each state of what they import, in parallel, in warm kernels, before Sphinx reads them.

MyST-NB's cache knows a chapter's own cells and nothing of the modules they import: after an edit to ``course_lib`` it
would serve yesterday's numbers. So the cache's folder is named by a hash of ``course_lib`` and the lock. A new name is
a changed setting as well, which makes Sphinx read every chapter again.
"""

import contextlib
import hashlib
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import create_nb_reader
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from course_book.warm_kernels import begin, early, warm
from course_lib.explorers.base import STATIC
from course_lib.explorers.kept import KEPT

LOGGER = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    app.connect("config-inited", choose_cache)
    app.connect("config-inited", warm_up)
    app.connect("env-before-read-docs", run_ahead)


def fingerprint(root: Path) -> str:
    """A hash of what a chapter's outputs depend on besides its own text: ``course_lib``, the lock, Python."""
    spec = find_spec("course_lib")
    package = Path(spec.origin).parent if spec and spec.origin else root / "course_lib"
    files = sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    digest = hashlib.sha256(sys.version.encode())
    for path in [*files, root / "requirements.txt"]:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def choose_cache(app: Sphinx, config: Config) -> None:
    home = Path(app.outdir).parent / "executed"
    chosen = home / fingerprint(Path(app.srcdir).parent)
    config["nb_execution_cache_path"] = str(chosen)
    os.environ[STATIC] = "1"  # the kernels inherit both
    os.environ[KEPT] = str(chosen / "explorers")
    for stale in set(home.glob("*")) - {chosen}:
        shutil.rmtree(stale)


def warm_up(app: Sphinx, config: Config) -> None:
    """Begin to import what edited chapters import; which must run is known later."""
    if config["nb_execution_mode"] == "cache":
        begin(Path(app.srcdir), Path(app.doctreedir, ENV_PICKLE_FILENAME))


def run_ahead(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Fill the cache with the chapters about to be read; one that fails is left to MyST-NB, which says why."""
    with contextlib.ExitStack() as kernels:
        while early:
            kernels.enter_context(warm(early.pop()))
        if env.mystnb_config.execution_mode == "cache":
            _run_ahead(env, docnames)


def _run_ahead(env: BuildEnvironment, docnames: list[str]) -> None:
    cache = get_cache(env.mystnb_config.execution_cache_path)
    paths = [Path(env.doc2path(name)) for name in docnames]
    waiting = [(path, notebook) for path in paths if (notebook := _to_run(env, cache, path))]
    if waiting:
        LOGGER.info("running %d chapters, %d at a time", len(waiting), os.cpu_count() or 1)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = pool.map(lambda job: _run(*job, timeout=env.mystnb_config.execution_timeout), waiting)
        for (path, notebook), seconds in zip(waiting, runs, strict=True):
            if seconds is not None:
                bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def read_notebook(env: BuildEnvironment, path: Path) -> Any:
    """The notebook that a chapter is, without outputs; None for a page without code."""
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    if reader is None or path.suffix != ".md" or "{code-cell}" not in text:
        return None
    return reader.read(text)


def _to_run(env: BuildEnvironment, cache: Any, path: Path) -> Any:
    notebook = read_notebook(env, path)
    try:
        if notebook is not None:
            cache.match_cache_notebook(notebook)
    except KeyError:
        return notebook
    return None


def _run(path: Path, notebook: Any, timeout: float) -> float | None:
    """Run the notebook where it stands; the seconds it took, or None if it failed."""
    quiet = ["--IPKernelApp.log_level=ERROR"]  # it would warn of eavesdroppers on this very machine
    settings = {"timeout": timeout, "allow_errors": False, "meta_override": True, "extra_arguments": quiet}
    settings["shutdown_kernel"] = "immediate"  # it holds nothing that it would have to put away, which takes a second
    try:
        result = single_nb_execution(notebook, cwd=str(path.parent), **settings)
    except RuntimeError:  # its kernel did not start; on a busy machine another process may have taken its port
        return None
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    return None if result.err else result.time


def joined(outputs: list[Any]) -> list[Any]:
    """The outputs with neighbouring pieces of a stream put together as they were printed.

    A kernel sends what is printed in pieces, cut where a clock ticks. MyST-NB joins them, each on a line of its own.
    """
    whole: list[Any] = []
    for output in outputs:
        last = whole[-1] if whole else {}
        if output["output_type"] == last.get("output_type") == "stream" and output["name"] == last["name"]:
            last["text"] += output["text"]
        else:
            whole.append(output)
    return whole
