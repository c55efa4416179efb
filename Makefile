# Everything that a person and CI run. `make` alone lists the targets.
SHELL := /bin/bash
BIN := .venv/bin
DEBIAN := $(shell sed -e 's/#.*//' tests/debian.txt)

.PHONY: help venv run test check bench faults lock debian

help:
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

venv: .venv/.made  ## the environment in .venv: locked dependencies and the project itself

# Made once, and again when the lock or the project's description changes.
.venv/.made: requirements.lock pyproject.toml
	@echo "1/3 environment in .venv"
	@python3 -m venv .venv
	@echo "2/3 $$(grep -c == requirements.lock) locked libraries: about a minute"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@echo "3/3 the project itself"
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# exec: no shell stands between, so a signal to the process group ends everything.
run: venv  ## the service with a made-up demo county on 127.0.0.1:8000, its links printed
	@exec $(BIN)/jielong demo

test: venv debian  ## all tests, on SQLite and on PostgreSQL
	$(BIN)/python -m pytest -n auto

check: venv  ## format, lint, types, import contracts, migrations against models; runs no test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT \
		&& export JIELONG_DATA_DIR="$$folder" JIELONG_DATABASE_URL="sqlite:///$$folder/check.db" \
		&& $(BIN)/python -m alembic upgrade head && $(BIN)/python -m alembic check

bench: venv  ## every benchmark of tests/bench; a JSON object a line
	@for file in tests/bench/[!_]*.py; do \
		[ ! -e "$$file" ] || $(BIN)/python -m "tests.bench.$$(basename "$$file" .py)" || exit; \
	done

faults: venv debian  ## the fault tests with 200 kills each instead of 15, and the outbox with a thousand messages
	KILLS=200 $(BIN)/python -m pytest tests/faults
	OUTBOX_EACH=19 OUTBOX_MESSAGES=200 $(BIN)/python -m pytest tests/delivery/test_faults.py

lock: venv  ## requirements.lock anew from pyproject.toml; UPGRADE=1 takes newer versions too
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet $(if $(UPGRADE),--upgrade) --extra dev --generate-hashes --allow-unsafe --strip-extras \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.lock pyproject.toml

# Debian's packages for the tests: installed where that needs no question, else the line to run is printed.
debian:
	@missing=; for package in $(DEBIAN); do \
		[ "$$(dpkg-query -W -f '$${db:Status-Status}' "$$package" 2>/dev/null)" = installed ] || missing+=" $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	if ! command -v apt-get >/dev/null; then may=no; \
	elif [ "$$(id -u)" = 0 ]; then may=; \
	elif sudo -n true 2>/dev/null; then may=sudo; \
	else may=no; fi; \
	if [ "$$may" = no ]; then echo "The tests need Debian's packages:$$missing. Run: sudo apt-get install$$missing" >&2; exit 2; fi; \
	$$may apt-get update -q && DEBIAN_FRONTEND=noninteractive $$may apt-get install -q -y --no-install-recommends $$missing
