# make demo and make test set up what they need on a bare machine with Python 3.11.
PYTHON ?= python3.11
BIN := .venv/bin
SEED ?= 1
MINUTES ?= 1.5
EVENTS ?= 50000
WORKERS ?= 2

.PHONY: help setup demo dev test check unit chaos leak-scan bench bench-deid bench-signals bench-watch mutate render lock wheel clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/ready  ## a virtual environment with pso and pso-produce, done once

.venv/ready: requirements/dev.lock pyproject.toml
	@p=$$(command -v $(PYTHON) || command -v python3) && $$p -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ..."; exit 2; }; $$p -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## the whole job on this machine (FILE=... MAPPING=... for reports of your own)
	@$(BIN)/python -m deploy.demo $(if $(FILE),--file $(FILE)) $(if $(MAPPING),--mapping $(MAPPING))

dev: setup  ## the demo, left running with a live trickle of events
	@$(BIN)/python -m deploy.demo --stay

test: setup  ## every suite but the benchmarks
	$(BIN)/pytest tests --ignore=tests/benchmarks

check: setup  ## what CI checks without a broker: style, types, imports, fast suites
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/unit tests/contracts tests/properties

chaos: setup  ## kill and pause everything (OF=counts: the counting) for MINUTES with SEED; the last line is the verdict
	@$(BIN)/python -m tests.chaos.$(if $(filter counts,$(OF)),counting,run) --seed $(SEED) --minutes $(MINUTES) --events $(EVENTS)

leak-scan: setup  ## EVENTS planted events with SEED on WORKERS processes; the last line is the verdict
	@$(BIN)/python -m tests.leak_scan $(if $(filter command line,$(origin EVENTS)),--events $(EVENTS)) --seed $(SEED) --workers $(WORKERS)

bench: setup  ## throughput, latency, recovery, beside peers; writes bench-results.json
	@$(BIN)/python -m tests.benchmarks

bench-deid: setup  ## narratives per second and leaks, beside peers in their own environments
	@$(BIN)/python -m tests.benchmarks.deid

bench-signals: setup  ## fits, scores and folds in CPU time, beside vigipy in an environment of its own
	@$(BIN)/python -m tests.benchmarks --only signals --out bench-signals.json

bench-watch: setup  ## hidden clusters of rare events: what each detector finds, at the same false alarms
	@$(BIN)/python -m tests.benchmarks.surveillance

mutate: setup  ## which mistakes in the grade rules no test would see
	@$(BIN)/python -m tests.mutation

render: setup  ## write what a machine can derive: Avro schemas, tables in docs
	$(BIN)/python -m schemas render
	$(BIN)/python -m deploy.reference

wheel: setup  ## build the wheel
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation -w dist .

lock: setup  ## renew the locked requirements (needs uv)
	uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -q -o requirements/dev.lock

clean:  ## remove what was built and the data of demo and tests
	-$(BIN)/python -m deploy.dev wipe --dir .work/demo/stack
	rm -rf .venv .work dist
