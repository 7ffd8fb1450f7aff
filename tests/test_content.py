"""What the site promises its readers about its own content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup, NavigableString, Tag
from conftest import PROJECT, Site
from content_model import EVIDENCE, tool_proof
from docutils import nodes
from pybtex.database import parse_file

QUESTIONS = sorted(p for p in (PROJECT / "faq").glob("*/*.md") if p.name != "index.md")
ids = [path.stem for path in QUESTIONS]
BODY_WORDS = range(300, 901)


def front_matter(path: Path) -> dict[str, object]:
    return yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])


def body(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("---\n", 2)[2]


def plain(text: str) -> str:
    """Text without typographic quotes and with single spaces."""
    return " ".join(text.translate(str.maketrans("“”‘’", "\"\"''")).split())


def html_of(path: Path) -> str:
    return path.relative_to(PROJECT).with_suffix(".html").as_posix()


# -- Questions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", QUESTIONS, ids=ids)
def test_body_of_a_question_is_neither_a_stub_nor_two_questions(path: Path) -> None:
    text = re.sub(r"\{cite:\w+\}`[^`]*`", "", body(path))  # what a reader reads is counted
    text = re.sub(r"\{\w+\}`([^`<]*)(<[^`]*>)?`", r"\1", text)
    text = re.sub(r"\$\$?[^$]+\$\$?", "formula", text)
    text = re.sub(r"^[|\s:-]+$|[|]", " ", text, flags=re.MULTILINE)
    words = len(re.findall(r"\w[\w’'.-]*", text))
    assert words in BODY_WORDS, f"{words} words"


@pytest.mark.parametrize("path", QUESTIONS, ids=ids)
def test_question_is_sourced(path: Path) -> None:
    keys = {key.strip() for found in re.findall(r"\{cite:\w+\}`([^`]+)`", body(path)) for key in found.split(",")}
    assert len(keys) >= 2, f"cites {sorted(keys)}"


@pytest.mark.parametrize("path", QUESTIONS, ids=ids)
def test_contested_answer_says_what_would_change_it(path: Path) -> None:
    if front_matter(path)["evidence"] != "theorem":
        assert re.findall(r"^## (.*)", body(path), re.MULTILINE)[-1] == "What would change this answer"


@pytest.mark.parametrize("path", QUESTIONS, ids=ids)
def test_question_is_asked_in_its_title(path: Path) -> None:
    assert re.search(r"^# .*\?$", body(path), re.MULTILINE)


@pytest.mark.parametrize("path", QUESTIONS, ids=ids)
def test_header_shows_grade_view_level_and_review(site: Site, path: Path) -> None:
    matter = front_matter(path)
    header = site.page(html_of(path)).select_one(".question-header")
    text = plain(header.get_text())
    assert plain(matter["short"]) in text
    assert f"Reviewed {matter['reviewed'].day} {matter['reviewed']:%B %Y}" in text
    assert f"Evidence: {matter['evidence']}" in text
    assert "view" not in matter or plain(matter["view"]) in text
    meaning = header.select_one(".evidence a")["href"]
    assert meaning.endswith(f"evidence.html#evidence-{matter['evidence']}")


def test_every_evidence_word_is_explained(site: Site) -> None:
    page = site.page("faq/evidence.html")
    for word in EVIDENCE:
        assert page.find(id=f"evidence-{word}"), word


def test_questions_are_listed_by_theme_and_by_evidence(site: Site) -> None:
    by_evidence = {a["href"].rpartition("/")[2] for a in site.page("faq/evidence.html").select(".question-list a[href]")}
    for path in QUESTIONS:
        theme = site.page(f"faq/{path.parent.name}/index.html")
        assert theme.select_one(f'.question-list a[href="{path.stem}.html"]'), path
        assert f"{path.stem}.html" in by_evidence, path


def test_every_public_question_has_its_page() -> None:
    """What was asked in public is answered somewhere; the pages that answer say where it was asked."""
    rows = yaml.safe_load((PROJECT / "tests" / "public_questions.yaml").read_text(encoding="utf-8"))
    assert len(rows) == len({row["id"] for row in rows}) == 119
    assert {row["page"] for row in rows} - set(ids) == set()
    silent = {page for page in {row["page"] for row in rows} if not front_matter(QUESTIONS[ids.index(page)]).get("asked_as")}
    assert silent == set(), "no other phrasing is kept for the search"


def test_every_question_is_reached_from_the_founding_one() -> None:
    """By related questions alone."""
    related = {path.stem: front_matter(path).get("related", []) for path in QUESTIONS}
    reached, waiting = set(), ["is-slt-relevant-to-ai-alignment"]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += related[name]
    assert sorted(set(related) - reached) == []


def test_evidence_words_are_used_on_at_least_four_levels() -> None:
    assert len({front_matter(path)["evidence"] for path in QUESTIONS}) >= 4


def test_themes_are_of_a_size_to_read() -> None:
    sizes = {folder.parent.name: len(list(folder.parent.glob("*.md"))) - 1 for folder in (PROJECT / "faq").glob("*/index.md")}
    assert {theme: size for theme, size in sizes.items() if not 5 <= size <= 13} == {}


def test_every_page_is_in_the_contents(site: Site) -> None:
    """The sidebar of the front page, or of a page it leads to, leads everywhere."""
    linked = {"index.html"}
    for name in site.names():
        for a in site.page(name).select(".sidebar-tree a[href]"):
            target = (Path(name).parent / a["href"].partition("#")[0]).as_posix() if not a["href"].startswith("#") else name
            while "/../" in target:
                target = re.sub(r"[^/]+/\.\./", "", target, count=1)
            linked.add(re.sub(r"^(\.\./|\./|[^/]+/\.\./)+", "", target))
    assert set(site.names()) - linked == set()


# -- The claims of the original answer ----------------------------------------------------------------


def test_all_forty_claims_of_the_original_answer_are_carried() -> None:
    claims = [row["id"] for row in yaml.safe_load((PROJECT / "faq" / "claims.yaml").read_text(encoding="utf-8"))]
    assert claims == [f"S{number:02}" for number in range(1, 41)]
    carried = {claim for path in QUESTIONS for claim in front_matter(path).get("claims", [])}
    assert set(claims) - carried == set()


# -- Terms -----------------------------------------------------------------------------------------

#: Where a term need not be linked: what is a link already, what is not running text, what is drawn from data.
NOT_RUNNING = "a, h1, h2, h3, h4, math, code, pre, th, blockquote, .question-header, .derived, .math-block, .term-cards, .picture"
#: Terms that are everyday words, or names of people and things, too: whether a page means the term is for its author to judge.
EVERYDAY = {"ai safety", "cai", "benchmark", "benchmarks", "policy", "policies", "observable", "observables", "representation", "representations", "simulator", "simulators", "sample size", "sample sizes", "pile", "the pile", "fibre", "fibres", "crossover", "crossovers", "extrapolation", "agency", "adam", "agent", "agents", "debate", "diffusion", "germ", "germs", "norm", "norms", "rank", "ranks", "regret", "divisor", "divisors", "sharpness", "crossing", "crossings", "draw", "draws", "feature", "features", "ideal", "ideals", "evaluation", "evaluations", "mixing", "truth", "basin", "basins", "valley", "valleys", "plateau", "plateaus", "token", "tokens", "phase", "phases", "metauni", "timaeus"}


@pytest.fixture(scope="session")
def names(site: Site) -> dict[str, str]:
    """Every name of every glossary entry in lower case -> the anchor of its canonical name."""
    found = {}
    for page in filter(re.compile(r"glossary/(?!index)").match, site.names()):
        canonical = ""
        for child in site.page(page).select("dl.glossary > *"):
            if child.name == "dd":
                canonical = ""
                continue
            name = "".join(part for part in child.contents if isinstance(part, NavigableString)).strip()
            canonical = canonical or tool_proof(name)
            found[name.lower()] = canonical
    return found


def running_text(article: Tag) -> Iterator[tuple[str, str]]:
    """The page in reading order: ("text", running text) and ("link", anchor of the glossary entry linked)."""
    skipped = {id(tag) for tag in article.select(NOT_RUNNING)}
    for node in article.descendants:
        if isinstance(node, Tag) and node.name == "a" and node.select_one(".std-term"):
            yield "link", node["href"].rpartition("#")[2]
        elif type(node) is NavigableString and not any(id(parent) in skipped for parent in node.parents):
            yield "text", str(node)


def unlinked_first_uses(article: Tag, names: dict[str, str]) -> list[str]:
    anchors = {f"term-{name}": entry for name, entry in ((re.sub(r"[^a-z0-9]+", "-", n), e) for n, e in names.items())}
    pattern = re.compile(
        r"(?<![\w-])(" + "|".join(sorted(map(re.escape, names.keys() - EVERYDAY), key=len, reverse=True)) + r")(?![\w-])", re.IGNORECASE
    )
    known: set[str] = set()
    unlinked = []
    for kind, content in running_text(article):
        if kind == "link":
            known.add(anchors.get(content.lower(), content))
            continue
        for found in pattern.finditer(re.sub(r"\s+", " ", content)):
            entry = names[found[0].lower()]
            if entry not in known:
                known.add(entry)
                unlinked.append(f"“{found[0]}” in “…{content[max(0, found.start() - 30) : found.end() + 20]}…”")
    return unlinked


@pytest.mark.parametrize("path", QUESTIONS, ids=ids)
def test_first_use_of_a_term_is_linked(site: Site, names: dict[str, str], path: Path) -> None:
    article = site.page(html_of(path)).select_one("article")
    assert unlinked_first_uses(article, names) == []


def test_an_unlinked_first_use_is_found() -> None:
    """The check above is itself checked: longest name first, not inside a link, not twice."""
    article = BeautifulSoup(
        '<p>The local learning coefficient, then <a href="x#term-prior"><span class="std-term">prior</span></a>, a prior, an LLC.</p>',
        "html.parser",
    )
    names = {"learning coefficient": "a", "local learning coefficient": "b", "llc": "b", "prior": "prior"}
    assert [use.split("”")[0] for use in unlinked_first_uses(article, names)] == ["“local learning coefficient"]


def test_glossary_has_its_four_hundred_terms(names: dict[str, str]) -> None:
    assert len(set(names.values())) >= 400


def test_every_name_of_a_term_has_a_tool_proof_address(site: Site, names: dict[str, str]) -> None:
    anchors = {tag["id"] for page in site.names() if page.startswith("glossary/") for tag in site.page(page).select("[id]")}
    assert {tool_proof(name) for name in names} <= anchors


def test_every_entry_cites_a_source_or_derives_its_statement(site: Site) -> None:
    bare = []
    for page in filter(re.compile(r"glossary/(?!index)").match, site.names()):
        for entry in site.page(page).select("dl.glossary > dd"):
            if not entry.select_one('a[href*="references.html#ref-"], math'):
                bare.append(entry.find_previous("dt").get_text())
    assert bare == []


# -- Talks and references ------------------------------------------------------------------------------


def talks() -> list[dict[str, object]]:
    return yaml.safe_load((PROJECT / "seminar" / "talks.yaml").read_text(encoding="utf-8"))


def test_all_talks_are_kept() -> None:
    held = [(talk["seminar"], bool(talk.get("announced"))) for talk in talks()]
    assert (held.count(("abstraction", False)), held.count(("abstraction", True)), held.count(("slt", False))) == (5, 2, 66)


def test_every_talk_has_an_address_its_video_and_its_notes(site: Site) -> None:
    for talk in talks():
        page = site.page(f"seminar/{talk['seminar']}.html")
        described = page.find(id=f"talk-{talk['id']}").find_next_sibling("dd")
        hrefs = {a["href"] for a in described.select("a[href]")}
        assert {talk[key] for key in ("video", "notes", "paper") if key in talk} <= hrefs, talk["id"]


def test_questions_and_terms_link_back_to_talks(site: Site, names: dict[str, str]) -> None:
    for talk in talks():
        target = f"seminar/{talk['seminar']}.html#talk-{talk['id']}"
        for name in talk.get("questions", []):
            page = next(page for page in site.questions() if page.endswith(f"/{name}.html"))
            assert any(a["href"].endswith(target) for a in site.page(page).select("#talks a[href]")), (talk["id"], name)
        for name in talk.get("terms", []):
            links = site.entry(tool_proof(name)).select(".discussed-in a[href]")
            assert any(a["href"].endswith(target) for a in links), (talk["id"], name)


def test_every_reference_can_be_followed() -> None:
    for key, entry in parse_file(PROJECT / "references.bib").entries.items():
        assert {"doi", "eprint", "url", "isbn"} & set(entry.fields) or {"journal", "booktitle", "publisher"} & set(entry.fields), key


def test_every_reference_is_cited(site: Site) -> None:
    cited = {tag["id"] for tag in site.page("references.html").select("div.citation[id]")}
    listed = {nodes.make_id(f"ref-{key}") for key in parse_file(PROJECT / "references.bib").entries}
    assert listed - cited == set(), "nothing cites them: remove them from references.bib"


def test_works_cited_alike_are_told_apart(site: Site) -> None:
    labels = [tag.get_text() for tag in site.page("references.html").select("div.citation > .label")]
    assert labels
    assert len(labels) == len(set(labels))


# -- The whole ---------------------------------------------------------------------------------------


def test_every_link_inside_the_site_leads_somewhere(site: Site) -> None:
    anchors = {name: {tag["id"] for tag in site.page(name).select("[id]")} | {""} for name in site.names()}
    broken = []
    for name in site.names():
        for a in site.page(name).select("a[href]"):
            href = a["href"]
            if re.match(r"[a-z]+:", href):
                continue
            path, _, fragment = href.partition("#")
            target = (Path(name).parent / path).as_posix() if path else name
            target = re.sub(r"[^/]+/\.\./", "", re.sub(r"^\./", "", target))
            while "/../" in target:
                target = re.sub(r"[^/]+/\.\./", "", target, count=1)
            if target in anchors and fragment not in anchors[target]:
                broken.append(f"{name}: {href}")
            elif target not in anchors and not (site.folder / target).exists():
                broken.append(f"{name}: {href}")
    assert broken == []


def test_no_page_asks_another_site_for_anything(site: Site) -> None:
    for name in site.names():
        for tag in site.page(name).select("script[src], link[href], img[src], iframe, source[src]"):
            address = tag.get("src") or tag.get("href") or ""
            if tag.name == "link" and "canonical" in tag.get("rel", []):
                continue
            assert not re.match(r"(https?:)?//", address), f"{name}: {tag}"
