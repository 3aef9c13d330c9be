# Copyright (c) 2026, the hostup.cloud contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The site that `make docs` has built, in a browser: no page is wider than a phone, and each can be read in the dark."""

from __future__ import annotations

import typing as t

import playwright.sync_api
import pytest

from ansible_collections.hostup.cloud.tests.tools.browser import browser as chromium
from ansible_collections.hostup.cloud.tests.tools.repository import ROOT

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
