"""What the site does with a term: cards, backlinks, the A–Z index, data for other tools."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator

import jsonschema
import pytest
from conftest import PROJECT, Site, TinySite
from exports import as_text
from playwright.sync_api import Browser, Page, expect
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.namespace import SKOS

QUESTION = "faq/basics/what-is-the-free-energy-formula.html"
ROOT = "https://metauni-alignment-faq.readthedocs.io/en/latest/"
SCHEMA_ORG = Namespace("https://schema.org/")
CARD_BYTES = 6_000


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=served)
    yield context.new_page()
    context.close()


def term_links(page: Page) -> list[str]:
    return page.eval_on_selector_all("article a:has(> .std-term)", "links => links.map(a => a.hash.slice(1))")


# -- Cards -----------------------------------------------------------------------------------------


def test_hover_shows_the_definition_with_its_formula(page: Page) -> None:
    page.goto(QUESTION)
    page.locator("article a[href$='#term-marginal-likelihood']").first.hover()
    card = page.locator(".term-card")
    expect(card).to_be_visible()
    expect(card).to_contain_text("averaged over its prior")
    assert card.locator("math").count() == 1
    card.hover()
    page.wait_for_timeout(400)
    expect(card).to_be_visible()  # a reader may move onto it
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_keyboard_shows_and_dismisses_it(page: Page) -> None:
    page.goto(QUESTION)
    page.keyboard.press("Tab")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('article a:has(> .std-term)')"):
            break
    expect(page.locator(".term-card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".term-card")).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('article a:has(> .std-term)')"), "Escape moved the focus"


def test_a_screen_reader_is_told_the_definition(page: Page) -> None:
    page.goto(QUESTION)
    link = page.locator("article a[href$='#term-marginal-likelihood']").first
    described = page.locator(f"[id='{link.get_attribute('aria-describedby')}']")
    assert "averaged over its prior" in described.text_content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_tap_shows_it_inside_the_phone_and_a_second_tap_follows(browser: Browser, served: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme=scheme, base_url=served)
    page = context.new_page()
    page.goto(QUESTION)
    links = page.locator("article a:has(> .std-term)")
    for number in (0, links.count() // 2, links.count() - 1):
        link = links.nth(number)
        link.scroll_into_view_if_needed()
        link.tap()
        box = page.locator(".term-card").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert page.url.endswith(QUESTION), "the first tap left the page"
    colour = page.evaluate("getComputedStyle(document.querySelector('.term-card')).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", colour)[:3])) < 200) == (scheme == "dark")
    target = link.get_attribute("href").partition("#")[2]
    link.tap()
    page.wait_for_url(f"**#{target}")
    context.close()


def test_every_term_link_of_a_question_has_its_card(site: Site) -> None:
    for name in site.questions():
        article = site.page(name)
        cards = [anchor for card in article.select(".term-cards > div") for anchor in card["data-for"].split()]
        assert len(cards) == len(set(cards))
        for link in article.select("article a:has(> .std-term)"):
            assert link["href"].partition("#")[2] in cards, (name, link["href"])


def test_cards_are_light(site: Site) -> None:
    """What the glossary adds to a question page: the cards in it and the script that shows them."""
    script = len(gzip.compress((site.folder / "_static/cards.js").read_bytes(), 6, mtime=0))
    heavy = {}
    for name in site.questions():
        text = (site.folder / name).read_text(encoding="utf-8")
        without = re.sub(r'<div class="term-cards" hidden>.*?</div></div>', "", text, flags=re.DOTALL)
        added = len(gzip.compress(text.encode(), 6, mtime=0)) - len(gzip.compress(without.encode(), 6, mtime=0)) + script
        assert len(without) < len(text), name
        if added > CARD_BYTES:
            heavy[name] = added
    assert heavy == {}


def test_an_edited_definition_reaches_the_cards(tiny: TinySite) -> None:
    tiny.edit("glossary/learning.md", "The number that multiplies", "The figure that multiplies")
    assert tiny.make().returncode == 0
    card = tiny.built().page("faq/basics/what-is-it.html").select_one("[data-for~=term-learning-coefficient]")
    assert "The figure that multiplies" in card.get_text()


# -- The index and the entries ---------------------------------------------------------------------


def test_index_is_filtered_by_typing_and_by_area(page: Page) -> None:
    page.goto("glossary/index.html")
    shown = page.locator(".term-index > li:visible")
    everything = shown.count()
    page.locator(".term-filter input").fill("rlct")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("real log canonical threshold")
    page.locator(".term-filter input").fill("")
    page.locator(".term-filter select").select_option("physics")
    assert 0 < shown.count() < everything / 2
    page.locator(".term-filter input").fill("zzz")
    expect(shown).to_have_count(0)
    expect(page.locator(".term-filter output")).to_contain_text("0 of")


def test_index_is_whole_without_javascript(site: Site) -> None:
    names = {item.select_one("a").get_text() for item in site.page("glossary/index.html").select(".term-index > li")}
    assert {"RLCT", "learning coefficient", "WAIC"} <= names
    assert "learning coefficients" not in names


def test_an_entry_copies_its_permanent_address(browser: Browser, served: str) -> None:
    context = browser.new_context(base_url=served)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.rstrip("/"))
    page = context.new_page()
    page.goto("glossary/learning.html")
    page.get_by_role("button", name="Copy the link to learning coefficient").click()
    assert page.evaluate("navigator.clipboard.readText()") == f"{served}glossary/learning.html#learning-coefficient"
    context.close()


def test_an_entry_lists_questions_talks_and_terms_that_use_it(site: Site) -> None:
    hrefs = {a["href"] for a in site.entry("free-energy").select(".discussed-in a[href]")}
    assert any(re.search(r"faq/basics/what-is-the-free-energy-formula\.html$", href) for href in hrefs)
    assert any(re.search(r"seminar/\w+\.html#talk-", href) for href in hrefs)
    assert "#term-stochastic-complexity" in hrefs


# -- Data ------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def glossary(site: Site) -> dict[str, object]:
    return json.loads((site.folder / "glossary.json").read_text(encoding="utf-8"))


def test_json_keeps_to_its_published_schema(site: Site, glossary: dict[str, object]) -> None:
    schema = json.loads((site.folder / "glossary.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(glossary, schema)
    broken = {**glossary, "terms": [{**glossary["terms"][0], "id": "Not An Id"}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_json_leads_to_every_entry_of_the_pages(site: Site, glossary: dict[str, object]) -> None:
    pages = [name for name in site.names() if name.startswith("glossary/")]
    entries = sum(len(site.page(name).select("dl.glossary > dd")) for name in pages)
    assert len(glossary["terms"]) == entries
    for term in glossary["terms"]:
        name, _, anchor = term["url"].removeprefix(ROOT).partition("#")
        assert site.page(name).find(id=anchor), term["url"]
        for source in term["sources"]:
            assert site.page("references.html").find(id=source["url"].partition("#")[2]), source
    known = {term["id"] for term in glossary["terms"]}
    assert {id for term in glossary["terms"] for id in term["related"] + term["nearlyTheSame"]} <= known


def test_json_has_definitions_as_text_tex_and_mathml(glossary: dict[str, object]) -> None:
    term = next(term for term in glossary["terms"] if term["id"] == "learning-coefficient")
    definition = term["definition"]
    assert "λ > 0" in definition["text"]
    assert r"$\lambda > 0$" in definition["tex"]
    assert "<math" in definition["html"]
    for term in glossary["terms"]:
        plain = re.sub(r"\{[Kw][^{}]*\}| < ", " ", term["definition"]["text"])  # sets of parameters, and less than
        assert not re.search(r"[\\$`<{]", plain), term["definition"]["text"]


@pytest.mark.parametrize(
    ("tex", "text"),
    [(r"x^2", "x^2"), (r"\lambda\log n", "λ log n"), (r"\frac{a+b}{2}", "(a + b)/2"), (r"\hat\lambda(w^*)", "λ̂(w*)"), (r"e^{-nL}", "e^(−nL)"), (r"\sqrt{n}", "√n"), (r"f'(x)", "f′(x)")],
)
def test_formulas_are_written_out_as_text(tex: str, text: str) -> None:
    from mathml import Formulas

    assert as_text(f"<p>{Formulas({}).convert(tex, display=False)}</p>") == text


def test_turtle_and_json_ld_say_the_same_skos(site: Site, glossary: dict[str, object]) -> None:
    turtle = Graph().parse(site.folder / "glossary.ttl")
    linked = Graph().parse(site.folder / "glossary.jsonld", format="json-ld")
    assert set(turtle) == set(linked)
    scheme = URIRef(f"{ROOT}glossary/index.html")
    assert (scheme, RDF.type, SKOS.ConceptScheme) in turtle
    assert (scheme, RDF.type, SCHEMA_ORG.DefinedTermSet) in turtle
    concepts = set(turtle.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) == len(glossary["terms"])
    for concept in concepts:
        assert len(list(turtle.objects(concept, SKOS.prefLabel))) == 1
        labels = [*turtle.objects(concept, SKOS.prefLabel), *turtle.objects(concept, SKOS.altLabel)]
        assert len(labels) == len(set(labels)), f"{concept}: SKOS labels must differ"
        assert (concept, SKOS.inScheme, scheme) in turtle
        assert turtle.value(concept, SCHEMA_ORG.inDefinedTermSet) == scheme
        assert turtle.value(concept, SCHEMA_ORG.name)
        assert turtle.value(concept, SCHEMA_ORG.description)
        near, related = set(turtle.objects(concept, SKOS.closeMatch)), set(turtle.objects(concept, SKOS.related))
        assert near | related <= concepts
        assert not near & related, concept
        assert concept not in near | related


def test_terms_that_texts_confuse_are_close_matches_not_synonyms(glossary: dict[str, object]) -> None:
    terms = {term["id"]: term for term in glossary["terms"]}
    four = ["learning-coefficient", "real-log-canonical-threshold", "local-learning-coefficient", "llc-estimate"]
    for id in four:
        assert not {name for other in four if other != id for name in (terms[other]["name"], *terms[other]["synonyms"])} & {terms[id]["name"], *terms[id]["synonyms"]}
        assert set(terms[id]["nearlyTheSame"]) & set(four), id


# -- Checks ----------------------------------------------------------------------------------------

GLOSSARY = "glossary/learning.md"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("The order of a pole.", "A {term}`multiplicity` of a pole.", r":8: the definition of “multiplicity” refers to itself: say it in other words"),
        ("The order of a pole.", "Multiplicity.", r":8: the definition of “multiplicity” only repeats the term: say what it means"),
        (
            "The order of a pole.\n",
            "What goes with an {term}`order`.\n\norder\n  See {term}`multiplicity`.\n",
            r":8: definitions that only point at each other: “multiplicity” → “order” → “multiplicity”: let one of them stand alone",
        ),
    ],
    ids=["own term", "only the term", "circle"],
)
def test_a_definition_that_says_nothing_is_named(tiny: TinySite, old: str, new: str, message: str) -> None:
    tiny.edit(GLOSSARY, old, new)
    result = tiny.make()
    assert result.returncode != 0
    assert re.search(rf"^{GLOSSARY}{message}", result.stderr, re.MULTILINE), result.stderr


def test_a_name_is_found_with_either_apostrophe(tiny: TinySite) -> None:
    tiny.edit(GLOSSARY, "multiplicity\n", "Occam's razor\n  A preference for {term}`multiplicity`.\n\nmultiplicity\n")
    tiny.edit("faq/basics/what-is-it.md", "A theory", "By {term}`Occam's razor` or {term}`Occam’s razor`, a theory")
    result = tiny.make()
    assert result.returncode == 0, result.stderr
    links = tiny.built().page("faq/basics/what-is-it.html").select("article a[href$='#term-Occams-razor']")
    assert len(links) == 2


def test_a_term_that_nobody_uses_is_listed_and_no_mistake(tiny: TinySite) -> None:
    tiny.edit(GLOSSARY, "multiplicity\n", "zymurgy\n  The art of brewing.\n\nmultiplicity\n")
    result = tiny.make("unused")
    assert result.returncode == 0, result.stderr
    assert f"{GLOSSARY}:8: nothing refers to “zymurgy”" in result.stdout


def test_schema_is_documented() -> None:
    text = (PROJECT / "linking.md").read_text(encoding="utf-8")
    for name in ("objects.inv", "glossary.json", "glossary.schema.json", "glossary.ttl", "glossary.jsonld", "myst.xref.json"):
        assert name in text, name
