# One command each. Every environment is made where it is needed, once per set of requirements.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAGE ?= staging

.DEFAULT_GOAL := help
.PHONY: help run demo call screenshots test check lint template bench lexicon triage-report deploy lock clean

help: ## What can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.deploy ## Open the desk on this machine (PORT=8080), in the embedded cloud
	@$(BIN)/python -m infra.local up

demo: $(VENV)/.deploy ## Watch three stories, on the running desk or on one started for it
	@$(BIN)/python -m infra.local demo

call: $(VENV)/.dev ## Hear a telephone call arrive, on the running desk or on one started for it
	@$(BIN)/python -m tests.telephone

screenshots: $(VENV)/.dev ## Take the pictures of the README anew (needs chromium)
	@$(BIN)/python -m infra prepare
	@$(BIN)/python -m tests.in_browser

test: $(VENV)/.dev ## All tests
	@$(BIN)/python -m infra prepare
	@$(BIN)/python -m tests.telephone.environment
	@$(BIN)/python -m tests.in_browser.environment
	$(BIN)/python -m pytest -n auto --ignore=tests/local_cloud --ignore=tests/telephone --ignore=tests/in_browser
	$(BIN)/python -m pytest tests/local_cloud  # one desk on all cores, so by itself
	$(BIN)/python -m pytest tests/telephone  # real calls: they take their time, and the machine
	$(BIN)/python -m pytest tests/in_browser

check: lint template test ## All that must hold before a change is taken: style, types, template, tests

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy infra --exclude infra/local/emulator

template: $(VENV)/.dev
	@$(BIN)/python -m infra prepare
	$(BIN)/python -m infra lint

bench: $(VENV)/.dev ## Measure against the floor
	$(BIN)/python -m bench

lexicon: $(VENV)/.dev ## Build the lexicon of the triage anew, after a change in infra/lexicon
	@$(BIN)/python -m infra.triage.build

triage-report: $(VENV)/.dev ## How well the triage reads messages that it was not built from
	@$(BIN)/python -m infra.triage.report

deploy: $(VENV)/.deploy ## Deploy to AWS: make deploy STAGE=staging ARGS="--mail-from desk@example.com"
	$(BIN)/python -m infra deploy $(STAGE) $(ARGS)

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: $(VENV)/.dev ## Make the lock files anew from the *.in files (ARGS=--upgrade, or ARGS="--upgrade-package moto")
	$(LOCK) $(ARGS) requirements.in --output-file requirements.txt
	$(LOCK) $(ARGS) requirements-deploy.in --constraint requirements.txt --output-file requirements-deploy.txt
	$(LOCK) $(ARGS) requirements-dev.in --constraint requirements-deploy.txt --output-file requirements-dev.txt
	$(LOCK) $(ARGS) infra/local/requirements.in --output-file infra/local/requirements.txt
	$(LOCK) $(ARGS) tests/telephone/requirements.in --output-file tests/telephone/requirements.txt

clean: ## Throw away everything that was made here, the local register included
	rm -rf .local $(VENV) .chalice/deployments .pytest_cache .mypy_cache .ruff_cache .hypothesis

# ---- environments ----------------------------------------------------------------------------------------
# A stamp stands for an environment that holds all of its lock file; that of development has all of the other too.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "✗ Python 3.11 or newer is needed: set PYTHON=… to one." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null \
		|| { rm -rf $(VENV); echo "✗ A virtual environment cannot be made: install python3-venv." >&2; exit 1; }

$(VENV)/.deploy: requirements-deploy.txt | $(BIN)/python
	@echo "Installing what packaging needs …"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-deploy.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(BIN)/python
	@echo "Installing what development needs …"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.deploy
