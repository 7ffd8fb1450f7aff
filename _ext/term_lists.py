"""Lists of terms: the A–Z index, and below each entry where it is discussed.

The directive ``{term-index}`` lists all names of all entries.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from os.path import commonprefix
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from content_model import Entry, faq, folded, is_question, joined, link, redraw, slug_of, term_link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

#: With more links than this, “Discussed in” shows their number first.
SHOWN_AT_ONCE = 6


class term_index(nodes.General, nodes.Element):
    """Stands for the A–Z index until all entries are known."""


class TermIndex(SphinxDirective):
    """``{term-index}``: every name of every entry, by letter."""

    def run(self) -> list[nodes.Node]:
        faq(self.env).data["indexes"][self.env.docname] = True
        return [term_index("")]


class DrawTerms(SphinxPostTransform):
    """Draws the A–Z index and, below each entry, where it is discussed."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(term_index)):
            node.replace_self(list(self.index()))
        if entries := faq(self.env).data["entries"].get(self.env.docname, []):
            uses = uses_in(self.env)
            for entry, item in zip(entries, glossary_items(self.document), strict=True):
                if drawn := self.discussed_in(uses.of(entry)):
                    item[-1].append(drawn)

    def index(self) -> Iterator[nodes.Node]:
        for letter, names in groupby(index_names(self.env), key=lambda pair: pair[0][0].upper()):
            yield nodes.rubric("", letter)
            yield nodes.bullet_list("", *(self.index_item(*pair) for pair in names), classes=["term-index"])

    def index_item(self, name: str, entry: Entry) -> nodes.list_item:
        row = nodes.paragraph("", "", term_link(entry.names[0], nodes.Text(name)), classes=[f"area-{entry.area}"])
        if name != entry.names[0]:
            row += nodes.inline("", f" → {entry.names[0]}", classes=["canonical"])
        return nodes.list_item("", row)

    def discussed_in(self, used: Used) -> nodes.Node | None:
        """Short, the links themselves; long, a count that opens to show them."""
        links = {
            "question": [link(slug_of(docname)) for docname in used.questions],
            "talk": [link(f"talk-{talk}") for talk in used.talks],
            "term": [term_link(name) for name in used.terms],
        }
        counts = [f"{len(rows)} {kind}{'s' * (len(rows) > 1)}" for kind, rows in links.items() if rows]
        rows = [reference for kind in links.values() for reference in kind]
        if not rows:
            return None
        if len(rows) <= SHOWN_AT_ONCE:
            opening = [nodes.emphasis("", "Discussed in"), nodes.Text(" ")]
            return nodes.paragraph("", "", *opening, *joined(rows), classes=["discussed-in"])
        return folded("", nodes.paragraph("", "", *joined(rows)), summary=f"Discussed in {listed(counts)}", classes=["discussed-in"])


def index_names(env: BuildEnvironment) -> list[tuple[str, Entry]]:
    """Every name of every entry, in alphabetical order, without plurals: they would stand beside their singular."""
    pairs = [
        (name, entry)
        for entry in faq(env).entries()
        for number, name in enumerate(entry.names)
        if not any(is_inflection(name, other) for other in entry.names[:number])
    ]
    return sorted(pairs, key=lambda pair: (pair[0].lower(), pair[0]))


def is_inflection(name: str, other: str) -> bool:
    """``phases`` of ``phase``, ``flat minima`` of ``flat minimum``: the same but for the last few letters."""
    return name == f"{other}s" or len(commonprefix([name, other])) >= max(len(name), len(other)) - 3 and len(other) > 3


class Used(NamedTuple):
    """Where an entry is used: question pages (docnames), talks (ids) and other entries (canonical names)."""

    questions: list[str]
    talks: list[str]
    terms: list[str]


class Uses:
    """Which pages, talks and entries name which terms, turned round once to be asked often."""

    def __init__(self, env: BuildEnvironment) -> None:
        domain = faq(env)
        self.pages: dict[str, list[str]] = {}
        self.talks: dict[str, list[str]] = {}
        self.entries: dict[str, list[str]] = {}
        for docname in sorted(filter(is_question, domain.data["uses"])):
            for name in domain.data["uses"][docname]:
                self.pages.setdefault(name, []).append(docname)
        for talk in domain.talks:
            for name in talk.terms:
                self.talks.setdefault(name.lower(), []).append(talk.id)
        for entry in domain.entries():
            for name in entry.uses:
                self.entries.setdefault(name, []).append(entry.names[0])

    def of(self, entry: Entry) -> Used:
        names = [name.lower() for name in entry.names]
        questions = sorted({docname for name in names for docname in self.pages.get(name, [])})
        talks = dict.fromkeys(talk for name in names for talk in self.talks.get(name, []))
        terms = {term for name in names for term in self.entries.get(name, [])} - {entry.names[0]}
        return Used(questions, list(talks), sorted(terms, key=str.lower))


@lru_cache(maxsize=1)
def uses_in(env: BuildEnvironment) -> Uses:
    """The uses of a build: once all pages are read they stay as they are."""
    return Uses(env)


def listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


# -- Keeping pages right when others change --------------------------------------------------------


def find_redrawn(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """A glossary page is written again when what discusses its entries has changed, the index when a name has."""
    domain = faq(env)
    titles = {docname: page.title for docname, page in domain.pages.items()}
    talk_titles = {talk.id: talk.title for talk in domain.talks}
    uses = uses_in(env)
    redrawn = []
    for docname, entries in domain.data["entries"].items():
        used = [uses.of(entry) for entry in entries]
        drawn = [([(q, titles.get(q)) for q in u.questions], [(t, talk_titles[t]) for t in u.talks], u.terms) for u in used]
        if redraw(env, docname, "uses", drawn):
            redrawn.append(docname)
    names = index_names(env)
    return redrawn + [docname for docname in sorted(domain.data["indexes"]) if redraw(env, docname, "index", names)]


def add_script(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Filtering the index and copying an entry's address: conveniences, only where there is something to filter or copy."""
    data = faq(app.env).data
    if pagename in data["entries"] or pagename in data["indexes"]:
        app.add_js_file("glossary.js", loading_method="defer")


def glossary_items(document: nodes.document) -> list[nodes.definition_list_item]:
    return [item for glossary in document.findall(addnodes.glossary) for item in glossary.findall(nodes.definition_list_item)]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("content_model")
    app.add_node(term_index)
    app.add_directive("term-index", TermIndex)
    app.add_post_transform(DrawTerms)
    app.connect("env-updated", find_redrawn)
    app.connect("html-page-context", add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
