"""The content model: what a question, a talk and a claim are, and where the site keeps them.

Questions (``faq/<theme>/<slug>.md``), glossary entries (``glossary/<area>.md``) and talks
(``seminar/talks.yaml``) are read into :class:`FaqDomain`, a part of Sphinx's environment.
The other extensions fill it, check it and draw pages from it; none imports another but this one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar
from urllib.parse import urlsplit

import yaml
from docutils import nodes
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from sphinx import addnodes
from sphinx.domains import Domain
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

#: The five evidence words, strongest first, with what each means.
EVIDENCE = {
    "theorem": "proved under stated conditions",
    "replicated": "found by more than one group",
    "reported": "found by one group",
    "conjecture": "proposed, not shown",
    "opinion": "somebody’s judgement",
}
#: What became of a claim of January 2023, with what each word means.
VERDICTS = {
    "supported": "later work speaks for it",
    "partly": "later work speaks for a part of it, or for a weaker form",
    "contested": "named critics dispute it, and the dispute is open",
    "open": "nothing found settles it either way",
    "overtaken": "the situation it speaks of has changed",
}
LEVELS = {"intro": "introductory", "technical": "technical"}
SHORT_WORDS = 60
RELATED_AT_MOST = 4


# -- Saying what is wrong ------------------------------------------------------------------------


def report(location: Any, what: str, cure: str) -> None:
    """Warn in the form ``file:line: what is wrong: how to mend it``.

    ``location`` is what Sphinx's logger takes: a node, ``(docname, line)`` or ``"path:line"``.
    """
    logger.warning("%s: %s", what, cure, location=location)


def suggest(word: str, known: Iterable[str]) -> str:
    """A cure for a name that is not known: the nearest one, or the list when it is short."""
    known = sorted(known)
    if near := get_close_matches(word, known, n=1, cutoff=0.6):
        return f"did you mean “{near[0]}”?"
    if len(known) <= 12:
        return f"use one of {', '.join(known)}" if known else "none exists yet"
    return "correct the spelling, or remove it"


# -- What content is -----------------------------------------------------------------------------


def _wrong(what: str, cure: str) -> PydanticCustomError:
    return PydanticCustomError("content", "{what}", {"what": what, "cure": cure})


def _short(text: str) -> str:
    if (words := len(text.split())) > SHORT_WORDS:
        raise _wrong(f"`short` has {words} words", f"cut it to {SHORT_WORDS} or fewer")
    if found := re.search(r"[`$]|\{\w", text):
        raise _wrong(f"`short` holds markup ({found[0]!r})", "write it as plain text: it is quoted outside this site")
    return " ".join(text.split()).replace("'", "’")


def _web_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or any(c.isspace() for c in address):
        raise _wrong(f"“{address}” is not a web address", "write it whole, beginning with https://")
    return address


def _video_address(address: str) -> str:
    _web_address(address)
    if not re.fullmatch(r"https://youtu\.be/[\w-]{11}", address):
        raise _wrong(f"“{address}” is not the address of a video", "write it as https://youtu.be/ and the video's 11 characters")
    return address


def _evidence(word: str) -> str:
    if word not in EVIDENCE:
        raise _wrong(f"unknown evidence word “{word}”", suggest(word, EVIDENCE))
    return word


def _verdict(word: str) -> str:
    if word not in VERDICTS:
        raise _wrong(f"unknown verdict “{word}”", suggest(word, VERDICTS))
    return word


def _day(value: Any) -> date:
    # YAML has made a date of anything that is one; whatever is left is not.
    if type(value) is not date:
        raise _wrong(f"“{value}” is not a date", "write year-month-day, for example 2026-11-23")
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]
VideoAddress = Annotated[str, AfterValidator(_video_address)]
Day = Annotated[Any, AfterValidator(_day)]


class Content(BaseModel):
    """A thing with fields: unknown ones are errors, and each field's description is its cure."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(Content):
    """The front matter of a question page."""

    short: Annotated[str, AfterValidator(_short)] = Field(
        description=f"the answer in at most {SHORT_WORDS} words of plain text"
    )
    evidence: Annotated[str, AfterValidator(_evidence)] = Field(description=f"one of {', '.join(EVIDENCE)}")
    view: str | None = Field(None, description="whose view it is, where the page reports an opinion")
    level: Literal["intro", "technical"] = Field(description="intro or technical")
    reviewed: Day = Field(description="the day of the last review, as 2026-11-23")
    asked_as: list[str] = Field([], description="a list of other phrasings of the question")
    asked_at: list[WebAddress] = Field([], description="a list of web addresses where it was asked")
    claims: list[str] = Field([], description="a list of ids from faq/claims.yaml, as S01")
    related: list[str] = Field([], description=f"a list of at most {RELATED_AT_MOST} names of question files")

    @model_validator(mode="after")
    def _whole(self) -> Question:
        if self.evidence == "opinion" and not self.view:
            raise _wrong("an opinion without `view`", "say whose it is")
        if len(self.related) > RELATED_AT_MOST:
            raise _wrong(f"{len(self.related)} related questions", f"keep the {RELATED_AT_MOST} that lead on best")
        return self


class Talk(Content):
    """A row of ``seminar/talks.yaml``."""

    id: str = Field(pattern=r"^[a-z0-9-]+$", description="a permanent name: lower-case letters, digits and hyphens")
    seminar: Literal["abstraction", "slt"] = Field(description="abstraction or slt")
    date: Day | None = Field(None, description="the day it was held, as 2022-09-29")
    announced: bool = Field(False, description="true for a talk that was announced and that no record says was held")
    speakers: list[str] = Field([], description="a list of names, as printed")
    title: str = Field(description="the title, as printed")
    video: VideoAddress | None = Field(None, description="the address of the recording")
    notes: WebAddress | None = Field(None, description="the address of the speaker's notes")
    paper: WebAddress | None = Field(None, description="the address of the paper it is about")
    also: str | None = Field(None, description="the id of the same talk in the other seminar")
    about: str = Field(description="one line on what it bears on")
    note: str | None = Field(None, description="a remark on the record")
    terms: list[str] = Field([], description="a list of glossary terms it bears on")
    questions: list[str] = Field([], description="a list of names of question files it bears on")

    @model_validator(mode="after")
    def _dated(self) -> Talk:
        if self.date is None and not self.announced:
            raise _wrong(f"talk “{self.id}” has no date", "add `date`, or `announced: true` if no record says it was held")
        return self


class Claim(Content):
    """A row of ``faq/claims.yaml``: one claim of the original answer, restated, and what became of it."""

    id: str = Field(pattern=r"^S\d\d$", description="S and two digits")
    claim: str = Field(description="the claim restated in a sentence")
    view: str = Field(description="whose claim it is")
    now: str | None = Field(None, description="what has happened since, in Markdown, with its citations")
    verdict: Annotated[str, AfterValidator(_verdict)] | None = Field(None, description=f"one of {', '.join(VERDICTS)}")


#: A paragraph in pieces that can be kept and drawn anywhere: ("text" | "math" | "emphasis" | "strong", its text or TeX).
Pieces = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entry:
    """A glossary entry: its names (canonical first, then synonyms), where it stands, and what it says."""

    names: tuple[str, ...]
    docname: str
    line: int
    #: The first paragraph, which is the definition.
    definition: Pieces = ()
    #: Sphinx's own anchors, one a name.
    anchors: tuple[str, ...] = ()
    #: The terms (lower case) that the entry refers to, those of its first paragraph, and those it calls nearly the same.
    uses: tuple[str, ...] = ()
    defined_by: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    #: The keys of the works it cites.
    sources: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The tool-proof name: lower-case letters, digits and hyphens."""
        return tool_proof(self.names[0])

    @property
    def area(self) -> str:
        """The name of its page: geometry, physics, …"""
        return slug_of(self.docname)


@dataclass(frozen=True)
class Page:
    """A question page: its front matter, the line of each front-matter key, its title and the anchor of that."""

    question: Question
    lines: dict[str, int] = field(default_factory=dict)
    title: str = ""
    anchor: str = ""


#: Letters that do not come apart into a plain letter and a mark.
PLAIN = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d"})


@cache
def tool_proof(name: str) -> str:
    """``Cramér-Rao bound`` → ``cramer-rao-bound``: a name every linking tool can carry."""
    letters = unicodedata.normalize("NFKD", name.lower().translate(PLAIN))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in letters if not unicodedata.combining(c))).strip("-")


# -- Paragraphs in pieces ------------------------------------------------------------------------


def pieces(node: nodes.Element) -> Pieces:
    """What a paragraph says, without its links."""
    return tuple(_pieces(node))


def _pieces(node: nodes.Element) -> Iterator[tuple[str, str]]:
    for child in node.children:
        if isinstance(child, nodes.math):
            yield "math", child.astext()
        elif isinstance(child, (nodes.emphasis, nodes.strong)):
            yield child.tagname, child.astext()
        elif isinstance(child, nodes.Text):
            yield "text", " ".join(f"<{child}>".split())[1:-1]  # a line break is a space
        elif isinstance(child, nodes.Element):
            yield from _pieces(child)


def paragraph(parts: Pieces) -> nodes.paragraph:
    """The paragraph again, to be drawn."""
    kinds = {"text": nodes.Text, "math": lambda tex: nodes.math(tex, tex), "emphasis": lambda t: nodes.emphasis("", t), "strong": lambda t: nodes.strong("", t)}
    return nodes.paragraph("", "", *(kinds[kind](text) for kind, text in parts))


# -- YAML with line numbers ----------------------------------------------------------------------

Lines = dict[tuple[str | int, ...], int]
SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, where PyYAML was built with it


def located_yaml(text: str, first_line: int = 1) -> tuple[Any, Lines]:
    """Load YAML and tell on which line each key and item begins; ``yaml.YAMLError`` if it is malformed."""
    loader = SafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return None, {}
        lines = dict(_walk(root, (), first_line))
        return loader.construct_document(root), lines
    finally:
        loader.dispose()


def _walk(node: yaml.Node, path: tuple[str | int, ...], first_line: int) -> Iterator[tuple[tuple[str | int, ...], int]]:
    yield path, node.start_mark.line + first_line
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _walk(value, (*path, key.value), first_line)
            yield (*path, key.value), key.start_mark.line + first_line
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _walk(item, (*path, number), first_line)


T = TypeVar("T", bound=Content)


def build(kind: type[T], data: Any, lines: Lines, path: tuple[str | int, ...], where: Any) -> T | None:
    """Make a ``kind`` of ``data``, or report each thing that is wrong with it, at its line, and return ``None``.

    ``where(line)`` turns a line number into a location for :func:`report`.
    """
    try:
        return kind.model_validate(data)
    except ValidationError as errors:
        for error in errors.errors(include_url=False):
            what, cure = _explain(kind, error)
            place = path + tuple(error["loc"])
            while place not in lines:
                place = place[:-1]
            report(where(lines[place]), what, cure)
        return None


def _explain(kind: type[Content], error: Any) -> tuple[str, str]:
    key = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "content":
        return error["ctx"]["what"], error["ctx"]["cure"]
    if error["type"] == "extra_forbidden":
        near = get_close_matches(key, kind.model_fields, n=1)
        return f"unknown key `{key}`", f"did you mean `{near[0]}`?" if near else f"use {', '.join(kind.model_fields)}"
    if error["type"] == "missing":
        return f"`{key}` is missing", f"add it: {kind.model_fields[key].description}"
    if key in kind.model_fields:
        return f"`{key}` cannot be {error['input']!r}", f"it must be {kind.model_fields[key].description}"
    return f"{error['input']!r} is not a list of keys and values", f"write {', '.join(kind.model_fields)}"


def read_rows(path: Path, kind: type[T], source_dir: Path) -> list[tuple[T, int]]:
    """The rows of a YAML list, each with its line; what is wrong with a row is reported and the row left out."""

    def where(line: int) -> str:
        return f"{path.relative_to(source_dir).as_posix()}:{line}"

    if not path.exists():
        return []
    try:
        data, lines = located_yaml(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        line = error.problem_mark.line + 1 if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else 1
        report(where(line), f"malformed YAML ({getattr(error, 'problem', error)})", "check the indentation and the quotes")
        return []
    if not isinstance(data, list):
        report(where(1), "the file is not a list", "begin every row with “- ”")
        return []
    rows = [(build(kind, row, lines, (number,), where), lines[(number,)]) for number, row in enumerate(data)]
    return [(row, line) for row, line in rows if row is not None]


# -- Links drawn from data -----------------------------------------------------------------------


def link(label: str, *content: nodes.Node) -> addnodes.pending_xref:
    """A reference to a question, talk or other label, shown as its title unless it is given content."""
    return _reference("ref", label, content)


def term_link(name: str, *content: nodes.Node) -> addnodes.pending_xref:
    """A reference to a glossary entry."""
    return _reference("term", name, content)


def _reference(kind: str, target: str, content: tuple[nodes.Node, ...]) -> addnodes.pending_xref:
    inner = nodes.inline("", "", *(content or [nodes.Text(target)]))
    return addnodes.pending_xref(
        "", inner, refdomain="std", reftype=kind, reftarget=target, refexplicit=bool(content), drawn_from_data=True
    )


def joined(references: Iterable[nodes.Node]) -> list[nodes.Node]:
    """References in a row, with semicolons between."""
    return [node for reference in references for node in (nodes.Text("; "), reference)][1:]


def by_whom_when(talk: Talk) -> str:
    """“Ben Gerraty, 27 October 2022”."""
    return ", ".join([*talk.speakers, spoken(talk.date) if talk.date else "announced, no record that it was held"])


def spoken(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


# -- Content that opens --------------------------------------------------------------------------


class folded(nodes.General, nodes.Element):
    """Content below a ``summary`` that a reader opens, without a script."""


def visit_folded(translator: HTML5Translator, node: folded) -> None:
    translator.body.append(translator.starttag(node, "details") + f"<summary>{escape(node['summary'])}</summary>")


def depart_folded(translator: HTML5Translator, node: folded) -> None:
    translator.body.append("</details>\n")


def draw_unfolded(translator: Any, node: folded) -> None:
    """Where nothing can be opened, only the content stands."""


@lru_cache(maxsize=1)
def known_when_written(env: BuildEnvironment) -> dict[str, Entry]:
    """The names of all entries, for every page of a build: once its pages are being written they stay as they are."""
    return faq(env).names()


class DropUnknown(SphinxPostTransform):
    """Leaves the text of a link drawn from data that leads nowhere: what data name is checked where the data stand."""

    default_priority = 6  # after the lists are drawn, before references are resolved

    def run(self, **kwargs: Any) -> None:
        drawn = [node for node in self.document.findall(addnodes.pending_xref) if node.get("drawn_from_data")]
        labels, names = self.env.domains.standard_domain.labels, known_when_written(self.env) if drawn else {}
        for node in drawn:
            if node["reftarget"].lower() not in (names if node["reftype"] == "term" else labels):
                node.replace_self(node.children)


# -- Where the site keeps it ---------------------------------------------------------------------


class FaqDomain(Domain):
    """Holds the questions, entries, uses of terms, talks and claims of a build."""

    name = "faq"
    label = "FAQ"
    data_version = 1
    #: Everything here is per document, except what is read afresh at every start (talks, claims).
    initial_data: ClassVar[dict[str, Any]] = {
        "pages": {},  # docname -> Page
        "entries": {},  # docname -> list[Entry]
        "uses": {},  # docname -> list of the term names it refers to, lower case
        "listings": {},  # docname -> list of the options of each list of questions it holds
        "indexes": {},  # docname -> True, if it holds an A–Z index
        "drawn": {},  # (docname, what) -> digest of what was drawn there when it was last written
        "talks": [],  # list of (Talk, line)
        "questions_with_changed_talks": set(),  # names of questions, since the last build
        "claims": {},  # id -> Claim
    }
    _per_document = ("pages", "entries", "uses", "listings", "indexes")

    def clear_doc(self, docname: str) -> None:
        for part in self._per_document:
            self.data[part].pop(docname, None)

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        for part in self._per_document:
            self.data[part] |= {d: v for d, v in otherdata[part].items() if d in set(docnames)}

    @property
    def pages(self) -> dict[str, Page]:
        return self.data["pages"]

    @property
    def talks(self) -> list[Talk]:
        return [talk for talk, _ in self.data["talks"]]

    @property
    def claims(self) -> dict[str, Claim]:
        return self.data["claims"]

    def entries(self) -> list[Entry]:
        """Every glossary entry, in alphabetical order of its canonical name."""
        return sorted((e for es in self.data["entries"].values() for e in es), key=lambda e: e.names[0].lower())

    def slugs(self) -> dict[str, str]:
        """The name of each question's file -> its docname."""
        return {slug_of(docname): docname for docname in sorted(self.pages)}

    def names(self) -> dict[str, Entry]:
        """Every name of every glossary entry, lower case -> the entry."""
        return {name.lower(): entry for entries in self.data["entries"].values() for entry in entries for name in entry.names}


def faq(env: BuildEnvironment) -> FaqDomain:
    domain = env.get_domain("faq")
    assert isinstance(domain, FaqDomain)
    return domain


def slug_of(docname: str) -> str:
    return docname.rpartition("/")[2]


def is_question(docname: str) -> bool:
    """Every page of a theme's folder is a question, but for the page that introduces the theme."""
    folders = docname.split("/")
    return len(folders) == 3 and folders[0] == "faq" and folders[2] != "index"


def redraw(env: BuildEnvironment, docname: str, what: str, drawn: object) -> bool:
    """Whether something drawn on a page changed since it was last written; ``drawn`` is all that it shows."""
    known, now = faq(env).data["drawn"], digest(drawn)
    changed = known.get((docname, what)) != now
    known[docname, what] = now
    return changed


def digest(content: object) -> str:
    """The same for the same content, in every build."""
    return hashlib.sha256(repr(content).encode()).hexdigest()


def as_written(app: Sphinx, name: str, content: object, *, note: bool = False) -> bool:
    """Whether a file of the site was last written from the same content by the same code; ``note`` that it is now."""
    modules = [module.read_bytes() for module in sorted(Path(__file__).parent.glob("*.py"))]
    now = digest((app.config.html_baseurl, app.config.project, content, modules))
    known = Path(app.doctreedir) / f"{name}.sha256"
    if note:
        known.write_text(now, encoding="ascii")
    return known.exists() and known.read_text(encoding="ascii") == now and (Path(app.outdir) / name).exists()


def _read_claims(app: Sphinx) -> None:
    rows = read_rows(app.srcdir / "faq" / "claims.yaml", Claim, app.srcdir)
    faq(app.env).data["claims"] = {claim.id: claim for claim, _ in rows}


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_domain(FaqDomain)
    app.connect("builder-inited", _read_claims)
    app.add_post_transform(DropUnknown)
    app.add_node(folded, html=(visit_folded, depart_folded), **dict.fromkeys(("latex", "text", "man", "texinfo"), (draw_unfolded, draw_unfolded)))
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
