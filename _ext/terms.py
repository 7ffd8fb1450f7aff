"""Glossary entries: reads them, checks their form and gives them tool-proof names.

An entry is a term of Sphinx's own ``{glossary}``. Beside Sphinx's anchor (``term-RLCT``) each of its
names gets a tool-proof one (``rlct``), which is also a label in the inventory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.domains.std import Glossary
from sphinx.transforms import SphinxTransform

from content_model import Entry, faq, pieces, report, suggest, tool_proof

if TYPE_CHECKING:
    from collections.abc import Iterator

    from content_model import FaqDomain
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

DEFINITION_WORDS = 40
#: How an entry begins the paragraph that names terms which texts use for one another.
NEAR = "Nearly the same as"
#: A definition with no more words than this besides another term only points at it.
SAYS_NOTHING = 6


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
        if uses := terms_in(self.document):
            domain.data["uses"][docname] = sorted(uses)
        entries = [self.entry(item) for item in glossary_items(self.document)]
        if entries:
            domain.data["entries"][docname] = entries

    def entry(self, item: nodes.definition_list_item) -> Entry:
        terms = [child for child in item if isinstance(child, nodes.term)]
        definition = item[-1].next_node(nodes.paragraph) if isinstance(item[-1], nodes.definition) else None
        for term in terms:
            self.check_name(term)
            self.add_typed_name(term)
            self.add_tool_proof_name(term)
        self.check_definition(terms[0], definition)
        return Entry(
            names=tuple(name_of(term) for term in terms),
            docname=self.env.docname,
            line=terms[0].line,
            definition=pieces(definition) if definition is not None else (),
            anchors=tuple(id for term in terms for id in term["ids"] if id.startswith("term-")),
            uses=terms_in(item),
            defined_by=terms_in(definition) if definition is not None else (),
            near=tuple(name for p in item.findall(nodes.paragraph) if p.astext().startswith(NEAR) for name in terms_in(p)),
            sources=tuple(dict.fromkeys(key.strip() for n in references(item, "cite") for key in n["reftarget"].split(","))),
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

    def add_typed_name(self, term: nodes.term) -> None:
        """Smart quotes make ``Occam’s razor`` of ``Occam's razor``: both are found."""
        objects = self.env.domains.standard_domain.objects
        for anchor in term["ids"]:
            objects.setdefault(("term", name_of(term)), (self.env.docname, anchor))

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


def references(node: nodes.Element, domain: str) -> Iterator[addnodes.pending_xref]:
    return (n for n in node.findall(addnodes.pending_xref) if n.get("refdomain") == domain)


def terms_in(node: nodes.Element) -> tuple[str, ...]:
    """The terms that a part of a page refers to, lower case, each once."""
    return tuple(dict.fromkeys(n["reftarget"].lower() for n in references(node, "std") if n["reftype"] == "term"))


def glossary_items(document: nodes.document) -> Iterator[nodes.definition_list_item]:
    for glossary in document.findall(addnodes.glossary):
        yield from glossary.findall(nodes.definition_list_item)


def name_of(term: nodes.term) -> str:
    """The name as authors type it, with straight apostrophes."""
    return "".join(child.astext() for child in term if not isinstance(child, addnodes.index)).strip().replace("’", "'")


def count_words(definition: nodes.paragraph) -> int:
    """A formula counts as one word."""
    text = "".join(
        "x" if isinstance(node.parent, nodes.math) else node.astext() for node in definition.findall(nodes.Text)
    )
    return len(text.split())


# -- Checking ------------------------------------------------------------------------------------


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
    check_definitions(domain)


def check_definitions(domain: FaqDomain) -> None:
    """A definition says something: it is not made of its own term, nor of terms that lead back to it."""
    names = domain.names()
    for entry in domain.entries():
        location = (entry.docname, entry.line)
        text = " ".join(text for kind, text in entry.definition if kind != "math").lower()
        if any(names.get(name) == entry for name in entry.defined_by):
            report(location, f"the definition of “{entry.names[0]}” refers to itself", "say it in other words")
        elif text.rstrip(". ") in {name.lower() for name in entry.names}:
            report(location, f"the definition of “{entry.names[0]}” only repeats the term", "say what it means")
    for circle in circles({entry: points_to(entry, names) for entry in domain.entries()}):
        way = " → ".join(f"“{entry.names[0]}”" for entry in (*circle, circle[0]))
        report((circle[0].docname, circle[0].line), f"definitions that only point at each other: {way}", "let one of them stand alone")


def points_to(entry: Entry, names: dict[str, Entry]) -> Entry | None:
    """The entry that a definition hands its reader on to, if it says nearly nothing besides that term."""
    targets = {names[name].id: names[name] for name in entry.defined_by if name in names}
    words = sum(len(text.split()) for _, text in entry.definition)
    if len(targets) != 1:
        return None
    (target,) = targets.values()
    return target if words - len(target.names[0].split()) <= SAYS_NOTHING else None


def circles(following: dict[Entry, Entry | None]) -> Iterator[list[Entry]]:
    """Each circle of entries that lead to one another, once, from its first entry on."""
    known: set[Entry] = set()
    for start in following:
        way: list[Entry] = []
        here: Entry | None = start
        while here is not None and here not in known:
            known.add(here)
            way.append(here)
            here = following.get(here)
        if here in way:
            yield way[way.index(here) :]


def list_unused(app: Sphinx, env: BuildEnvironment) -> None:
    """A term that nothing refers to is no mistake, but worth a look: ``make unused`` lists them."""
    if not app.config.list_unused_terms:
        return
    domain = faq(env)
    used = {name for names in domain.data["uses"].values() for name in names}
    used |= {name.lower() for talk in domain.talks for name in talk.terms}
    for entry in domain.entries():
        if not used & {name.lower() for name in entry.names}:
            print(f"{env.doc2path(entry.docname, base=False)}:{entry.line}: nothing refers to “{entry.names[0]}”")


def explain_missing(app: Sphinx, domain: Any, node: addnodes.pending_xref) -> bool | None:
    """Say of an unknown term what it may have meant; ``True`` tells Sphinx that the warning is given."""
    if node["reftype"] != "term":
        return None
    cure = suggest(node["reftarget"].lower(), faq(app.env).names())
    report(node, f"no glossary entry is called “{node['reftarget']}”", f"{cure} A new term goes into a page of glossary/.")
    return True


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("content_model")
    app.add_config_value("list_unused_terms", False, "", types=[bool])
    app.add_directive_to_domain("std", "glossary", LocatedGlossary, override=True)
    app.add_transform(GlossaryEntries)
    app.connect("env-check-consistency", check)
    app.connect("env-check-consistency", list_unused)
    app.connect("warn-missing-reference", explain_missing)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
