# A fresh machine needs Python 3.11 to 3.13 and make; the rest is installed into .venv from requirements.lock.
# The first interpreter that runs and suits is taken; `make clean`, then `make PYTHON=/path/to/python test` names another.

PYTHON :=
PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11 python3 /usr/bin/python3 /usr/local/bin/python3)
SUITS := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check
UV := uv==0.13.8

# What a user may have exported for their own work must not reach the tests.
TEST_ENV := env -u DLRUN_RESULTS -u KERAS_BACKEND -u JAX_ENABLE_X64 -u PYTEST_ADDOPTS \
	-u NO_COLOR -u FORCE_COLOR -u COLUMNS TF_CPP_MIN_LOG_LEVEL=3
PYTEST := $(TEST_ENV) $(BIN)/python -m pytest
unexport PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX

.DEFAULT_GOAL := help
.PHONY: help demo test test-all bench check lock clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

demo: $(STAMP) ## train one configuration and look at it
	$(BIN)/dlrun train configs/wide.yaml
	$(BIN)/dlrun compare
	$(BIN)/dlrun curves

test: $(STAMP) ## the quick tests
	@$(PYTEST) -m "not slow" -n auto --maxprocesses 4 --dist loadscope

test-all: $(STAMP) ## the slow tests
	@$(PYTEST) -m slow -n auto --maxprocesses 4 --dist loadscope || { status=$$?; test $$status -eq 5 && echo "There are no slow tests." || exit $$status; }

bench: $(STAMP) ## measure the workloads of the design
	$(BIN)/python -m bench

check: $(STAMP) ## lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Keeps the pins that still fit; remove requirements.lock first to move every package to its newest version.
lock: $(STAMP) ## write requirements.lock again, from pyproject.toml
	@set -e; tool=$$(mktemp -d); trap 'rm -rf "$$tool"' EXIT; \
	$(BIN)/python -m venv "$$tool"; "$$tool/bin/python" -m pip install -q $(UV); \
	"$$tool/bin/uv" pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
		--custom-compile-command "make lock" -q -o requirements.lock

clean: ## remove the environment and caches; results/ stays
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): requirements.lock pyproject.toml
	@set -e; if ! $(BIN)/python -c '$(SUITS)' 2>/dev/null; then \
		for python in $(PYTHONS) none; do "$$python" -c '$(SUITS)' 2>/dev/null && break; done; \
		if test "$$python" = none; then \
			echo "dlrun needs Python 3.11, 3.12 or 3.13 with its venv module. Tried: $(PYTHONS)." >&2; \
			echo "Install one (Debian: apt-get install python3-venv) or name it: make PYTHON=/path/to/python" >&2; \
			exit 1; \
		fi; \
		echo "Creating $(VENV) with $$(command -v "$$python")" >&2; \
		"$$python" -m venv --clear $(VENV); \
	fi
	@echo "Installing what requirements.lock names (3 GB on disk, a minute or more) ..." >&2
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
