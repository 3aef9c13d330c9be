# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In a browser: the site that `make docs` has built, and the page of an audit."""

from __future__ import annotations

import pathlib
import typing as t

import playwright.sync_api
import pytest
from playwright.sync_api import Page, expect

from ansible_collections.hostup.cloud.tests.integration.conftest import Fleets, fleets, in_process_player
from ansible_collections.hostup.cloud.tests.integration.fleet import AUDIT
from ansible_collections.hostup.cloud.tests.integration.runner import Player
from ansible_collections.hostup.cloud.tests.tools.browser import browser as chromium
from ansible_collections.hostup.cloud.tests.tools.repository import ROOT

__all__ = ["fleets", "in_process_player"]

SITE = ROOT / ".work" / "docs" / "html"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html") if path.name != "search.html")

SCHEMES: tuple[t.Literal["light", "dark"], ...] = ("light", "dark")

#: What is cut off at the right edge of the window, though it does not scroll in a box of its own: its beginning.
CUT_OFF = """() => {
  const boxed = element => element.matches("article")
    ? false : /auto|scroll/.test(getComputedStyle(element).overflowX) || boxed(element.parentElement);
  const cut = [...document.querySelectorAll("article *")]
    .find(element => element.getBoundingClientRect().right > innerWidth && !boxed(element.parentElement));
  return cut ? cut.outerHTML.slice(0, 80) : "";
}"""

#: Of each text that is seen, on its own ground: the least contrast (WCAG 2.2, 1.4.3), with the text.
CONTRAST = """() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => {
    const [red, green, blue] = numbers(colour).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const solid = colour => { const [, , , alpha = 1] = numbers(colour); return alpha === 1; };
  const ground = element => {
    const colour = getComputedStyle(element).backgroundColor;
    return solid(colour) ? colour : element.parentElement ? ground(element.parentElement) : "rgb(255, 255, 255)";
  };
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  let least = [21, ""];
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim(), element = texts.currentNode.parentElement;
    if (!text || !element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const [one, other] = [light(getComputedStyle(element).color), light(ground(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < least[0]) least = [contrast, text.slice(0, 60)];
  }
  return least;
}"""


@pytest.fixture(scope="module")
def browser() -> t.Iterator[playwright.sync_api.Browser]:
    with chromium() as running:
        yield running


def test_every_page_fits_a_phone_and_can_be_read(browser: playwright.sync_api.Browser) -> None:
    assert "index.html" in PAGES, "there is no site: `make docs` builds it"
    page = browser.new_page(viewport={"width": 390, "height": 844})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    for name in PAGES:
        page.goto((SITE / name).as_uri())
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            complaints.append("%s scrolls sideways" % name)
        if cut := page.evaluate(CUT_OFF):
            complaints.append("%s is too wide for a phone: %s" % (name, cut))
        grounds = set()
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            contrast, text = page.evaluate(CONTRAST)
            if contrast < 4.5:
                complaints.append("%s, %s: contrast %.1f: %s" % (name, scheme, contrast, text))
        assert len(grounds) == 2, "dark is light"
    assert complaints == []


#: Of the last run, to be looked at.
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
