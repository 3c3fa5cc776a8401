# make demo and make test set up what they need on a bare machine with Python 3.11.
PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: setup demo dev test check unit chaos bench render lock wheel clean

setup: .venv/ready  ## a virtual environment with pso and pso-produce

.venv/ready: requirements/dev.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 && p=$(PYTHON) || p=python3; $$p -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
