# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The audit's page in a browser: what is on it, what folds, what fits, and that it asks for nothing."""

from __future__ import annotations

import pathlib
import typing as t

import playwright.sync_api
import pytest
from playwright.sync_api import Page, expect

from ansible_collections.hostup.cloud.tests.integration.conftest import Fleets
from ansible_collections.hostup.cloud.tests.integration.fleet import AUDIT
from ansible_collections.hostup.cloud.tests.integration.runner import ROOT, Player
from ansible_collections.hostup.cloud.tests.tools.browser import browser as chromium

#: The pictures of the last run, to be looked at.
PICTURES = ROOT / ".work" / "pictures"


@pytest.fixture(scope="module")
def report(in_process_player: Player, fleets: Fleets) -> pathlib.Path:
    """audit.html of nine accounts, of which two have drifted and two could not be checked."""
    names = ["bakery", "clinic", "example-ab", "farm", "harbour", "museum", "print-shop", "school", "theatre"]
    fleet = fleets(in_process_player, names)
    fleet.accounts["bakery"].record.update(city="Malmö", postcode="211 22")
    fleet.accounts["museum"].record["companyname"] = "<script>document.title = 'no'</script>"
    fleet.hosts["museum"]["hostup_account_profile"] = {"company_name": "The museum of the very long name, " * 7}
    fleet.accounts["farm"].keys.clear()
    fleet.hosts["school"]["hostup_account_profile"]["postcode"] = "x" * 256
    assert fleet.run(AUDIT).code == 2
    return in_process_player.folder / "hostup-audit" / "audit.html"


@pytest.fixture(scope="module")
def browser() -> t.Iterator[playwright.sync_api.Browser]:
    with chromium() as running:
        yield running


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_page(
    browser: playwright.sync_api.Browser, report: pathlib.Path, width: int, scheme: t.Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(report.as_uri())

    expect(page).to_have_title("HostUp accounts: 2 of 9 accounts drifted, 2 could not be checked")
    expect(page.locator("h1")).to_have_text("2 of 9 accounts drifted, 2 could not be checked")
    expect(page.locator(".counts li")).to_have_text(["5 in sync", "2 drifted", "2 not checked"])
    expect(page.get_by_role("img", name="5 in sync, 2 drifted, 2 not checked")).to_be_visible()
    bakery = page.locator("article", has_text="bakery")
    expect(bakery.locator("td.now").first).to_contain_text("Malmö")
    expect(bakery.locator("td.wanted").first).to_contain_text("Stockholm")
    expect(page.get_by_text("check api_key: the key is unknown, expired or revoked")).to_be_visible()
    expect(page.get_by_text("<script>document.title")).to_be_visible()
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / ("audit-%d-%s.png" % (width, scheme)), full_page=True)
    _fold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 28)"
    assert dark == (scheme == "dark")
    page.emulate_media(media="print")
    expect(page.get_by_text("theatre")).to_be_visible()
    page.screenshot(path=PICTURES / "audit-print.png", full_page=True)
    assert (asked, complaints) == ([report.as_uri()], [])
    context.close()


def _fold(page: Page) -> None:
    """Accounts in sync are folded away, unfolded and folded again."""
    inside = page.get_by_text("theatre")
    for visible in (False, True):
        expect(inside).to_be_visible(visible=visible)
        page.locator("summary", has_text="5 in sync").click()
    expect(inside).to_be_hidden()
