"""The glossary as data: ``glossary.json`` with its schema, and SKOS as ``glossary.jsonld`` and ``glossary.ttl``.

One record a term, made from the same entries as the pages. Of the SKOS relations, ``altLabel`` holds the
synonyms, ``closeMatch`` the terms that an entry calls *nearly the same*, and ``related`` the others that it
links to. What is written depends on the glossary alone, so it is written anew only when that has changed.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from docutils import nodes
from pydantic import BaseModel, ConfigDict, Field

from content_model import as_written, faq, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from content_model import Entry
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


class Definition(BaseModel):
    """The first paragraph of an entry, at most 40 words, in three forms."""

    text: str = Field(description="plain text, formulas written out as well as text can: x^2, a/b, λ")
    tex: str = Field(description="plain text with formulas in TeX between dollar signs")
    html: str = Field(description="an HTML paragraph with formulas in MathML")


class Source(BaseModel):
    """A work that an entry cites."""

    key: str = Field(description="its BibTeX key")
    url: str = Field(description="its place in this site's list of references")


class Term(BaseModel):
    """A glossary entry."""

    model_config = ConfigDict(populate_by_name=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="permanent: lower-case letters, digits and hyphens")
    name: str = Field(description="the canonical name")
    synonyms: list[str] = Field(description="true synonyms, abbreviations and plurals")
    area: str = Field(description="the page of the glossary it stands on")
    definition: Definition
    nearly_the_same: list[str] = Field(alias="nearlyTheSame", description="ids of terms that texts use for this one, though they differ")
    related: list[str] = Field(description="ids of the other terms that the entry links to")
    sources: list[Source] = Field(description="the works that the entry cites")
    url: str = Field(description="the permanent address")


class Glossary(BaseModel):
    """All entries of the glossary, in alphabetical order."""

    title: str
    url: str = Field(description="the address of the glossary")
    schema_url: str = Field(alias="$schema", description="the address of the schema of this file")
    licence: str = Field(description="the address of the licence of the text")
    terms: list[Term]


class Exporter:
    """Turns entries into records, with the names and addresses of one site."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.root = app.config.html_baseurl.rstrip("/") + "/"
        self.names = faq(app.env).names()
        # Nearness goes both ways, whichever of two entries mentions it.
        pairs = [(entry.id, id) for entry in faq(app.env).entries() for id in self.ids(entry.near) if id != entry.id]
        self.near: dict[str, list[str]] = {}
        for one, other in [*pairs, *((other, one) for one, other in pairs)]:
            if other not in self.near.setdefault(one, []):
                self.near[one].append(other)

    def address(self, docname: str, anchor: str = "") -> str:
        return self.root + self.app.builder.get_target_uri(docname) + (f"#{anchor}" if anchor else "")

    def anchor(self, key: str) -> str:
        """Where a work stands in the list of references, as sphinxcontrib-bibtex makes it."""
        return nodes.make_id(self.app.config.bibtex_cite_id.format(key=key))

    def ids(self, names: tuple[str, ...]) -> list[str]:
        return list(dict.fromkeys(self.names[name].id for name in names if name in self.names))

    def glossary(self) -> Glossary:
        values = {
            "title": f"{self.app.config.project}: glossary",
            "url": self.address("glossary/index"),
            "$schema": f"{self.root}glossary.schema.json",
            "licence": "https://creativecommons.org/licenses/by/4.0/",
            "terms": [self.term(entry) for entry in faq(self.app.env).entries()],
        }
        return Glossary(**values)

    def term(self, entry: Entry) -> Term:
        near = self.near.get(entry.id, [])
        return Term(
            id=entry.id,
            name=entry.names[0],
            synonyms=list(entry.names[1:]),
            area=entry.area,
            definition=self.definition(entry),
            nearly_the_same=near,
            related=[id for id in self.ids(entry.uses) if id not in (*near, entry.id)],
            sources=[Source(key=key, url=self.address("references", self.anchor(key))) for key in entry.sources],
            url=self.address(entry.docname, entry.id),
        )

    def definition(self, entry: Entry) -> Definition:
        html = self.app.builder.render_partial(paragraph(entry.definition))["fragment"].strip()
        return Definition(
            text=as_text(html),
            tex="".join(f"${text}$" if kind == "math" else text for kind, text in entry.definition),
            html=html,
        )


# -- MathML as text ------------------------------------------------------------------------------

MATHML = "{http://www.w3.org/1998/Math/MathML}"


def as_text(html: str) -> str:
    """A paragraph as plain text: ``λ log n``, ``x^2``, ``(a + b)/2``."""
    text = re.sub(r"\s+", " ", flat(ElementTree.fromstring(re.sub(r"&nbsp;|&#160;", " ", html)))).strip()
    text = re.sub(r"(?<=[(^_/]) ?([−±]) ", r"\1", text)  # a sign of one number, not between two
    return re.sub(r"\^\((′+)\)", r"\1", text).replace("^∗", "*").replace("^(∗)", "*")


def flat(node: ElementTree.Element) -> str:
    kind = node.tag.removeprefix(MATHML)
    if kind.startswith("annotation"):
        return ""
    if kind in ("mi", "mn", "mo", "mtext"):
        text = (node.text or "").strip("\N{FUNCTION APPLICATION}\N{INVISIBLE TIMES}") or (" " if kind == "mo" else "")
        return f" {text} " if kind == "mo" and text in "=<>≤≥∼≈→+−×∈" else f"{text} " if text in ("log", "exp", "min", "max", "lim") else text
    if kind == "mspace":
        return " "
    children = list(node)
    if kind in ("msup", "msub", "munder", "mover", "msubsup", "munderover", "mfrac", "msqrt") and children:
        parts = [flat(child).strip() for child in children]
        if kind == "mfrac":
            return "/".join(map(bracketed, parts))
        if kind == "msqrt":
            return f"√{bracketed(''.join(parts))}"
        if kind == "mover" and len(parts[1]) == 1:
            return parts[0] + {"^": "\u0302", "ˆ": "\u0302", "¯": "\u0304", "‾": "\u0304", "~": "\u0303"}.get(parts[1], "")
        marks = {"msup": "^", "mover": "^", "msub": "_", "munder": "_"}.get(kind, "_^")
        return parts[0] + "".join(mark + bracketed(part) for mark, part in zip(marks, parts[1:], strict=True))
    return (node.text or "" if not node.tag.startswith(MATHML) else "") + "".join(flat(child) + (child.tail or "") for child in children)


def bracketed(text: str) -> str:
    """Several signs need brackets to stay together."""
    return text if re.fullmatch(r"\w*|\(.*\)|[∗*]", text) else f"({text})"


# -- SKOS ----------------------------------------------------------------------------------------

CONTEXT = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "schema": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
}


def as_skos(glossary: Glossary) -> dict[str, Any]:
    """A SKOS concept scheme that is a schema.org ``DefinedTermSet`` too."""
    scheme = {
        "@id": glossary.url,
        "@type": ["skos:ConceptScheme", "schema:DefinedTermSet"],
        "dcterms:title": english(glossary.title),
        "schema:name": glossary.title,
        "schema:url": glossary.url,
        "dcterms:license": {"@id": glossary.licence},
    }
    return {"@context": CONTEXT, "@graph": [scheme, *concepts(glossary)]}


def concepts(glossary: Glossary) -> Iterator[dict[str, Any]]:
    address = {term.id: term.url for term in glossary.terms}
    for term in glossary.terms:
        yield {
            "@id": term.url,
            "@type": ["skos:Concept", "schema:DefinedTerm"],
            "skos:prefLabel": english(term.name),
            "skos:altLabel": [english(name) for name in term.synonyms],
            "skos:notation": term.id,
            "skos:definition": english(term.definition.text),
            "skos:closeMatch": [{"@id": address[id]} for id in term.nearly_the_same],
            "skos:related": [{"@id": address[id]} for id in term.related],
            "skos:inScheme": {"@id": glossary.url},
            "schema:name": term.name,
            "schema:termCode": term.id,
            "schema:description": term.definition.text,
            "schema:url": term.url,
            "schema:inDefinedTermSet": {"@id": glossary.url},
            "dcterms:source": [{"@id": source.url} for source in term.sources],
        }


def english(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "en"}


def as_turtle(skos: dict[str, Any]) -> str:
    """The same graph in Turtle: a paragraph a subject, as written in :func:`as_skos`."""
    prefixes = [f"@prefix {name}: <{address}> ." for name, address in skos["@context"].items()]
    subjects = []
    for node in skos["@graph"]:
        facts = [("a", " , ".join(node["@type"]))]
        facts += [(name, " , ".join(map(object_in_turtle, listed))) for name, value in node.items() if name[0] != "@" and (listed := value if isinstance(value, list) else [value])]
        subjects.append(f"<{node['@id']}>\n    " + " ;\n    ".join(f"{name} {objects}" for name, objects in facts) + " .")
    return "\n".join(prefixes) + "\n\n" + "\n\n".join(subjects) + "\n"


def object_in_turtle(value: str | dict[str, str]) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)  # Turtle escapes as JSON does
    if "@id" in value:
        return f"<{value['@id']}>"
    return f"{json.dumps(value['@value'], ensure_ascii=False)}@{value['@language']}"


# -- Writing -------------------------------------------------------------------------------------


def write(app: Sphinx) -> None:
    if app.builder.name not in ("html", "dirhtml"):
        return
    folder = Path(app.outdir)
    content = faq(app.env).entries()
    if as_written(app, "glossary.json", content):
        return
    glossary = Exporter(app).glossary()
    schema = {"$schema": SCHEMA, **Glossary.model_json_schema(by_alias=True)}
    skos = as_skos(glossary)
    write_json(folder / "glossary.json", glossary.model_dump(by_alias=True))
    write_json(folder / "glossary.schema.json", schema)
    write_json(folder / "glossary.jsonld", skos)
    (folder / "glossary.ttl").write_text(as_turtle(skos), encoding="utf-8")
    as_written(app, "glossary.json", content, note=True)


def write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("content_model")
    app.setup_extension("all_cores")
    app.connect("while-writing", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
