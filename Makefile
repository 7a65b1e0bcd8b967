# Everything works relative to this folder and through `.venv/bin/python -m`, never through a
# script whose first line names a path: such lines break where the path has spaces or accents.
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
INSTALL := $(VENV_PYTHON) -m pip install -qq --disable-pip-version-check -c constraints.txt

.PHONY: run test lint bench crash

KILLS ?= 200
SEED ?= 1

run: .venv/installed
	@$(VENV_PYTHON) -m bot run

test: .venv/installed-dev
	@$(VENV_PYTHON) -m pytest

lint: .venv/installed-dev
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ruff format --check .
	@$(VENV_PYTHON) -m mypy
	@$(VENV_PYTHON) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

bench: .venv/installed-dev
	@$(VENV_PYTHON) -m bench

crash: .venv/installed-dev
	@$(VENV_PYTHON) -m tests.crash --kills $(KILLS) --seed $(SEED)

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Newsdesk needs Python 3.11 or newer; name one with: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "Installing Newsdesk into .venv; the first time takes some minutes."
	@$(PYTHON) -m venv .venv
	@$(INSTALL) -e .
	@touch $@

.venv/installed-dev: .venv/installed
	@$(INSTALL) -e ".[dev]"
	@touch $@
