# Every target is a thin line over `python -m …`; README.md prints the same commands for machines without make.
PYTHON ?= python3
VENV   ?= .venv
PY     := $(VENV)/bin/python
CLASS  ?= 12

.DEFAULT_GOAL := help
.PHONY: help course test book pdf class lab bench bench-full gpu-record lock clean

help:
	@echo "make course   everything for all three people: the book, the assignments, a graded sample class"
	@echo "make test     set up what tests need, then run them all (.ci/run does this)"
	@echo "make book     the book alone            make class   the assignments and the graded sample class alone"
	@echo "make pdf      the book on paper, by XeLaTeX"
	@echo "make lab      JupyterLab on the assignments        make bench   speed, as ratios against named peers"
	@echo "make bench-full   the grader on 10,000 submissions   make gpu-record   own steps on this machine's GPU"
	@echo "make lock     requirements.txt from pyproject.toml make clean   remove what make made (never submissions or marks)"

course: book class
	@$(PY) -m autograder where

book: $(VENV)/.installed
	$(PY) book/build.py

pdf: $(VENV)/.installed
	$(PY) book/pdf.py

class: $(VENV)/.installed
	$(PY) -m autograder release --all
	$(PY) -m autograder sample-class $(CLASS)
	$(PY) -m autograder grade ps1_gradient_descent

test: $(VENV)/.installed
	$(PY) -m tests.prepare
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pytest -n auto --dist worksteal --durations 15

lab: $(VENV)/.installed
	$(PY) -m autograder release --all
	$(PY) -m jupyterlab --notebook-dir assignments/release

bench: $(VENV)/.installed
	$(PY) -m bench
	$(PY) -m bench readme

bench-full: $(VENV)/.installed
	$(PY) -m bench grading --full
	$(PY) -m bench readme

gpu-record: $(VENV)/.installed
	$(PY) -m bench gpu

$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    || { echo "Python 3.11 or newer is needed: install it, or name it with make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	    || { echo "This Python cannot make virtual environments: on Debian and Ubuntu, apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --requirement requirements.txt
	$(PY) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# The course itself is "unsafe" so that the lock does not name the folder it was made in; torch without its +cpu mark
# is the same version on every platform.
lock: $(VENV)/.installed
	$(PY) -m piptools compile --quiet --all-extras --strip-extras --annotation-style line --no-emit-index-url \
	    --no-emit-find-links --no-emit-trusted-host --unsafe-package optimizers-step-by-step \
	    --upgrade-package torch==2.13.0 --output-file requirements.txt pyproject.toml
	$(PY) -c "import pathlib; p = pathlib.Path('requirements.txt'); p.write_text(p.read_text().replace('+cpu', ''))"

clean:
	rm -rf $(VENV) book/_build build *.egg-info assignments/release
