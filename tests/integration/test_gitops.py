# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The repository to copy runs as it stands: each step of its two pipelines, on the emulator, with the demo passwords."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import subprocess
import typing as t

import pytest
import yaml

from ansible_collections.hostup.cloud.tests.emulator import Emulator
from ansible_collections.hostup.cloud.tests.integration.runner import BIN, ROOT

REPOSITORY = ROOT / "examples" / "gitops"
READ = {"HOSTUP_VAULT_READ_PASSWORD": "demo-read"}
WRITE = {"HOSTUP_VAULT_WRITE_PASSWORD": "demo-write"}


class Step(t.NamedTuple):
    script: str
    environment: dict[str, str]
    always: bool


class Job(t.NamedTuple):
    steps: list[Step]
    #: The files and folders that the platform keeps afterwards.
    kept: list[str]
    #: The secrets that it asks for, or may have.
    secrets: set[str]


def _github() -> dict[str, Job]:
    pipeline = yaml.safe_load((REPOSITORY / ".github" / "workflows" / "hostup.yml").read_text(encoding="utf-8"))
    jobs = {}
    for name, job in pipeline["jobs"].items():
        steps, kept = [], []
        for step in job["steps"]:
            if "run" in step:
                steps.append(Step(step["run"], {**pipeline["env"], **step.get("env", {})}, step.get("if") == "always()"))
            if "upload-artifact" in step.get("uses", ""):
                kept.append(step["with"]["path"])
        jobs[name] = Job(steps, kept, set(re.findall(r"secrets\.(\w+)", json.dumps(job))))
    return jobs


def _gitlab() -> dict[str, Job]:
    pipeline = yaml.safe_load((REPOSITORY / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    jobs = {}
    for name in ("check", "apply", "audit"):
        job = {**pipeline.get(pipeline[name].get("extends"), {}), **pipeline[name]}
        scripts = ["\n".join(["set -e", *lines]) for lines in (pipeline["default"]["before_script"], job["script"])]
        artifacts = job.get("artifacts", {"paths": []})
        kept = artifacts["paths"] + list(artifacts.get("reports", {}).values())
        # masked variables reach every job, but those of an environment only the jobs that name it
        secrets = {*READ, *(WRITE if job.get("environment") == "production" else ())}
        jobs[name] = Job([Step(script, pipeline["variables"], False) for script in scripts], kept, secrets)
    return jobs


class Platform:
    """Runs the jobs of a pipeline as its platform would."""

    def __init__(self, jobs: dict[str, Job], folder: pathlib.Path, emulator: Emulator) -> None:
        self.jobs = jobs
        self.emulator = emulator
        self.home = folder / "home"
        self.home.mkdir()
        self.checkout = folder / "the accounts"
        shutil.copytree(REPOSITORY, self.checkout)
        self.summary = folder / "summary.md"
        #: The scripts that have installed what the jobs need: they all run on one machine here, and once is enough.
        self._installed: set[str] = set()

    def run(self, name: str) -> tuple[int, str]:
        """The job's exit code, its first failed step's, and its log. Its journal begins anew."""
        job = self.jobs[name]
        self.emulator.journal.clear()
        secrets = {key: value for key, value in {**READ, **WRITE}.items() if key in job.secrets}
        code, log = 0, ""
        for step in job.steps:
            if (code and not step.always) or step.script in self._installed:
                continue
            values = {key: self._filled_in(value, secrets) for key, value in step.environment.items()}
            done = subprocess.run(
                ["bash", "-e", "-c", step.script],  # noqa: S607 the system's
                cwd=self.checkout,
                env={**self._environment(), **(secrets if "CI_PROJECT_DIR" in str(step.environment) else {}), **values},
                capture_output=True,
                text=True,
                check=False,
            )
            log += done.stdout + done.stderr
            code = code or done.returncode
            if "pip install" in step.script and not done.returncode:
                self._installed.add(step.script)
        assert [path for path in job.kept if not (self.checkout / path).exists()] == []
        return code, log

    def _filled_in(self, value: str, secrets: dict[str, str]) -> str:
        value = re.sub(r"\$\{\{ secrets\.(\w+) \}\}", lambda match: secrets[match.group(1)], value)
        return value.replace("$CI_PROJECT_DIR", str(self.checkout))

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": "%s:/usr/local/bin:/usr/bin:/bin" % BIN,
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "HOSTUP_API_URL": self.emulator.url,
            # what the pipeline installs lies ready: nothing is asked of the network
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".work" / "artifact" / "installed"),
            "PIP_NO_INDEX": "1",
            **{key: os.environ[key] for key in ("NO_PROXY", "no_proxy") if key in os.environ},
        }

    def drift(self) -> None:
        """Somebody changes an account in HostUp's control panel."""
        self.emulator.accounts[2].record["city"] = "Malmö"

    def report(self) -> t.Any:
        """What the last audit found."""
        return json.loads((self.checkout / "hostup-audit" / "audit.json").read_text(encoding="utf-8"))["summary"]

    def methods(self) -> list[str]:
        """The HTTP methods of the last job's requests, sorted."""
        return sorted(entry.method for entry in self.emulator.journal)


@pytest.fixture(params=[_github, _gitlab])
def platform(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> t.Iterator[Platform]:
    with Emulator() as emulator:
        yield Platform(request.param(), tmp_path, emulator)


def test_the_way_of_a_change(platform: Platform) -> None:
    """Check, apply, audit; drift behind Ansible's back, audit, apply, audit."""
    platform.drift()
    in_sync = {"accounts": 3, "in_sync": 3, "drifted": 0, "errors": 0}
    logs = []

    code, log = platform.run("check")
    logs.append(log)
    assert (code, platform.methods()) == (0, ["GET"] * 4), log
    assert platform.report() == {**in_sync, "in_sync": 1, "drifted": 2}
    code, log = platform.run("apply")
    logs.append(log)
    assert (code, platform.methods()) == (0, ["GET"] * 6 + ["POST"] * 2), log
    code, log = platform.run("audit")
    logs.append(log)
    assert (code, platform.report()) == (0, in_sync), log

    platform.drift()
    code, log = platform.run("audit")
    logs.append(log)
    assert (code, platform.methods()) == (2, ["GET"] * 4), log
    assert "1 of 3 accounts drifted: see hostup-audit/audit.html" in log
    assert platform.emulator.accounts[2].record["city"] == "Malmö"
    if platform.summary.exists():
        assert platform.summary.read_text(encoding="utf-8").count("\n| <code>sample-bakery</code> | <code>1003</code> |") == 3
    # no job but the one that writes can open the keys that can write, and no log shows a key, a password or a value
    assert {name: set(WRITE) <= job.secrets for name, job in platform.jobs.items()} == {
        "check": False,
        "apply": True,
        "audit": False,
    }
    shown = [word for word in ("demo-", "Malmö", "Storgatan") for log in logs if word in log]
    assert shown == []


def test_without_the_secret_there_is_one_sentence(platform: Platform) -> None:
    """As in a pull request from a fork. Without the linter, which takes longest and says the same."""
    job = platform.jobs["check"]
    steps = [step._replace(script=step.script.replace("ansible-lint\n", ""), environment={}) for step in job.steps]
    platform.jobs["check"] = job._replace(steps=steps, kept=[])
    platform.jobs["check"].secrets.clear()
    code, log = platform.run("check")
    assert (code != 0, platform.methods()) == (True, [])
    assert "HOSTUP_VAULT_READ_PASSWORD is not set: it holds the password of the vault id read." in log


@pytest.mark.parametrize("platform", [_github], indirect=True)
def test_an_ad_hoc_command_connects_to_nothing(platform: Platform) -> None:
    """A host is an account, not a machine: no SSH to its name."""
    command = "ansible example-ab -vvv -m hostup.cloud.hostup_account_info -a 'api_key={{ hostup_account_api_key }}'"
    platform.jobs["ad hoc"] = Job([Step(command, READ, False)], [], set(READ))
    code, log = platform.run("ad hoc")
    assert (code, platform.methods()) == (0, ["GET"]), log
    assert "Running in Ansible's own process" in log
    assert "SSH" not in log
    assert "demo-read-key" not in log


def test_examples_take_no_other_major_version() -> None:
    files = sorted((ROOT / "examples").rglob("requirements.yml"))
    assert len(files) > 1
    wanted = [entry for path in files for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["collections"]]
    assert [entry["version"] for entry in wanted if entry["name"] == "hostup.cloud"] == [">=1.0.0,<2.0.0"] * len(files)


def test_base_images_are_named_with_their_registry() -> None:
    """Podman asks which registry a short name means, and a pipeline can't answer."""
    files = [path for path in (ROOT / "examples").rglob("*.yml") if "base_image" in path.read_text(encoding="utf-8")]
    assert len(files) > 1
    names = [yaml.safe_load(path.read_text(encoding="utf-8"))["images"]["base_image"]["name"] for path in files]
    assert [name for name in names if "." not in name.split("/")[0]] == []


def test_what_the_pipelines_install_is_what_is_tested() -> None:
    pins = (ROOT / "tests" / "requirements" / "test.txt").read_text(encoding="utf-8")
    wanted = [line for line in (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").splitlines() if "==" in line]
    assert len(wanted) == 3
    assert [line for line in wanted if not re.search("^%s( |$)" % re.escape(line), pins, re.MULTILINE)] == []
