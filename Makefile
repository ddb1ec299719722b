# Everything runs through here; each target makes the environment first if it is not up to date.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
# Without its compiled modules a start of the environment's Python takes seconds longer.
unexport PYTHONDONTWRITEBYTECODE
# Another project's packages on it, called ml or warehouse too, would come before this one's.
unexport PYTHONPATH PYTHONHOME

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV_HOME := .uv
# A company's proxy has its certificate in the system's store, which uv reads only if asked to
# (the second name is that of older versions).
export UV_SYSTEM_CERTS ?= 1
export UV_NATIVE_TLS ?= 1
# Where the home folder cannot be written, the cache of packages lies in this project.
ifneq ($(shell mkdir -p "$${XDG_CACHE_HOME:-$$HOME/.cache}/uv" 2>/dev/null && test -w "$${XDG_CACHE_HOME:-$$HOME/.cache}/uv" && echo yes),yes)
export UV_CACHE_DIR ?= $(CURDIR)/$(UV_HOME)/cache
endif
# A uv of the user's own serves if it is new enough; else one is put into a folder of this project.
UV = $(shell uv --version 2>/dev/null | awk '{split($$2, v, "."); new = v[1] > 0 || v[2] >= 9} END {exit !new}' && echo uv || echo $(UV_HOME)/bin/uv)
# An environment holds the path it was made at: in a folder that was renamed or moved it is made again.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
MOVED := moved
.PHONY: moved
moved:
endif

.PHONY: help
help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml $(MOVED)
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 14) else f"Python 3.11, 3.12 or 3.13 is needed, and {sys.executable} is {v[0]}.{v[1]}: name another with `make PYTHON=...`")'
	@if [ $(UV) != uv ] && ! $(UV_HOME)/bin/uv --version >/dev/null 2>&1; then \
		echo "Installing uv into $(UV_HOME)"; \
		$(PYTHON) -m venv --clear $(UV_HOME) && $(UV_HOME)/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'; \
	fi
	@echo "Installing the locked environment into $(VENV)"
	@[ "$$(cat $(READY) 2>/dev/null)" = "$(CURDIR)" ] || $(UV) venv --quiet --clear --python "$$(command -v $(PYTHON))" $(VENV)
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --reinstall-package ree-warehouse --editable .
	@printf '%s\n' "$(CURDIR)" > $(READY)

.PHONY: env
env: $(READY) ## Make the environment in .venv

FILE := build/ree.duckdb
$(FILE): | $(READY)
	@$(BIN)/ree build --no-docs

.PHONY: build
build: $(READY) ## Sources to build/ree.duckdb and the lineage site
	@$(BIN)/ree build

# Workers share one published file, which is made while the first tests run. Checks of the code run side by side.
PYTEST = $(BIN)/pytest -n auto --maxprocesses 8

.PHONY: test
test: $(READY) ## Lint, types and all tests
	@$(MAKE) --no-print-directory -j2 lint types
	@$(PYTEST)

.PHONY: test-fast
test-fast: $(READY) ## Style of Python, types and the tests that take seconds, in under a minute
	@$(MAKE) --no-print-directory -j2 lint-python types
	@$(PYTEST) -m 'not slow'

.PHONY: lint
lint: lint-python lint-rooms lint-sql ## ruff, import-linter and sqlfluff

.PHONY: lint-python
lint-python: $(READY)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

.PHONY: lint-rooms
lint-rooms: $(READY)
	@$(BIN)/lint-imports --no-cache --no-logo

# What held and has not changed since is not read again.
SQL_FOLDERS = dbt_project/models dbt_project/tests docs/cookbook warehouse/pages/report/queries
SQL_HELD = build/.cache/sql-held
.PHONY: lint-sql
lint-sql: $(SQL_HELD)
$(SQL_HELD): pyproject.toml $(shell find $(SQL_FOLDERS) dbt_project/macros -name '*.sql' 2>/dev/null) | $(READY)
	@$(BIN)/sqlfluff lint --processes 1 $(SQL_FOLDERS)
	@mkdir -p $(@D) && touch $@

.PHONY: types
types: $(READY) ## mypy
	@$(BIN)/mypy

.PHONY: format
format: $(READY) ## Rewrite code in the house style
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix dbt_project/models dbt_project/tests docs/cookbook

.PHONY: docs
docs: $(READY) | $(FILE) ## The lineage site, build/docs/index.html
	@$(BIN)/ree docs

.PHONY: report
report: $(READY) | $(FILE) ## The report, build/site/index.html
	@$(BIN)/ree report

.PHONY: docs-serve
docs-serve: $(READY) | $(FILE) ## Serve the lineage site to this machine until Ctrl-C
	@$(BIN)/ree docs --serve

.PHONY: model-card
model-card: $(READY) | $(FILE) ## docs/model-card.md, docs/model-studies.md and their figures, from the published file
	@$(BIN)/ree pages docs/model-card.md docs/model-studies.md

.PHONY: bi-guide
bi-guide: $(READY) | $(FILE) ## docs/bi.md with the cookbook's answers, from the published file
	@$(BIN)/ree pages docs/bi.md

# The oldest DuckDB that docs/bi.md names.
OLDEST_DUCKDB := 1.1.0
.PHONY: oldest-check
oldest-check: $(READY) | $(FILE) ## Every table and view read by the oldest DuckDB that can
	@$(UV) venv --quiet --clear --python "$$(command -v $(PYTHON))" .oldest
	@$(UV) pip install --quiet --python .oldest/bin/python 'duckdb==$(OLDEST_DUCKDB)'
	@.oldest/bin/python tests/oldest_client.py $(FILE)

SUPERSET := .superset
SUPERSET_READY := $(SUPERSET)/.ready

$(SUPERSET_READY): dashboards/superset/requirements.lock | $(READY)
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v < (3, 13) else f"This Superset needs Python 3.11 or 3.12, and {sys.executable} is {v[0]}.{v[1]}: name another with `make superset-check PYTHON=...`")'
	@echo "Installing Superset into $(SUPERSET)"
	@[ -x $(SUPERSET)/bin/python ] || $(UV) venv --quiet --python "$$(command -v $(PYTHON))" $(SUPERSET)
	@$(UV) pip sync --quiet --python $(SUPERSET)/bin/python --require-hashes dashboards/superset/requirements.lock
	@touch $(SUPERSET_READY)

.PHONY: superset-check
superset-check: $(READY) $(SUPERSET_READY) | $(FILE) ## The dashboard in a stock Superset: import it, run every chart (heavy)
	@$(BIN)/ree superset-bundle
	@$(SUPERSET)/bin/python dashboards/superset/check.py $(FILE) build/ree-superset.zip

.PHONY: superset-bundle
superset-bundle: $(READY) | $(FILE) ## build/ree-superset.zip, to import into a Superset of your own
	@$(BIN)/ree superset-bundle

.PHONY: superset-lock
superset-lock: $(READY) ## Renew dashboards/superset/requirements.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url \
		--no-emit-find-links --custom-compile-command 'make superset-lock' --python-version 3.11 \
		dashboards/superset/requirements.in --output-file dashboards/superset/requirements.lock

.PHONY: study
study: $(READY) | $(FILE) ## Longer studies, their runs added to the published file
	@$(BIN)/ree study

KERAS_MEMBERS ?= 5
.PHONY: bench-ml
bench-ml: $(READY) ## Training time against Keras and scikit-learn (KERAS_MEMBERS=100 for all of them)
	@$(BIN)/python benchmarks/bench_ml.py --keras-members $(KERAS_MEMBERS)

.PHONY: bench-reading
bench-reading: $(READY) | $(FILE) ## Answers from the file against pandas and polars on its export; sizes
	@$(BIN)/python benchmarks/bench_reading.py

.PHONY: bench-names
bench-names: $(READY) | $(FILE) ## How many sites are found when their names are written as people write them
	@$(BIN)/python benchmarks/site_names.py

.PHONY: bench-build
bench-build: $(READY) ## How long a build takes: the first, with nothing changed, with a mapping changed
	@$(BIN)/python benchmarks/bench_build.py

.PHONY: bench
bench: bench-ml bench-reading ## The benchmark tables
	@$(BIN)/python benchmarks/mineral_agreement.py

FROM ?= HEAD~1
TO ?= HEAD
.PHONY: lines
lines: ## Lines of code by room, before and after (FROM=commit TO=commit)
	@for commit in $(FROM) $(TO); do git grep -c '' $$commit -- '*.py' '*.sql' '*.yml' '*.j2'; done | awk -F: ' \
		$$1 == "$(FROM)" { at = 1 } $$1 != "$(FROM)" { at = 2 } \
		{ n = split($$2, part, "/"); room = part[1]; \
		  for (i = 2; i < n && i <= (part[1] == "dbt_project" ? 3 : 2); i++) room = room "/" part[i]; \
		  rooms[room]; lines[at, room] += $$3; total[at] += $$3 } \
		END { row = "%-40s %8s %8s %8s\n"; printf row, "room", "before", "after", "change"; fflush(); \
		  for (room in rooms) { a = lines[1, room] + 0; b = lines[2, room] + 0; printf row, room, a, b, b - a | "sort" } \
		  close("sort"); printf row, "total", total[1], total[2], total[2] - total[1] }'

.PHONY: accounting
accounting: $(READY) ## Renew docs/accounting.md from the published file
	@$(BIN)/ree accounting --output docs/accounting.md

.PHONY: data-dictionary
data-dictionary: $(READY) | $(FILE) ## Renew docs/data-dictionary.md from the published file
	@$(BIN)/ree dictionary --output docs/data-dictionary.md

.PHONY: export
export: $(READY) | $(FILE) ## Every mart as CSV and Parquet, in build/export
	@$(BIN)/ree export build/export

.PHONY: lock
lock: $(READY) ## Renew requirements.lock from pyproject.toml
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command 'make lock' --python-version 3.11 --group dev --group build \
		pyproject.toml --output-file requirements.lock

.PHONY: clean
clean: ## Remove what was built, keep the environment
	@rm -rf build dbt_project/target dbt_project/logs
