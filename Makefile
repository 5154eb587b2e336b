# fjorten: `make demo` and `make test` are all a newcomer needs; both do their own set-up.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test check bench journeys generative faults format docs translations lock sizes clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "make: python3 (3.11 or newer) is missing: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: Python 3.11 or newer is needed, this is $$($(PYTHON) -V). Say which with: make PYTHON=python3.12 demo"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "make: could not create .venv. On Debian and Ubuntu: sudo apt-get install python3-venv"; exit 1; }

$(VENV)/.run: requirements/all.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@echo "Installing the locked requirements into .venv (once) ..."
	@$(PIP) install --require-hashes -r requirements/build.txt
	@$(PIP) install --require-hashes -r requirements/all.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing the development requirements into .venv (once) ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	@echo "Installing the peers we measure against into .venv (once) ..."
	@$(PIP) install --require-hashes -r requirements/bench.txt
	@touch $@

demo: $(VENV)/.run ## a synthetic municipality with two years behind it: its ledger, its lists, its pages
	@$(BIN)/fjorten demo

test: $(VENV)/.dev ## the whole suite, on SQLite and on a private PostgreSQL
	@$(BIN)/python tools/run_tests.py

check: $(VENV)/.dev ## format, lint, types, import contracts, migrations, generated docs
	@$(BIN)/python tools/check.py

bench: $(VENV)/.bench ## every goal with its floor: speed, growth, 200 users at work
	@$(BIN)/python -m benchmarks

journeys: $(VENV)/.dev ## the stories and every page in the system's Chromium, and the pictures of docs/images drawn anew
	@FJORTEN_REQUIRE_BROWSER=1 FJORTEN_LONG_RUN=1 $(BIN)/python tools/run_tests.py --only sqlite -n 0 tests/browser
	@$(BIN)/python tools/pictures.py

generative: $(VENV)/.dev ## the long run of random histories (at least 5,000)
	@$(BIN)/python tools/run_tests.py --generative

faults: $(VENV)/.dev ## processes killed at random points (at least 100 on each database)
	@$(BIN)/python tools/run_tests.py --faults

format: $(VENV)/.dev ## put the code in the house's format
	@$(BIN)/ruff check --fix --quiet src tests benchmarks tools ; $(BIN)/ruff format --quiet src tests benchmarks tools

docs: $(VENV)/.dev ## write docs/reference/ anew from code and definitions
	@$(BIN)/python tools/reference.py

translations: $(VENV)/.dev ## write the texts of the pages in nynorsk and English anew, and tell which are missing
	@$(BIN)/python tools/translations.py

lock: $(VENV)/.dev ## write requirements/*.txt anew (needs a package index)
	@$(BIN)/python tools/lock.py

sizes: $(VENV)/.dev ## a report of file and function sizes
	@$(BIN)/python tools/sizes.py

clean: ## remove .venv, caches and var/
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
