# Every target is a thin line over a `python -m` command; README.md prints those for machines without make.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help course book class lab test bench lock clean

help:
	@echo "make course   the book, the assignments and a graded sample class"
	@echo "make test     everything that is checked"
	@echo "make book | lab | bench | lock | clean"

lock: $(VENV)/.installed
	$(PY) -m piptools compile --all-extras --strip-extras --quiet --no-emit-index-url --no-emit-find-links \
	    --no-emit-trusted-host --unsafe-package optimizers-step-by-step --upgrade-package torch==2.13.0 \
	    --output-file requirements.txt pyproject.toml
