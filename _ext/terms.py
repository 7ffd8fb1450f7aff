"""Glossary entries: checks their form, gives them tool-proof names, draws backlinks and the A–Z index.

An entry is a term of Sphinx's own ``{glossary}``. Beside Sphinx's anchor (``term-RLCT``) each of its
names gets a tool-proof one (``rlct``), which is also a label in the inventory; the directive
``{term-index}`` lists all names of all entries.
"""

from __future__ import annotations

import re
from itertools import groupby
from os.path import commonprefix
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.domains.std import Glossary
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from content_model import Entry, faq, is_question, joined, link, redraw, report, slug_of, suggest, term_link, tool_proof

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

DEFINITION_WORDS = 40


# -- Reading -------------------------------------------------------------------------------------


class LocatedGlossary(Glossary):
    """Sphinx's ``{glossary}``, with the line of each term counted from the top of the file.

    MyST numbers the lines of a directive's content from its first; Sphinx takes them as they are.
    """

    def run(self) -> list[nodes.Node]:
        result = super().run()
        for term in (term for node in result for term in node.findall(nodes.term)):
            term.line += self.lineno + self.content_offset + 1
        return result


class GlossaryEntries(SphinxTransform):
    """Notes every entry of a page and every term the page refers to."""

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        domain, docname = faq(self.env), self.env.docname
        uses = [n["reftarget"].lower() for n in self.document.findall(addnodes.pending_xref) if n["reftype"] == "term"]
        if uses:
            domain.data["uses"][docname] = sorted(set(uses))
        entries = [self.entry(item) for item in glossary_items(self.document)]
        if entries:
            domain.data["entries"][docname] = entries

    def entry(self, item: nodes.definition_list_item) -> Entry:
        terms = [child for child in item if isinstance(child, nodes.term)]
        definition = item[-1].next_node(nodes.paragraph) if isinstance(item[-1], nodes.definition) else None
        for term in terms:
            self.check_name(term)
            self.add_tool_proof_name(term)
        self.check_definition(terms[0], definition)
        return Entry(
            names=tuple(name_of(term) for term in terms),
            docname=self.env.docname,
            line=terms[0].line,
            definition=definition.astext() if definition is not None else "",
        )

    def check_name(self, term: nodes.term) -> None:
        name = name_of(term)
        if name.startswith(":"):
            report(term, f"“{name}” begins with a colon, which makes it a term", "indent the line if it belongs to a definition")
        elif len(re.findall(r"[A-Za-z]", name)) < 2:
            report(term, f"“{name}” is a bare symbol", "name the term in words and put the symbol in its definition")

    def check_definition(self, term: nodes.term, definition: nodes.paragraph | None) -> None:
        if definition is None:
            report(term, f"“{name_of(term)}” has no definition", "indent a first paragraph below it")
        elif (words := count_words(definition)) > DEFINITION_WORDS:
            report(
                term,
                f"the first paragraph of “{name_of(term)}” has {words} words",
                f"cut it to {DEFINITION_WORDS} or fewer and move the rest below it",
            )

    def add_tool_proof_name(self, term: nodes.term) -> None:
        name = tool_proof(name_of(term))
        holder = self.document.ids.get(name)
        if isinstance(holder, nodes.section):  # a page is called like one of its terms: the term's address matters more
            holder["ids"] = [f"{name}-page" if id == name else id for id in holder["ids"]]
        elif not name or holder is not None:
            return
        term["ids"].append(name)
        self.document.ids[name] = term
        standard = self.env.domains.standard_domain
        standard.labels[name] = (self.env.docname, name, name_of(term))
        standard.anonlabels[name] = (self.env.docname, name)


def glossary_items(document: nodes.document) -> Iterator[nodes.definition_list_item]:
    for glossary in document.findall(addnodes.glossary):
        yield from glossary.findall(nodes.definition_list_item)


def name_of(term: nodes.term) -> str:
    return "".join(child.astext() for child in term if not isinstance(child, addnodes.index)).strip()


def count_words(definition: nodes.paragraph) -> int:
    """A formula counts as one word."""
    text = "".join(
        "x" if isinstance(node.parent, nodes.math) else node.astext() for node in definition.findall(nodes.Text)
    )
    return len(text.split())


# -- Drawing -------------------------------------------------------------------------------------


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
            uses = Uses(self.env)
            for entry, item in zip(entries, list(glossary_items(self.document)), strict=True):
                if paragraph := self.discussed_in(*uses.of(entry)):
                    item[-1].append(paragraph)

    def index(self) -> Iterator[nodes.Node]:
        for letter, names in groupby(index_names(self.env), key=lambda pair: pair[0][0].upper()):
            yield nodes.rubric("", letter)
            yield nodes.bullet_list("", *(self.index_item(*pair) for pair in names), classes=["term-index"])

    def index_item(self, name: str, entry: Entry) -> nodes.list_item:
        row = nodes.paragraph("", "", term_link(entry.names[0], nodes.Text(name)))
        if name != entry.names[0]:
            row += nodes.inline("", f" → {entry.names[0]}", classes=["canonical"])
        return nodes.list_item("", row)

    def discussed_in(self, questions: list[str], talks: list[str]) -> nodes.paragraph | None:
        labels = [slug_of(docname) for docname in questions] + [f"talk-{talk}" for talk in talks]
        if not labels:
            return None
        paragraph = nodes.paragraph("", "", nodes.emphasis("", "Discussed in"), nodes.Text(" "), classes=["discussed-in"])
        paragraph += joined(map(link, labels))
        return paragraph


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
    return len(commonprefix([name, other])) >= max(len(name), len(other)) - 3 and len(other) > 3


class Uses:
    """Which pages and talks name which terms, turned round once to be asked often."""

    def __init__(self, env: BuildEnvironment) -> None:
        domain = faq(env)
        self.pages: dict[str, list[str]] = {}
        self.talks: dict[str, list[str]] = {}
        for docname in sorted(filter(is_question, domain.data["uses"])):
            for name in domain.data["uses"][docname]:
                self.pages.setdefault(name, []).append(docname)
        for talk in domain.talks:
            for name in talk.terms:
                self.talks.setdefault(name.lower(), []).append(talk.id)

    def of(self, entry: Entry) -> tuple[list[str], list[str]]:
        """The question pages (docnames) and the talks (ids) that an entry is discussed in."""
        names = [name.lower() for name in entry.names]
        questions = sorted({docname for name in names for docname in self.pages.get(name, [])})
        talks = dict.fromkeys(talk for name in names for talk in self.talks.get(name, []))
        return questions, list(talks)


# -- Keeping pages right when others change --------------------------------------------------------


def find_redrawn(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """A glossary page is written again when what discusses its entries has changed, the index when a name has."""
    domain = faq(env)
    titles = {docname: page.title for docname, page in domain.pages.items()}
    talk_titles = {talk.id: talk.title for talk in domain.talks}
    uses = Uses(env)
    redrawn = []
    for docname, entries in domain.data["entries"].items():
        used = [uses.of(entry) for entry in entries]
        drawn = [([(q, titles.get(q)) for q in questions], [(t, talk_titles[t]) for t in talks]) for questions, talks in used]
        if redraw(env, docname, "uses", drawn):
            redrawn.append(docname)
    names = index_names(env)
    return redrawn + [docname for docname in sorted(domain.data["indexes"]) if redraw(env, docname, "index", names)]


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """No two entries share a name, in any case, or a tool-proof name."""
    domain = faq(env)
    seen: dict[str, tuple[str, Entry]] = {}
    labels: dict[str, tuple[str, Entry]] = {}
    slugs = domain.slugs()
    for entry in sorted(domain.entries(), key=lambda entry: (entry.docname, entry.line)):
        for name in entry.names:
            location = (entry.docname, entry.line)
            other, of = seen.setdefault(name.lower(), (name, entry))
            if other != name:
                report(location, f"“{name}” and “{other}” ({of.docname}) differ only by case", "keep one of them")
            elif of is not entry:
                report(location, f"“{name}” is already a name of “{of.names[0]}” ({of.docname})", "keep it in one place")
            other, of = labels.setdefault(tool_proof(name), (name, entry))
            if of is not entry and other.lower() != name.lower():
                report(location, f"“{name}” and “{other}” ({of.docname}) make the same link", "change one of them")
            if tool_proof(name) in slugs:
                report(location, f"“{name}” makes the same link as the question {slugs[tool_proof(name)]}", "rename one of them")


def explain_missing(app: Sphinx, domain: Any, node: addnodes.pending_xref) -> bool | None:
    """Say of an unknown term what it may have meant; ``True`` tells Sphinx that the warning is given."""
    if node["reftype"] != "term":
        return None
    cure = suggest(node["reftarget"].lower(), faq(app.env).names())
    report(node, f"no glossary entry is called “{node['reftarget']}”", f"{cure} A new term goes into a page of glossary/.")
    return True


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("content_model")
    app.add_node(term_index)
    app.add_directive("term-index", TermIndex)
    app.add_directive_to_domain("std", "glossary", LocatedGlossary, override=True)
    app.add_transform(GlossaryEntries)
    app.add_post_transform(DrawTerms)
    app.connect("env-updated", find_redrawn)
    app.connect("env-check-consistency", check)
    app.connect("warn-missing-reference", explain_missing)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
