# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation is the product: it matches the code, and every example is accepted by the module it shows."""

from __future__ import annotations

import importlib
import json
import os
import pathlib
import subprocess
import sys
import typing as t

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.hostup.cloud.plugins.module_utils import (
    _account,
    _invoice,
    _preferences,
    _validate,
)
from ansible_collections.hostup.cloud.plugins.module_utils._argspec import CONNECTION
from ansible_collections.hostup.cloud.plugins.module_utils._fields import PREFERENCE_FIELDS, PROFILE_FIELDS
from ansible_collections.hostup.cloud.plugins.module_utils._task import Task
from ansible_collections.hostup.cloud.plugins.plugin_utils._arguments import ENVIRONMENT, normalize_arguments
from ansible_collections.hostup.cloud.plugins.plugin_utils._audit_action import SPEC as AUDIT_SPEC
from ansible_collections.hostup.cloud.plugins.plugin_utils._role_arguments import OPTIONS, PREFERENCES, PROFILE

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
ROLES = ("hostup_account", "hostup_audit")
PLAYBOOKS = ("apply", "audit")
PREFIX = "hostup.cloud."
AUDIT = "hostup_audit"
WORKS: dict[str, Task] = {
    "hostup_account": _account.APPLY,
    "hostup_account_info": _account.READ,
    "hostup_account_preferences": _preferences.APPLY,
    "hostup_account_preferences_info": _preferences.READ,
    "hostup_invoice_info": _invoice.READ,
}
#: What each module's result shows beside what all of them do, with the names inside.
_PROFILE = {"id", "status", "email"} | {field.option for field in PROFILE_FIELDS}
_SETTINGS = {setting.option for setting in PREFERENCE_FIELDS}
_WRITTEN = {"changed_fields", "unreadable_fields", "diff", "request_id"}
RETURNED: dict[str, dict[str, set[str]]] = {
    "hostup_account": {key: set() for key in ("account", *_WRITTEN)},
    "hostup_account_info": {"account": _PROFILE},
    "hostup_account_preferences": {
        "preferences": _SETTINGS,
        "card_auto_charge": {"in_effect", "status"},
        **{key: set() for key in (*_WRITTEN, "request_ids", "written_fields", "unwritten_fields")},
    },
    "hostup_account_preferences_info": {
        "preferences": _SETTINGS,
        "card_auto_charge": {"in_effect", "status"},
        "notification_categories": set(),
        "peppol": {"eligible", "reason", "org_number", "peppol_id", "participant_name", "looked_up_at"},
    },
    "hostup_audit": {"report": set(), "verdict": set()},
    "hostup_invoice_info": {"invoice": {*_invoice.FACTS, "currency", "client"}, "differs_from_account": set()},
}


def module(name: str) -> t.Any:
    return importlib.import_module("ansible_collections.hostup.cloud.plugins.modules." + name)


def _spec(name: str) -> t.Any:
    """A module's argument spec."""
    return AUDIT_SPEC if name == AUDIT else WORKS[name].spec


@pytest.fixture(scope="module")
def docs() -> dict[str, t.Any]:
    """What ansible-doc says of each module, fragments included."""
    command = [str(pathlib.Path(sys.executable).parent / "ansible-doc"), "--json", *(PREFIX + name for name in MODULES)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name: json.loads(done.stdout)[PREFIX + name] for name in MODULES}


def _facts(options: dict[str, t.Any]) -> dict[str, t.Any]:
    facts = ("type", "default", "required", "choices", "aliases", "elements")
    return {name: {fact: of[fact] for fact in facts if of.get(fact) not in (None, False, [])} for name, of in options.items()}


@pytest.mark.parametrize("name", MODULES)
def test_options_are_documented_as_they_are(name: str, docs: dict[str, t.Any]) -> None:
    options = docs[name]["doc"]["options"]
    assert _facts(options) == _facts(_spec(name))
    for option, variable in ENVIRONMENT.items():
        assert "E(%s)" % variable in str(options[option]["description"])


@pytest.mark.parametrize("name", MODULES)
def test_return_values_are_documented(name: str, docs: dict[str, t.Any]) -> None:
    inside = {key: set() if key == "diff" else set(doc.get("contains", ())) for key, doc in docs[name]["return"].items()}
    failed = {"status", "code", "message", "request_id", "method", "path", "attempts"}
    assert inside == {**RETURNED[name], **({"msg": set()} if name == AUDIT else {"failure": failed})}


def _role(name: str) -> t.Any:
    path = ROOT / "roles" / name / "meta" / "argument_specs.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]


def test_the_role_takes_what_the_modules_take() -> None:
    """Each option is in one of the role's variables, whose dictionaries the lookup checks; it alone knows them by name."""
    role = {name: of for name, of in _role("hostup_account")["options"].items() if of["type"] == "dict"}
    assert set(role) == {PROFILE.variable, PREFERENCES.variable, "hostup_account_options"}
    assert [name for name, of in role.items() if "options" in of] == []
    for declaration in (PROFILE, PREFERENCES):
        assert set(_spec(declaration.module)) <= {*declaration.names, *OPTIONS, "api_key", "account_id"}


@pytest.mark.parametrize("name", ROLES)
def test_a_role_documents_what_it_has(name: str) -> None:
    """Its defaults, and on Galaxy what ansible-doc says."""
    path = ROOT / "roles" / name / "defaults" / "main.yml"
    defaults = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    options = _role(name)["options"]
    assert {option: options[option]["default"] for option in options if "default" in options[option]} == defaults
    meta = yaml.safe_load((ROOT / "roles" / name / "meta" / "main.yml").read_text(encoding="utf-8"))
    assert meta["galaxy_info"]["description"] == _role(name)["short_description"]


def _tasks(tasks: list[dict[str, t.Any]]) -> t.Iterator[tuple[str, str, dict[str, t.Any]]]:
    for task in tasks:
        yield from _tasks(task.get("block", []))
        for key, args in task.items():
            if key.startswith(PREFIX):
                yield task["name"], key[len(PREFIX) :], args


#: What checks a module's own options.
CHECKS: dict[str, t.Callable[[dict[str, t.Any]], object]] = {
    "hostup_account": _validate.profile,
    "hostup_account_preferences": _validate.preferences,
    "hostup_invoice_info": _validate.invoice_id,
}
EXAMPLES = [example for name in MODULES for example in _tasks(yaml.safe_load(module(name).EXAMPLES))]


@pytest.mark.parametrize(("title", "name", "args"), EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_example(title: str, name: str, args: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example passes the way that a task takes: the controller's half, the argument spec, the checks of values."""
    del title
    monkeypatch.setattr(os.path, "isfile", lambda path: path.endswith(".pem"))
    if name == AUDIT:
        assert ArgumentSpecValidator(AUDIT_SPEC).validate(args).error_messages == []
        return
    # what is read elsewhere is none of a flag's or a list's words
    read = {key for key, value in args.items() if "default(omit" in str(value)}
    values = {
        key: "900101-0017" if value == "{{ vault_personal_number }}" else value for key, value in args.items() if key not in read
    }
    complete = normalize_arguments({**values, "api_key": "key"}, WORKS[name].fields, {}, {})
    result = ArgumentSpecValidator(_spec(name)).validate(complete)
    assert result.error_messages == []
    _validate.connection(result.validated_parameters)
    _validate.account_id(result.validated_parameters)
    if name in CHECKS:
        CHECKS[name](result.validated_parameters)


def test_every_option_has_an_example() -> None:
    for name in MODULES:
        shown = {key for dummy, of, args in EXAMPLES for key in args if of == name or key in CONNECTION}
        assert set(_spec(name)) - shown == set(), name


def test_action_group_and_action_plugins_are_complete() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["action_groups"] == {"hostup": MODULES}
    assert sorted(path.stem for path in (ROOT / "plugins" / "action").glob("*.py")) == MODULES


def test_the_readme_is_complete() -> None:
    """It lists every module, role and playbook, and what it shows as the quick start's playbook is the one that runs."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    content = ("", MODULES), ("role ", ROLES), ("playbook ", PLAYBOOKS)
    rows = ["| %s`%s%s` |" % (kind, PREFIX, name) for kind, names in content for name in names]
    assert [row for row in rows if row not in readme] == []
    playbook = (ROOT / "examples" / "quickstart" / "account.yml").read_text(encoding="utf-8")
    assert "```yaml\n%s```" % playbook in readme
