.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
# Empty is off: compiling all of Django anew in each process takes two thirds of a command's start.
export PYTHONDONTWRITEBYTECODE :=
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome || true)

.PHONY: help setup demo test test-quick test-database test-browser test-slow check assets messages accessibility lock bench
.PHONY: system-packages clean

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

.venv/.runtime: requirements/runtime.txt requirements/tools.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/tools.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/runtime.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

.venv/.dev: .venv/.runtime requirements/dev.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt
	touch $@

node_modules/.ready: package-lock.json
	npm ci --silent --ignore-scripts --no-audit --no-fund
	touch $@

setup: .venv/.dev ## Make the environment with everything for development

demo: .venv/.runtime ## Set everything up, fill the demonstration force, serve it on http://127.0.0.1:8000
	@$(BIN)/safehold demo

test: .venv/.dev ## Every test: SQLite, PostgreSQL where installed, then the browser
	$(BIN)/pytest -q -n 2 --dist worksteal -m "not slow"
	$(MAKE) --no-print-directory test-database test-browser

test-quick: .venv/.dev ## The tests that need no browser and no PostgreSQL
	$(BIN)/pytest -q -n 2 --dist worksteal -m "not slow"

test-database: .venv/.dev ## The database tests, but for screens, on a PostgreSQL that is started for them
	$(BIN)/python tools/with_postgresql.py -- $(BIN)/pytest -q -n 2 --dist worksteal -m "database and not slow and not screen"

test-browser: .venv/.dev ## The journeys, in real Chromium, against real servers
	SAFEHOLD_CHROMIUM="$(CHROMIUM)" $(BIN)/pytest -q -p no:randomly -n 2 --dist loadfile -m "not slow" tests/browser

test-slow: .venv/.dev ## The long products, for the night
	$(BIN)/pytest -q -m slow
	SAFEHOLD_TESTED_BY=night $(BIN)/pytest -q -n 2 --dist worksteal --timeout 3600 -m "not slow and not database" tests/domain tests/crypto tests/analysis
	$(BIN)/python tools/with_postgresql.py -- $(BIN)/pytest -q -n 2 --dist worksteal -m "database and screen and not slow"
	SAFEHOLD_CHROMIUM="$(CHROMIUM)" $(BIN)/pytest -q -p no:randomly -m slow tests/browser

check: .venv/.dev node_modules/.ready ## Lint, types, import contracts, migrations, assets, documents
	$(BIN)/ruff check src tests tools bench
	$(BIN)/ruff format --check src tests tools bench
	SAFEHOLD_DEMONSTRATION=1 $(BIN)/mypy src/safehold
	$(BIN)/lint-imports --no-cache
	for site in public staff all; do SITE=$$site SAFEHOLD_DEMONSTRATION=1 DJANGO_SETTINGS_MODULE=safehold.config.settings $(BIN)/django-admin makemigrations --check --dry-run; done
	$(BIN)/python tools/build_assets.py check
	$(BIN)/python tools/messages.py check

assets: .venv/.dev node_modules/.ready ## Compile the style sheets and scripts that are committed
	$(BIN)/python tools/build_assets.py build

accessibility: .venv/.dev ## Check every page against axe's rules; the public statement is made from it
	SAFEHOLD_CHROMIUM="$(CHROMIUM)" $(BIN)/python tools/check_accessibility.py

messages: .venv/.dev ## List what visitors read, for translators, and compile what they wrote
	$(BIN)/python tools/messages.py list

lock: ## Pin every dependency with its hashes
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml --group dev -c requirements/runtime.txt -o requirements/dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header requirements/tools.in -o requirements/tools.txt

bench: .venv/.dev ## Measure what the README claims, beside the alternative, in the same run
	$(BIN)/python -m bench

system-packages: ## Install Chromium and PostgreSQL where this machine lacks them (Debian, as root)
	tools/system_packages

clean: ## Remove what can be made again
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache
