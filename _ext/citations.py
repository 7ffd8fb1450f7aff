"""Citations by author and year: the styles, and what to do where an author or a year is not enough.

Two works that would both be cited as “Hoogland et al., 2025” become 2025a and 2025b, in the order of
their keys. A work whose author was not seen is cited by the beginning of its title, and one without a
year as “n.d.”: what was not seen is not guessed.

sphinxcontrib-bibtex takes milliseconds to draw a citation and compares every work with every citation;
:class:`QuickBibtexDomain` draws them itself, and collects the cited works in one go.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from pybtex.database import Person
from pybtex.plugin import register_plugin
from pybtex.richtext import Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting.unsrt import Style
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.template import FieldIsMissing, Node
from sphinxcontrib.bibtex.domain import BibtexDomain
from sphinxcontrib.bibtex.plugin import register_plugin as register_reference_style
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from content_model import report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pybtex.database import Entry
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata
    from sphinxcontrib.bibtex.domain import Citation

BIBLIOGRAPHY = "references.bib"
NO_YEAR = "n.d."
TITLE_WORDS = 5


def complete(app: Sphinx) -> None:
    """Give every work something to be cited by, and tell works apart that would be cited alike."""
    lines = enumerate((app.srcdir / BIBLIOGRAPHY).read_text(encoding="utf-8").splitlines(), 1)
    FaqStyle.places = {found[1]: f"{app.srcdir / BIBLIOGRAPHY}:{number}" for number, line in lines if (found := re.match(r"@\w+\{([^,\s]+),", line))}
    FaqStyle.formatted = app.env.domaindata["cite"].setdefault("formatted", {})
    alike = defaultdict(list)
    entries = app.env.get_domain("cite").bibdata.data.entries
    for key, entry in entries.items():
        entry.fields.setdefault("year", NO_YEAR)
        if not entry.persons.get("author"):
            entry.persons["author"] = [TitleAsPerson(entry.fields.get("title", key))]
        alike[cited_as(entry)].append(key)
    for (_, year), keys in alike.items():
        if len(keys) > 1 and re.fullmatch(rf"\d+|{NO_YEAR}", year):
            for letter, key in zip("abcdefghijklmnopqrstuvwxyz", sorted(keys)):
                entries[key].fields["year"] = year + letter


class TitleAsPerson(Person):
    """Stands in a citation where the author would: the first words of the title."""

    def __init__(self, title: str) -> None:
        super().__init__()
        words = re.split(r"[:(?]", title.strip("{}"))[0].split()
        self.last_names = [" ".join(words[:TITLE_WORDS]) + " …" * (len(words) > TITLE_WORDS)]


def cited_as(entry: Entry) -> tuple[str, str]:
    """What a citation shows of an entry: the names, shortened as in the text, and the year."""
    names, year = names_and_year(entry)
    shown = f"{names[0]} et al." if len(names) > 2 or names[-1] == "others" else " and ".join(names)
    return shown, year


def names_and_year(entry: Entry) -> tuple[list[str], str]:
    names = [" ".join([*person.prelast_names, *person.last_names]) for person in entry.persons["author"]]
    return [str(Text.from_latex(name)) if re.search(r"[{\\]|--", name) else name for name in names], entry.fields["year"]


class NamesAndYear(BaseLabelStyle):
    """Labels the list of references as the text cites: “Watanabe 2009”."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        for entry in sorted_entries:
            yield " ".join(cited_as(entry))


class FaqStyle(Style):
    """The list of references: by author and year, a title that stands for its author not said twice."""

    default_sorting_style = "author_year_title"
    default_label_style = "names_and_year"
    #: What was formatted before, in this build or an earlier one: a work takes milliseconds, and is asked for twice.
    formatted: ClassVar[dict[str, Any]] = {}
    #: key -> where it stands, as ``path:line``
    places: ClassVar[dict[str, str]] = {}

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> FormattedEntry:
        content = repr((entry.type, sorted(entry.fields.items()), entry.persons))
        if content not in self.formatted:
            try:
                self.formatted[content] = super().format_entry(label, entry, bib_data).text
            except FieldIsMissing as error:
                if entry.key in self.places:  # once
                    report(self.places.pop(entry.key), f"@{entry.type}{{{entry.key}}} is not complete ({error})", "add what was seen, or make it @misc")
                return FormattedEntry(entry.key, Text(entry.fields.get("title", entry.key)), label)
        return FormattedEntry(entry.key, self.formatted[content], label)

    def format_names(self, role: str, as_sentence: bool = True) -> Node:
        usual = super().format_names(role, as_sentence)

        def formatted(_: list[object], data: dict[str, Any]) -> object:
            if any(isinstance(person, TitleAsPerson) for person in data["entry"].persons.get(role, [])):
                return ""
            return usual.format_data(data)

        return Node("names", formatted)


@dataclass(frozen=True)
class Listed:
    """A work in the list of references: its place there, where that is, and what a citation shows of it."""

    place: int
    docname: str
    anchor: str
    names: tuple[str, ...]
    year: str

    @classmethod
    def of(cls, place: int, citation: Citation) -> Listed:
        names, year = names_and_year(citation.entry)
        return cls(place, citation.bibliography_key.docname, citation.citation_id, tuple(names), year)

    def cited(self, typ: str, address: str) -> list[nodes.Node]:
        """“Hoogland *et al.*, 2025”, all of it a link (``p``), or “Hoogland *et al.* (2025)”, of which the year is (``t``)."""
        first, *others = self.names
        if len(others) > 1 or others == ["others"]:
            shown = [nodes.Text(f"{first} "), nodes.emphasis("", "et al.")]
        else:
            shown = [nodes.Text(" and ".join(self.names))]
        if typ == "p":
            return [nodes.reference("", "", *shown, nodes.Text(f", {self.year}"), internal=True, refuri=address)]
        return [*shown, nodes.Text(" ("), nodes.reference("", self.year, internal=True, refuri=address), nodes.Text(")")]


class QuickBibtexDomain(BibtexDomain):
    """What sphinxcontrib-bibtex does, without comparing every work with every citation."""

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        # A page is cleared once, before it is read: only those of the last build hold anything.
        self.citing = {reference.docname for reference in self.citation_refs} | {key.docname for key in self.bibliographies}

    def clear_doc(self, docname: str) -> None:
        """Searches the citations of all pages only for a page that had some."""
        if docname in self.citing:
            super().clear_doc(docname)

    def env_updated(self) -> Iterable[str]:
        outdated = super().env_updated()
        self.listed = {citation.key: Listed.of(place, citation) for place, citation in enumerate(self.citations)}
        return outdated

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.Element:
        """Draws ``{cite:p}`` and ``{cite:t}`` here: the library's templates take milliseconds for each. It does the rest."""
        works = [self.listed.get(key.strip()) for key in target.split(",")]
        if typ not in {"p", "t"} or None in works:
            return super().resolve_xref(env, fromdocname, builder, typ, target, node, contnode)
        parts: list[nodes.Node] = []
        for work in sorted(works, key=lambda work: work.place):
            address = builder.get_relative_uri(fromdocname, work.docname) + f"#{work.anchor}"
            parts += [nodes.Text(", "), *work.cited(typ, address)]
        brackets = [nodes.Text("("), *parts[1:], nodes.Text(")")] if typ == "p" else parts[1:]
        return nodes.inline(target, "", *brackets, classes=["bibtex-citation"])

    def get_sorted_entries(self, bibliography_key: Any, docnames: list[str]) -> Iterator[tuple[str, Entry]]:
        """The cited works, in the order of the file: the style sorts them."""
        cited = {target.key for reference in self.citation_refs for target in reference.targets}
        for entry in self.get_entries(self.bibliographies[bibliography_key].bibfiles):
            if entry.key in cited:
                yield entry.key, entry


@dataclass
class RoundAuthorYear(AuthorYearReferenceStyle):
    """Cites in round brackets: “(Watanabe, 2009)”, “Watanabe (2009)”."""

    bracket_textual: BracketStyle = field(default_factory=lambda: BracketStyle("(", ")"))
    bracket_parenthetical: BracketStyle = field(default_factory=lambda: BracketStyle("(", ")"))


def format_all(app: Sphinx) -> None:
    """Have the works formatted when the list of references asks for them."""
    style = FaqStyle()
    for entry in app.env.get_domain("cite").bibdata.data.entries.values():
        style.format_entry("", entry)


def setup(app: Sphinx) -> ExtensionMetadata:
    register_plugin("pybtex.style.labels", "names_and_year", NamesAndYear)
    register_plugin("pybtex.style.formatting", "faq", FaqStyle)
    register_reference_style("sphinxcontrib.bibtex.style.referencing", "author_year_round", RoundAuthorYear)
    app.add_domain(QuickBibtexDomain, override=True)
    app.setup_extension("all_cores")
    app.connect("builder-inited", complete)
    app.connect("while-reading", format_all)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
