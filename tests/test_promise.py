"""The linking promise: what was published is still there, or leads on."""

from __future__ import annotations

import re

import pytest
from conftest import PROJECT, Site, TinySite, serving
from playwright.sync_api import Browser, expect
from promise import NAMES, read_lock
from sphinx.util.inventory import InventoryFile

GLOSSARY = "glossary/learning.md"


@pytest.fixture
def promised(tiny: TinySite) -> TinySite:
    """A tiny site whose addresses were published."""
    result = tiny.make("lock")
    assert result.returncode == 0, result.stderr
    return tiny


def failure(tiny: TinySite) -> str:
    result = tiny.make()
    assert result.returncode != 0, "the build passed"
    assert "Traceback" not in result.stderr
    return result.stderr


def redirect(tiny: TinySite, *rows: tuple[str, str]) -> None:
    text = "".join(f'- from: "{old}"\n  to: "{new}"\n' for old, new in rows)
    (tiny.folder / "redirects.yaml").write_text(text, encoding="utf-8")


def names(tiny: TinySite) -> dict[str, str]:
    """The terms of the inventory with the address of each."""
    inventory = InventoryFile.loads((tiny.folder / "_build/html/objects.inv").read_bytes(), uri="")
    return {name: item.uri for name, item in inventory.data["std:term"].items()}


def test_every_address_of_the_site_is_there_and_promised(site: Site) -> None:
    """An address that is not in the lock is not yet kept: run `make lock` and commit it."""
    promised = set(read_lock(PROJECT / "addresses.lock"))
    there = set()
    for line in (PROJECT / "addresses.lock").read_text(encoding="utf-8").splitlines():
        assert not re.search(r"\s$", line), f"{line!r} ends in a space"
    inventory = InventoryFile.loads((site.folder / "objects.inv").read_bytes(), uri="")
    for kind in NAMES:
        there |= {(kind, name) for name in inventory.data[kind]}
    there |= {(name.removesuffix(".html"), "") for name in site.names()}
    assert sorted(there - promised - {("std:label", n) for n in ("genindex", "modindex", "py-modindex", "search")}) == [], "run `make lock`"
    for section, name in promised:
        if section not in NAMES:
            page = site.page(f"{section}.html")
            assert not name or page.find(id=name), f"{section}#{name}"


def test_a_renamed_term_fails_the_build_and_a_synonym_keeps_it(promised: TinySite) -> None:
    promised.edit(GLOSSARY, "multiplicity\n", "order of the pole\n")
    stderr = failure(promised)
    for gone in ("std:term multiplicity", "glossary/learning#term-multiplicity", "glossary/learning#multiplicity", "std:label multiplicity"):
        assert re.search(rf"^addresses\.lock:\d+: “{gone}” was published and is gone: keep the old name", stderr, re.MULTILINE), stderr
    promised.edit(GLOSSARY, "order of the pole\n", "order of the pole\nmultiplicity\n")
    result = promised.make()
    assert result.returncode == 0, result.stderr


def test_a_lost_page_fails_the_build(promised: TinySite) -> None:
    (promised.folder / "faq/basics/what-is-it-not.md").unlink()
    promised.edit("faq/basics/what-is-it.md", "[what-is-it-not]", "[]")
    assert re.search(r"^addresses\.lock:\d+: “faq/basics/what-is-it-not” was published and is gone: keep the file's name, or say in redirects\.yaml", failure(promised), re.MULTILINE)


def test_a_lost_heading_fails_the_build_and_an_explicit_id_keeps_it(promised: TinySite) -> None:
    promised.edit("faq/evidence.md", "(evidence-theorem)=\n", "")
    assert re.search(r"“faq/evidence#evidence-theorem” was published and is gone: keep the old name, \(evidence-theorem\)= before the heading", failure(promised))


def test_redirects_keep_old_addresses_working_anchors_included(promised: TinySite, browser: Browser) -> None:
    """A page and a term move; old addresses of both lead on, with and without JavaScript, and so does the inventory."""
    (promised.folder / "faq/basics/what-is-it-not.md").rename(promised.folder / "faq/basics/what-it-is-not.md")
    promised.edit("faq/basics/what-is-it.md", "[what-is-it-not]", "[what-it-is-not]")
    promised.edit(GLOSSARY, "multiplicity\n", "order of the pole\n")
    anchors = re.findall(r"“(faq/basics/what-is-it-not#[^”]+)” was published", failure(promised))
    redirect(
        promised,
        ("faq/basics/what-is-it-not", "faq/basics/what-it-is-not"),
        *((anchor, anchor.replace("is-it-not#", "it-is-not#") if anchor.endswith("change-this-answer") else "faq/basics/what-it-is-not") for anchor in anchors),
        ("std:label what-is-it-not", "faq/basics/what-it-is-not"),
        ("glossary/learning#term-multiplicity", "glossary/learning#term-order-of-the-pole"),
        ("glossary/learning#multiplicity", "glossary/learning#order-of-the-pole"),
        ("std:term multiplicity", "glossary/learning#term-order-of-the-pole"),
        ("std:label multiplicity", "glossary/learning#order-of-the-pole"),
    )
    result = promised.make()
    assert result.returncode == 0, result.stderr
    assert names(promised)["multiplicity"] == "glossary/learning.html#term-order-of-the-pole"
    with serving(promised.folder / "_build/html") as address:
        for scripts in (True, False):
            context = browser.new_context(java_script_enabled=scripts, base_url=address)
            page = context.new_page()
            page.goto("faq/basics/what-is-it-not.html#what-would-change-this-answer")
            page.wait_for_url("**/what-it-is-not.html*")
            if scripts:
                assert page.url.endswith("#what-would-change-this-answer")
            page.goto("glossary/learning.html#multiplicity")
            if scripts:
                page.wait_for_url("**/learning.html#order-of-the-pole")
            else:
                expect(page.locator("[id=multiplicity] a")).to_have_attribute("href", re.compile("#order-of-the-pole$"))
            context.close()


def test_a_redirect_that_leads_nowhere_or_is_not_needed_is_named(promised: TinySite) -> None:
    redirect(promised, ("glossary/learning#gone", "glossary/learning#multiplcity"), ("glossary/learning#multiplicity", "glossary/learning"))
    stderr = failure(promised)
    assert re.search(r"^redirects\.yaml:1: “glossary/learning#multiplcity” is no address of this site: did you mean “glossary/learning#multiplicity”\?", stderr, re.MULTILINE), stderr
    assert re.search(r"^redirects\.yaml:3: “glossary/learning#multiplicity” is still there: remove the row", stderr, re.MULTILINE), stderr


def test_recording_adds_and_never_removes(promised: TinySite) -> None:
    lock = promised.folder / "addresses.lock"
    before = set(read_lock(lock))
    promised.edit(GLOSSARY, "multiplicity\n", "order of the pole\nmultiplicity\n")
    assert promised.make("lock").returncode == 0
    after = set(read_lock(lock))
    assert before < after
    assert ("std:term", "order of the pole") in after
    promised.edit(GLOSSARY, "order of the pole\n", "")
    assert promised.make("lock").returncode != 0
    assert set(read_lock(lock)) == after
