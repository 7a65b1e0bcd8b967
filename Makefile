# Everything works relative to this folder and through `.venv/bin/python -m`, never through a
# script whose first line names a path: such lines break where the path has spaces or accents.
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
PIP := $(VENV_PYTHON) -m pip --disable-pip-version-check
# What the locks leave out is PyTorch, of which each place has a build, and a hash, of its own.
LOCKED := $(PIP) install -qq --require-hashes --no-deps -r
LOCK_TOOLS := build/lock/bin/python -m
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(LOCK_TOOLS) piptools compile -q --no-config \
	--generate-hashes --strip-extras --unsafe-package torch --no-annotate --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host --no-emit-options -c constraints.txt

.PHONY: run test lint bench bench-full crash fuzz lock audit

VULNERABILITIES ?= https://api.osv.dev
KILLS ?= 200
SEED ?= 1
FUZZ_TARGETS ?= extracting importing normalizing quoting
FUZZ_SECONDS ?= 300

run: .venv/installed
	@$(VENV_PYTHON) -m bot run

test: .venv/installed-dev
	@$(VENV_PYTHON) -m pytest

lint: .venv/installed-dev
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ruff format --check .
	@$(VENV_PYTHON) -m mypy
	@$(VENV_PYTHON) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	@if curl -s --max-time 3 -o /dev/null $(VULNERABILITIES); then $(MAKE) -s audit; \
		else echo "Not looked up among known vulnerabilities: $(VULNERABILITIES) does not answer."; fi

bench: .venv/installed-dev
	@$(VENV_PYTHON) -m bench

bench-full: bench .venv/installed-peers
	@$(VENV_PYTHON) -m bench.peers
	@$(VENV_PYTHON) -m bench.growth

crash: .venv/installed-dev
	@$(VENV_PYTHON) -m tests.crash --kills $(KILLS) --seed $(SEED)

fuzz: .venv/installed-fuzz
	@set -e; for target in $(FUZZ_TARGETS); do \
		$(VENV_PYTHON) -m tests.fuzz $$target --seconds $(FUZZ_SECONDS); done

.venv/installed: pyproject.toml constraints.txt requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Newsdesk needs Python 3.11 or newer; name one with: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "Installing Newsdesk into .venv; the first time takes some minutes."
	@$(PYTHON) -m venv .venv
	@if test -e .venv/installed-peers; then $(PIP) uninstall -qq -y -r bench/peers.txt; fi
	@rm -f .venv/installed-peers
	@$(LOCKED) requirements.lock
	@$(PIP) install -qq -c constraints.txt torch
	@$(PIP) install -qq --no-deps -e .
	@$(PIP) check
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@$(LOCKED) requirements-dev.lock
	@$(PIP) check
	@touch $@

# Writes the locks anew from pyproject.toml and constraints.txt; takes some minutes, and a network.
lock: build/lock/installed
	@$(COMPILE) -o requirements.lock pyproject.toml
	@$(COMPILE) --extra dev -o requirements-dev.lock pyproject.toml

# Looks the pinned packages up among known vulnerabilities; needs a network. Asks OSV: an index that
# knows of none (a mirror, or a company's own) would let pip-audit find none.
audit: build/lock/installed
	@$(LOCK_TOOLS) pip_audit --strict --progress-spinner off --no-deps --disable-pip --timeout 10 \
		-s osv --osv-url $(VULNERABILITIES)/v1/query -r constraints.txt

build/lock/installed:
	@$(PYTHON) -m venv build/lock
	@$(LOCK_TOOLS) pip install -qq --disable-pip-version-check pip-tools==7.6.2 pip-audit==2.10.1
	@touch $@

# Without what they depend on, most of which is here: langchain-huggingface asks for a
# huggingface-hub that is older than Newsdesk's, but works with this one. `pip check` does not
# know that, so they go before it looks again.
.venv/installed-peers: .venv/installed-dev bench/peers.txt
	@$(VENV_PYTHON) -m pip install -qq --disable-pip-version-check --no-deps -r bench/peers.txt
	@touch $@

# Atheris comes for some systems and versions of Python only: Linux with 3.11, for one.
.venv/installed-fuzz: .venv/installed-dev tests/fuzz/requirements.txt
	@$(PIP) install -qq --only-binary :all: -r tests/fuzz/requirements.txt
	@touch $@
