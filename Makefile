# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything that these targets need they set up in .work, from pinned requirements. Needs Python 3.11+, git and make.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test lint sanity artifact pytest faults bench bench-quick requirements clean

WORK := .work
VENV := $(WORK)/venv
TREE := $(WORK)/tree
HERE := ansible_collections/hostup/cloud
# the interpreter itself: a version manager's shim would not survive the clean PATH below
PYTHON := $(shell python3 -c 'import sys; print(sys.executable)')

# no shims, no collections and no settings of whoever runs this
RUN := env -u ANSIBLE_CONFIG -u PYTHONPATH \
	PATH="$(CURDIR)/$(VENV)/bin:/usr/local/bin:/usr/bin:/bin" \
	HOME="$(CURDIR)/$(WORK)/home" \
	ANSIBLE_HOME="$(CURDIR)/$(WORK)/home/.ansible" \
	ANSIBLE_COLLECTIONS_PATH="$(CURDIR)/$(TREE)" \
	PYTHONPATH="$(CURDIR)/$(TREE)" \
	PYTHONDONTWRITEBYTECODE=1

help:
	@echo "make demo      declare an account on an embedded emulator: check, apply, apply again"
	@echo "make test      all checks; in parts: make lint, sanity, artifact, pytest"
	@echo "make faults    each request of each module, struck by each fault (ten minutes)"
	@echo "make bench     what a task costs, in process and not (half an hour); make bench-quick: in two"
	@echo "make requirements   resolve the pinned requirements anew"
	@echo "make clean     remove all that these targets have set up"

demo: $(VENV)/.run $(TREE)
	@$(RUN) python tests/demo.py

test: lint sanity artifact pytest

lint: $(VENV)/.test $(TREE)
	@echo "== ruff, mypy, yamllint, shellcheck, check-jsonschema, antsibull-changelog, antsibull-docs, ansible-lint"
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@cd $(WORK) && $(RUN) MYPYPATH=tree mypy --config-file ../pyproject.toml -p ansible_collections.hostup.cloud
	@$(RUN) yamllint --strict .
	@$(RUN) shellcheck .ci/run tests/tools/*.sh examples/gitops/vault/*.sh
	@$(RUN) check-jsonschema -q --builtin-schema vendor.github-workflows examples/gitops/.github/workflows/*.yml
	@$(RUN) check-jsonschema -q --builtin-schema vendor.gitlab-ci examples/gitops/.gitlab-ci.yml
	@$(RUN) antsibull-changelog lint
	@$(RUN) antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all .
	@$(RUN) ANSIBLE_VAULT_PASSWORD_FILE="$(CURDIR)/examples/quickstart/vault-password" ansible-lint --offline --strict

# ansible-test wants a real folder of the collection's name; a repository that ignores it would make it skip everything
sanity: $(VENV)/.test $(TREE)
	@echo "== ansible-test sanity"
	@rm -rf "$(WORK)/sanity" && mkdir -p "$(WORK)/sanity/$(HERE)"
	@git ls-files -coz --exclude-standard | tar --null -T - --ignore-failed-read -cf - | tar -xf - -C "$(WORK)/sanity/$(HERE)"
	@$(RUN) python tests/tools/seed_ansible_test.py
	@git init -q "$(WORK)/sanity/$(HERE)"
	@# every Python that runs here goes on the path under its own name: ansible-test compiles and imports with each of them
	@$(RUN) python tests/tools/find_pythons.py "$(WORK)/pythons"
	@cd "$(WORK)/sanity/$(HERE)" && $(RUN) PATH="$(CURDIR)/$(VENV)/bin:$(CURDIR)/$(WORK)/pythons:/usr/local/bin:/usr/bin:/bin" \
		ansible-test sanity --venv --color no 2>&1 | tee "$(CURDIR)/$(WORK)/sanity.log"
	@! grep "All targets skipped" "$(WORK)/sanity.log"

artifact: $(VENV)/.test
	@echo "== build and install the collection"
	@rm -rf "$(WORK)/artifact" && mkdir -p "$(WORK)/artifact"
	@$(RUN) ansible-galaxy collection build --output-path "$(WORK)/artifact" .
	@# forced, since ansible-galaxy finds the tree's link and would install nothing
	@$(RUN) ansible-galaxy collection install --force --offline -p "$(WORK)/artifact/installed" "$(WORK)"/artifact/hostup-cloud-*.tar.gz

pytest: $(VENV)/.test $(TREE) artifact
	@echo "== pytest"
	@tests/tools/ensure_sshd.sh
	@tests/tools/ensure_chromium.sh
	@$(RUN) pytest

faults: $(VENV)/.test $(TREE)
	@echo "== the fault matrix"
	@$(RUN) python -m ansible_collections.hostup.cloud.tests.faults --markdown "$(WORK)/faults.md"

BENCH := $(RUN) python -m ansible_collections.hostup.cloud.tests.benchmarks

bench: $(VENV)/.test $(TREE)
	@$(BENCH) --json "$(WORK)/bench.json" --markdown "$(WORK)/bench.md"

bench-quick: $(VENV)/.test $(TREE)
	@$(BENCH) --quick --json "$(WORK)/bench-quick.json" --markdown "$(WORK)/bench-quick.md"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'
	@echo "Setting up $(WORK), once: this takes a minute or so"
	@mkdir -p $(WORK)/home
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.run: tests/requirements/run.txt | $(VENV)/bin/python
	@$(VENV)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.test: tests/requirements/test.txt $(VENV)/.run
	@$(VENV)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(TREE):
	@mkdir -p $(TREE)/ansible_collections/hostup
	@ln -sfn ../../../.. $(TREE)/$(HERE)

requirements:
	for name in run test; do uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --upgrade -o tests/requirements/$$name.txt tests/requirements/$$name.in; done

clean:
	rm -rf $(WORK)
