# Everything starts here. The virtual environment makes itself, with hash-locked packages.
PY ?= python3
V  := .venv
PIP := $(V)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes

help:            ## this list
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## ?/  make \1\t/' | expand -t 20

run: $(V)/.ok    ## start Platon; with nothing set in .env a sandbox stands in for Telegram and the mail server
	@$(V)/bin/python -m app run

test: check      ## everything CI runs: make check, then the tests
	$(V)/bin/python -m pytest -n 2 --dist loadscope

check: $(V)/.dev ## style, types, import contracts, locks, migrations, texts in both languages
	$(V)/bin/ruff check .
	$(V)/bin/ruff format --check .
	$(V)/bin/mypy
	$(V)/bin/lint-imports
	@! grep -nE '://|index-url|find-links' requirements*.lock
	$(V)/bin/python -m pytest tests/test_architecture.py tests/db tests/i18n

prove: $(V)/.dev ## the long fault proofs: processes killed, connections cut, what was lost is counted
	$(V)/bin/python -m pytest -m prove -n 0 -s

benchmarks: $(V)/.dev ## the short form of every benchmark
	@for file in benchmarks/[a-z]*.py; do name=$$(basename $$file .py); \
	  grep -q '__main__' $$file || continue; echo "== $$name"; $(V)/bin/python -m benchmarks.$$name --short || exit 1; done

services: $(V)/.ok ## install the systemd units for this folder (as root)
	@$(V)/bin/python -m app services install

lock:            ## maintainers: lock the requirements anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements.lock requirements.in
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements-dev.lock requirements-dev.in

$(V)/.ok: requirements.lock
	@$(PY) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else f"Python 3.11 to 3.13 is needed, this is {sys.version.split()[0]}: make PY=python3.11 …")'
	@$(PY) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	@echo "Setting up: virtual environment and packages, about a minute and a half."
	@$(PY) -m venv $(V)
	@$(PIP) -r requirements.lock
	@echo "$(CURDIR)" > $$(echo $(V)/lib/python3*/site-packages)/platon.pth
	@printf '#!/bin/sh\nexec "%s" -m app "$$@"\n' "$(CURDIR)/$(V)/bin/python" > $(V)/bin/platon
	@chmod +x $(V)/bin/platon
	@touch $@

$(V)/.dev: $(V)/.ok requirements-dev.lock
	@echo "Setting up: tools for the tests."
	@$(PIP) -r requirements-dev.lock
	@touch $@

.PHONY: help run test check prove benchmarks services lock
