"""What a reader does, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pytest
from conftest import Site
from matplotlib.image import imread
from playwright.sync_api import Browser, Page, expect

FOUNDING = "faq/relevance/is-slt-relevant-to-ai-alignment.html"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light", base_url=served)
    yield context.new_page()
    context.close()


def test_front_door_leads_to_the_founding_question(page: Page) -> None:
    page.goto("index.html")
    page.locator("article").get_by_role("link", name="Is SLT relevant to AI alignment?").first.click()
    expect(page.locator("h1")).to_contain_text("Is SLT relevant to AI alignment?")
    expect(page.locator(".short-answer")).to_be_in_viewport()


def test_evidence_word_leads_to_its_meaning(page: Page) -> None:
    page.goto(FOUNDING)
    word = page.locator(".question-facts .evidence a")
    name = word.inner_text()
    word.click()
    expect(page.locator(f"#evidence-{name} h2")).to_be_in_viewport()


def test_term_can_be_followed_and_left_again(page: Page) -> None:
    page.goto(FOUNDING)
    term = page.locator("article a:has(.std-term)").first
    anchor = term.get_attribute("href").partition("#")[2]
    term.click()
    expect(page.locator(f"[id='{anchor}']")).to_be_in_viewport()
    page.go_back()
    expect(page.locator("h1")).to_contain_text("Is SLT relevant to AI alignment?")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("scaling laws safety", "does-understanding-scaling-laws-help-safety.html"),
        ("RLCT", "glossary/geometry.html"),
        # A phrasing that stands in `asked_as` only:
        ("posterior care", "does-slt-apply-to-sgd.html"),
    ],
)
def test_search_finds(page: Page, query: str, found: str) -> None:
    page.goto("index.html")
    page.get_by_role("textbox", name="Search").fill(query)
    page.keyboard.press("Enter")
    expect(page.locator(f"#search-results a[href*='{found}']").first).to_be_visible(timeout=10_000)


def test_dark_mode_can_be_switched_on(page: Page) -> None:
    page.goto(FOUNDING)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for _ in range(3):  # Furo goes round auto, light and dark
        if page.evaluate("document.body.dataset.theme") == "dark":
            break
        page.locator(".theme-toggle:visible").first.click()
    assert page.evaluate("document.body.dataset.theme") == "dark"
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", dark)[:3])) < 150 < sum(map(int, re.findall(r"\d+", light)[:3]))
    page.reload()
    assert page.evaluate("document.body.dataset.theme") == "dark", "the choice is forgotten"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_icons_are_drawn_in_the_colour_of_the_text(browser: Browser, served: str, scheme: str) -> None:
    """All that a page shows, though none is drawn into it; and they are still seen where a reader chose all colours."""
    for forced in ("none", "active"):
        context = browser.new_context(viewport=PHONE, color_scheme=scheme, forced_colors=forced, base_url=served)
        page = context.new_page()
        page.goto(FOUNDING)
        assert page.locator("symbol").count() == 0
        icons = page.locator("svg:has(> use):visible")
        assert icons.count() >= 4  # menu, contents, light or dark, previous or next
        for icon in icons.all():
            shown = icon.evaluate("icon => { const style = getComputedStyle(icon); return [style.maskImage, style.backgroundColor, style.color] }")
            assert shown[0].startswith('url("data:image/svg+xml'), icon.evaluate("icon => icon.outerHTML")
            assert forced == "active" or shown[1] == shown[2]
        menu = page.locator(".nav-overlay-icon .icon")
        brightness = imread(BytesIO(menu.screenshot()), format="png")[..., :3].mean(axis=2)
        assert np.ptp(brightness) > 0.25, "the menu cannot be seen"
        context.close()


def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, served: str, site: Site) -> None:
    context = browser.new_context(viewport=PHONE, base_url=served)
    page = context.new_page()
    wide = {}
    for name in site.names():
        page.goto(name)
        width = page.evaluate("document.scrollingElement.scrollWidth")
        if width > PHONE["width"]:
            wide[name] = width
    context.close()
    assert wide == {}


def test_keyboard_alone_reaches_an_answer(page: Page) -> None:
    page.goto("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to content"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.question-chosen') !== null"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "the reader cannot see where the focus is"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Is SLT relevant to AI alignment?")


def test_everything_is_there_without_javascript(browser: Browser, served: str, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=served)
    page = context.new_page()
    page.goto("faq/basics/what-is-the-free-energy-formula.html")
    expect(page.locator(".short-answer")).to_be_visible()
    formula = page.locator("math").first
    expect(formula).to_be_visible()
    assert formula.bounding_box()["width"] > 5
    context.close()


def test_pages_ask_no_other_origin(browser: Browser, served: str, site: Site) -> None:
    context = browser.new_context(base_url=served)
    asked: set[str] = set()
    context.on("request", lambda request: asked.add(request.url))
    page = context.new_page()
    for name in ["index.html", FOUNDING, "glossary/index.html", "glossary/learning.html", "seminar/slt.html", "linking.html", "references.html"]:
        page.goto(name, wait_until="networkidle")
    context.close()
    assert {url for url in asked if not url.startswith((served, "data:"))} == set()


def test_snippets_can_be_copied(browser: Browser, served: str) -> None:
    context = browser.new_context(base_url=served)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.rstrip("/"))
    page = context.new_page()
    page.goto("linking.html")
    block = page.locator("div.highlight").first
    block.hover()
    block.locator("button.copybtn").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "intersphinx_mapping" in copied
    context.close()
