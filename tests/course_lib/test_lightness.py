"""Importing the library stays light."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "matplotlib", "scipy", "sklearn", "IPython", "ipykernel", "jupyter_client", "nbformat", "anywidget"}


@pytest.mark.parametrize("module", ["course_lib", "course_lib.optimizers", "course_lib.descent"])
def test_no_torch_no_matplotlib_no_jupyter(module):
    listing = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import {module}"], capture_output=True, text=True, check=True
    ).stderr
    loaded = {line.split("|")[-1].strip().split(".")[0] for line in listing.splitlines()}
    assert "course_lib" in loaded
    assert not loaded & HEAVY
