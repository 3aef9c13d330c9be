# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything that these targets need they set up in .work, from pinned requirements. Needs Python 3.11+, git and make.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test lint docs sanity artifact second pytest compat programs contract properties faults bench bench-quick \
	sweep pictures stores release release-check rehearse add-a-field requirements clean

WORK := .work
VENV := $(WORK)/venv
TREE := $(WORK)/tree
HERE := ansible_collections/hostup/cloud
# the interpreter itself: a version manager's shim would not survive the clean PATH below
PYTHON := $(shell python3 -c 'import sys; print(sys.executable)')

# no shims, no collections and no settings of whoever runs this, nor git's, which a hook has; loopback needs no proxy
OTHERS := $(filter ANSIBLE_% GIT_% HOSTUP_% FORCE_COLOR PY_COLORS PYTHONPATH,$(.VARIABLES))
RUN := env $(OTHERS:%=-u %) \
	PATH="$(CURDIR)/$(VENV)/bin:/usr/local/bin:/usr/bin:/bin" \
	HOME="$(CURDIR)/$(WORK)/home" \
	NO_PROXY="127.0.0.1,localhost$${NO_PROXY:+,$$NO_PROXY}" \
	ANSIBLE_HOME="$(CURDIR)/$(WORK)/home/.ansible" \
	ANSIBLE_COLLECTIONS_PATH="$(CURDIR)/$(TREE)" \
	PYTHONPATH="$(CURDIR)/$(TREE)" \
	PYTHONDONTWRITEBYTECODE=1

help:
	@echo "make demo      declare an account on an embedded emulator: check, apply, apply again"
	@echo "make test      all checks; in parts: make lint, docs, sanity, artifact, second, pytest"
	@echo "make docs      build the documentation as a site, offline"
	@echo "make compat    all tests on every ansible-core, the oldest and newest Python of each (an hour and more); CORES=\"2.20 2.22\""
	@echo "make contract  ask the emulator at length whether it keeps to the contract, from a random seed (some minutes)"
	@echo "make properties   what holds for any text and any answer, with many random examples (minutes)"
	@echo "make faults    each request of each module, struck by each fault (five minutes)"
	@echo "make bench     what a task costs, in process and not (half an hour); make bench-quick: in two"
	@echo "make sweep     search for secrets in all that tasks of every kind write, in every mode of Ansible (twenty minutes)"
	@echo "make pictures  draw the README's pictures anew, each of a real run"
	@echo "make stores    take keys out of SOPS and OpenBao, as docs/secrets.md has it (230 MB, a minute)"
	@echo "make release   write version and changelog, build and check the artifact: VERSION=1.2.3; make release-check: as committed"
	@echo "make rehearse  make the next release, in a copy (one to three minutes)"
	@echo "make add-a-field   follow CONTRIBUTING.md's walk-through in a copy, and run all tests there (as long as make pytest)"
	@echo "make requirements   resolve the pinned requirements anew"
	@echo "make clean     remove all that these targets have set up"

demo: $(VENV)/.run $(TREE)
	@$(RUN) python tests/demo.py

# What takes one core goes side by side, and is not done again. pytest comes last: it ends with the count of tests
FIRST := lint docs sanity artifact programs
test:
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target $(FIRST)
	@$(MAKE) --no-print-directory $(FIRST:%=--old-file=%) second pytest

lint: $(VENV)/.test $(TREE)
	@echo "== reuse, ruff, mypy, yamllint, shellcheck, check-jsonschema, antsibull-changelog, antsibull-docs, ansible-lint"
	@$(RUN) reuse lint -q || $(RUN) reuse lint
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@cd $(WORK) && $(RUN) MYPYPATH=tree mypy --config-file ../pyproject.toml -p ansible_collections.hostup.cloud
	@$(RUN) yamllint --strict .
	@$(RUN) shellcheck .ci/run tests/tools/*.sh examples/gitops/vault/*.sh examples/secrets/*/*.sh
	@$(RUN) check-jsonschema -q --builtin-schema vendor.github-workflows {.,examples/gitops}/.github/workflows/*.yml
	@$(RUN) check-jsonschema -q --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/{bug,feature}.yml
	@$(RUN) check-jsonschema -q --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	@$(RUN) check-jsonschema -q --builtin-schema vendor.gitlab-ci examples/gitops/.gitlab-ci.yml
	@$(RUN) antsibull-changelog lint
	@$(RUN) antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all .
	@$(RUN) ANSIBLE_VAULT_PASSWORD_FILE="$(CURDIR)/examples/quickstart/vault-password" ansible-lint --offline --strict

docs: $(VENV)/.test $(TREE)
	@echo "== the documentation's site"
	@$(RUN) python -m ansible_collections.hostup.cloud.docs.site.build "$(WORK)/docs"

sanity: $(VENV)/.test $(TREE)
	@echo "== ansible-test sanity"
	@$(RUN) python tests/tools/sanity.py "$(WORK)/sanity"

artifact: $(VENV)/.test $(TREE)
	@echo "== build the collection, twice, and install it"
	@$(RUN) python tests/tools/build_artifact.py "$(WORK)/artifact"

# a file's tests stay in one process, since they share folders and emulators, in the order that tests/conftest.py gives them.
# One process more than cores, since some wait for time limits
PROCESSES := $(shell python3 -c 'import os; print(min(os.cpu_count() or 1, 4) + 1)')
PARALLEL := PYTEST_ADDOPTS="-n $(PROCESSES) --dist loadfile --no-loadscope-reorder"

pytest: $(VENV)/.test $(TREE) artifact docs programs
	@echo "== pytest"
	@$(RUN) $(PARALLEL) pytest

second: $(VENV)/.test $(TREE) artifact programs
	@echo "== a second ansible-core"
	@$(RUN) $(PARALLEL) python tests/tools/compat.py --second

compat: $(VENV)/.test $(TREE) artifact docs programs
	@$(RUN) $(PARALLEL) python tests/tools/compat.py $(CORES)

programs:
	@tests/tools/ensure_sshd.sh
	@tests/tools/ensure_chromium.sh

# collections that are no part of ansible-core; of all that comes with them, only these are unpacked. $(1): theirs
define UNPACK
	@$(VENV)/bin/python -m pip download -q --disable-pip-version-check --no-deps --require-hashes -r tests/requirements/posix.txt \
		-d "$(@D)/download"
	@$(VENV)/bin/python -m zipfile -e "$(@D)"/download/ansible-*.whl "$(@D)/download/whole"
	@mkdir -p $(dir $(addprefix $(@D)/ansible_collections/,$(1)))
	@for name in $(1); do mv "$(@D)/download/whole/ansible_collections/$$name" "$(@D)/ansible_collections/$$name"; done
	@rm -rf "$(@D)/download"
	@touch $@
endef

# the JSON callbacks
$(WORK)/posix/.done: tests/requirements/posix.txt $(VENV)/.test
	@rm -rf $(@D) && mkdir -p $(@D)
	$(call UNPACK,ansible/posix)

# SOPS and OpenBao, and what Ansible asks them with
$(WORK)/stores/.done: tests/requirements/stores.txt tests/requirements/posix.txt $(VENV)/.test
	@rm -rf $(@D) && mkdir -p $(@D)
	@$(VENV)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $< --target "$(@D)/python"
	$(call UNPACK,community/sops community/hashi_vault)

stores: $(VENV)/.test $(TREE) $(WORK)/stores/.done
	@echo "== secrets from SOPS and OpenBao, as docs/secrets.md has it"
	@$(RUN) pytest tests/stores/full.py

sweep: $(VENV)/.test $(TREE) $(WORK)/posix/.done
	@$(RUN) $(PARALLEL) pytest --dist load tests/sweep/full.py

CONTRACT_ARGS :=

contract: $(VENV)/.test $(TREE)
	@$(RUN) python -m ansible_collections.hostup.cloud.tests.contract $(CONTRACT_ARGS)

# a seed of one's own repeats what was tried: make properties SEED=12345
SEED := $(shell echo $$RANDOM$$RANDOM)

properties: $(VENV)/.test $(TREE)
	@echo "== many random examples of each property; again with SEED=$(SEED)"
	@$(RUN) HYPOTHESIS_PROFILE=deep pytest tests/properties --hypothesis-seed=$(SEED)

faults: $(VENV)/.test $(TREE)
	@echo "== the fault matrix"
	@$(RUN) python -m ansible_collections.hostup.cloud.tests.http_faults --markdown "$(WORK)/faults.md"

pictures: $(VENV)/.test demo programs
	@$(RUN) python -m ansible_collections.hostup.cloud.tests.tools.pictures

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

# with an ansible-core and an ansible-lint of its own
$(WORK)/importer/.done: tests/requirements/importer.txt | $(VENV)/bin/python
	@rm -rf $(@D) && $(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

# the release's: make release VERSION=1.2.3
VERSION :=

# what it changes it changes in a clone first: on failure, the tree is as it was
release: $(VENV)/.test $(TREE) $(WORK)/importer/.done
	@$(RUN) python tests/tools/release.py "$(VERSION)"

release-check: $(VENV)/.test $(TREE) $(WORK)/importer/.done
	@$(RUN) python tests/tools/release.py --check "$(VERSION)"

# takes longer than all of its refusals, which make pytest tries, and needs the importer
rehearse: $(VENV)/.test $(TREE) $(WORK)/importer/.done
	@echo "== a release, in a clone"
	@$(RUN) pytest tests/release/full.py

# in CI once a week: the quick half is part of make pytest
add-a-field: $(VENV)/.test $(TREE) programs
	@echo "== all tests, where the walk-through of CONTRIBUTING.md was followed"
	@$(RUN) $(PARALLEL) python tests/tools/add_a_field.py "$(WORK)/walkthrough"

$(TREE):
	@mkdir -p $(TREE)/ansible_collections/hostup
	@ln -sfn ../../../.. $(TREE)/$(HERE)

# packages that a virtual environment shares are pinned alike: each file is held to those before it. $(1): name, $(2): the
# oldest Python that it is for, $(3): the pins that it keeps to, $(4): more options
COMPILE = cd tests/requirements && uv pip compile -q --universal --python-version $(2) --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --upgrade $(if $(3),-c $(3)) $(4) -o $(1).txt $(1).in

requirements:
	$(call COMPILE,run,3.11)
	$(call COMPILE,test,3.11,run.txt)
	$(call COMPILE,pytest,3.11,test.txt)
	$(call COMPILE,core-2.18,3.11,pytest.txt)
	$(call COMPILE,core-2.20,3.12,pytest.txt)
	$(call COMPILE,core-2.21,3.12,pytest.txt)
	$(call COMPILE,core-2.22,3.13,pytest.txt)
	$(call COMPILE,target,3.8)
	$(call COMPILE,oldest,3.8)
	$(call COMPILE,posix,3.11,,--no-deps)
	$(call COMPILE,importer,3.11)
	$(call COMPILE,stores,3.11,test.txt)

clean:
	rm -rf $(WORK)
