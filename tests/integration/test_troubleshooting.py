# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of messages: each message that the code can make is on it, what it quotes exists, and readers find what they see."""

from __future__ import annotations

import ast
import re
import typing as t
from urllib.parse import urlsplit

import yaml

from ansible_collections.hostup.cloud.tests.emulator import Fault
from ansible_collections.hostup.cloud.tests.integration.conftest import Start
from ansible_collections.hostup.cloud.tests.integration.runner import (
    ROOT,
    Player,
    Task,
    account,
    invoice_info,
    preferences,
    preferences_info,
)

PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
#: What stands in the code like a part of a message, and is none.
NO_MESSAGES = {
    # in the brackets of a sentence
    *("timed out", "the connection failed", "certificate verify failed"),
    # titles of diffs
    *("HostUp account %s", "HostUp account %s, preferences", "HostUp account's preferences", "(no id)"),
    # parts of sentences that begin otherwise
    "%s failed: %s %s %s%s%s; %s.",
    *(" (%d days)", "%s (for %s)", "%s %s; nothing was sent.", "data.client with its id", "the path"),
    *("a flag", "an object", "number or boolean", "a name that is not shown", "something has no", "has no", "%s drifted"),
    *("none drifted", "request id %s", "%d attempts", "within %d s", "holds something else than an object in %s"),
    # parts of the audit's verdict, and of its progress
    *("%d of %s drifted", "%d%s could not be checked", " of ", "%d with warnings", "%s checked, none drifted", "the host %s"),
    "hostup_audit: %d of %d accounts",
    # for nobody: of a worker whose run was killed
    "The run of Ansible has ended.",
    # at -vvv; the beginning of one of Ansible's own; a search in one of Python's; filled in by the role, told by its variables
    *("Running in Ansible's own process", "Unsupported parameters for (%s) module: ", "Tunnel connection failed: ([0-9]{3})"),
}


def _literals() -> set[str]:
    """Each text in the code, without documentation."""
    found = set()
    for path in [*(ROOT / "plugins" / "module_utils").glob("*.py"), *(ROOT / "plugins" / "plugin_utils").glob("*.py")]:
        found |= _texts(ast.parse(path.read_text(encoding="utf-8")))
    lookup = ast.parse((ROOT / "plugins" / "lookup" / "account_arguments.py").read_text(encoding="utf-8"))
    return found | {text for text in _texts(lookup) if "\n" not in text}


def _texts(module: ast.Module) -> set[str]:
    bodies = [body for node in ast.walk(module) for body in [getattr(node, "body", None)] if isinstance(body, list)]
    documentation = {id(statement.value) for body in bodies for statement in body if isinstance(statement, ast.Expr)}
    constants = [node for node in ast.walk(module) if isinstance(node, ast.Constant) and id(node) not in documentation]
    return {node.value for node in constants if isinstance(node.value, str)}


def _of_roles() -> set[str]:
    """What roles and playbooks say on failure, on one line each."""
    files = [ROOT / "roles" / "hostup_audit" / "tasks" / "main.yml", ROOT / "playbooks" / "tasks" / "refuse_without_accounts.yml"]
    said = [
        re.findall(r"fail_msg: (?:>-\n)?(.*?)\n *(?:run_once|when|loop):", file.read_text(encoding="utf-8"), re.DOTALL)
        for file in files
    ]
    tasks = [task for outer in yaml.safe_load(files[0].read_text(encoding="utf-8")) for task in outer.get("block", [])]
    names = {item["name"] for task in tasks for item in task.get("loop", [])}
    return {" ".join(text.split()) for texts in said for text in texts if "{{" not in text} | names


def _quotes(text: str) -> list[str]:
    return re.findall("`([^`\n]+)`", text)


def _first_column(text: str) -> list[str]:
    return [quote for row in re.findall(r"^\| (.*?) \|", text, re.MULTILINE) for quote in _quotes(row)]


OURS, dummy, ANSIBLES = PAGE.partition("## From Ansible itself")


def _is_on_the_page(message: str) -> bool:
    """Whether somebody who searches for the beginning of this message finds it."""
    pieces = [piece.strip(" .,:;()\"'") for piece in re.split("%[sd]", message)]
    beginning = next((piece for piece in pieces if " " in piece), pieces[0])
    quoted = [quote.strip(" .,:;()\"'") for quote in _quotes(OURS)]
    return any(beginning in quote or (beginning.startswith(quote) and quote.count(" ") > 1) for quote in quoted)


def test_each_message_is_on_the_page() -> None:
    literals = _literals()
    assert NO_MESSAGES - literals == set()
    messages = {text for text in literals if re.search("[a-z] ([a-z]|%s)|%s [a-z]", text) and "\\" not in text} - NO_MESSAGES
    assert len(messages | _of_roles()) > 130
    assert sorted(message for message in messages | _of_roles() if not _is_on_the_page(message)) == []


def test_what_the_page_quotes_exists() -> None:
    known = "\n".join([*_literals(), *_of_roles()])
    quotes = {quote for quote in [*_first_column(OURS), *(q for q in _quotes(OURS) if q.count(" ") > 2)] if quote != "..."}
    assert sorted(quote for quote in quotes if quote not in known and quote != "Task failed: Action failed:") == []


class Case(t.NamedTuple):
    """A task, and what its readers search for."""

    #: Of the page's first columns.
    searched: str
    options: Task = {}
    task: t.Callable[..., Task] = account
    faults: t.Sequence[Fault] = ()
    habits: dict[str, t.Any] = {}


def _refused(status: int, **more: t.Any) -> list[Fault]:
    return [Fault("status", status=status, times=9, **more)]


CASES: dict[str, Case] = {
    "key": Case("check api_key: the key is unknown, expired or revoked", {"api_key": "{{ vault_hostup_api_key }}-of-nobody"}),
    "scope": Case("give the key", habits={"scopes": ("read:account",)}),
    "delegated": Case(
        "; a key of delegated access can't change a profile", {"api_version": "v2"}, habits={"scopes": ("read:account",)}
    ),
    "inactive": Case(
        "the account is not active: ask HostUp's support to activate it",
        {"api_version": "v2"},
        faults=_refused(403, code="account_inactive"),
    ),
    "value": Case("check the values of the declared options against the API's words", faults=_refused(422, method="POST")),
    "no invoice": Case(
        "check invoice_id: the account of this key has no such invoice", {"city": None, "invoice_id": 7}, invoice_info
    ),
    "redirect": Case(
        "redirects are not followed, since the key would travel along: set api_url to the API's own address",
        faults=[Fault("redirect", status=302, location="https://elsewhere.example/")],
    ),
    "not modified": Case("not modified, which answers a question that was not asked", faults=[Fault("empty", status=304)]),
    "long wait": Case("longer than api_retry_max_delay", faults=_refused(429, retry_after="3600")),
    "server": Case("try again later", {"api_retries": 0}, faults=_refused(503)),
    "nobody": Case("could not connect to", {"api_url": "http://127.0.0.1:1/api", "api_retries": 0}),
    "no TLS": Case("check api_url: what answers there does not speak TLS", {"api_url": "https://EMULATOR/api", "api_retries": 0}),
    "dropped": Case("lost its connection to", {"api_retries": 0}, faults=[Fault("drop")]),
    "a page": Case("is not JSON", faults=[Fault("body", status=200, body="<html>Log in</html>")]),
    "not stored": Case(
        "was answered with success, but the account, as the API gives it back, does not hold the declared",
        habits={"dropped": frozenset({"city"})},
    ),
    "lost": Case("but the account was read back and", {"api_retries": 0}, faults=[Fault("drop", method="POST", after=True)]),
    "lost in vain": Case("the account, read back,", {"api_retries": 0}, faults=[Fault("drop", method="POST")]),
    "half": Case(
        "; not known to be written:",
        {"api_version": "v2", "city": None, "timezone": "Europe/London", "peppol_opt_out": True},
        preferences,
        _refused(403, method="PATCH", path="peppol"),
    ),
    "guard": Case("The key belongs to account", {"account_id": "4711"}),
    "guard of v2": Case("an account has one id in API v1 and another in v2; write", {"account_id": "9257", "api_version": "v2"}),
    "environment": Case("is set in the task's environment, where it is not read", {"_environment": {"HOSTUP_API_TIMEOUT": "9"}}),
    "not loopback": Case("api_url uses http:// and its host", {"api_url": "http://192.0.2.1/api"}),
    "authorities": Case("is no file on the machine that runs the task", {"ca_path": "/nowhere.pem"}),
    "number": Case("must be text, but was read as a", {"postcode": 1067}),
    "twice": Case("is declared twice, with different values, by two of its names", {"postcode": "1", "postal_code": "2"}),
    "cleared": Case("may not be cleared", {"phone_number": ""}),
    "form": Case("can't be right: expected", {"country": "Sweden"}),
    "version": Case("is not in HostUp's API", {"invoice_reference": "A"}),
    "lockout": Case("bankid_only_login can lock out everyone", {"city": None, "bankid_only_login": True}, preferences),
    "unreadable": Case(
        "The API's record of this account has no", {"unreadable_fields": "fail"}, habits={"withheld": frozenset({"city"})}
    ),
    "doubt": Case("looks wrong:", {"org_number": "555555-0000"}),
    "reshaped": Case("The API stored", {"postcode": "999 99"}, habits={"reshaped": {"postcode": "compact"}}),
    "no card": Case(
        "card_auto_charge is configured, but not in effect",
        {"api_version": "v2", "city": None, "card_auto_charge": True},
        preferences,
        habits={"saved_card": False},
    ),
    "no Peppol": Case(
        "Nothing is known of Peppol:", {"api_version": "v2", "city": None}, preferences_info, _refused(404, path="peppol")
    ),
    "typing error": Case("Unsupported parameters for", {"cty": "Lund"}),
    "missing": Case("missing required arguments", {"city": None}, invoice_info),
    "undefined": Case("is undefined", {"api_key": "{{ vault_hostup_kye }}"}),
    "choice": Case("must be one of:", {"compare": "about"}),
}


def test_readers_find_what_they_see(in_process_player: Player, start: Start) -> None:
    """In one run, each task provokes a message, which holds what the page's first columns have of it."""
    columns = _first_column(PAGE)
    assert [name for name, case in CASES.items() if case.searched not in columns] == []
    tasks = []
    for name, case in CASES.items():
        emulator = start(**case.habits)
        emulator.faults.order(*case.faults)
        options = {"city": "Malmö", "api_retries": 1, "api_retry_max_delay": 0, **case.options}
        url = str(options.pop("api_url", emulator.url)).replace("EMULATOR", urlsplit(emulator.url).netloc)
        tasks.append(case.task(name, url, **options))
    played = in_process_player.play(tasks)
    seen = {name: " ".join([str(played[name].get("msg", "")), *played[name].get("warnings", [])]) for name in CASES}
    assert {name: seen[name] for name, case in CASES.items() if case.searched not in seen[name]} == {}
