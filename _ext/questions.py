"""Question pages: reads and checks their front matter, draws their header and footer, lists them.

A page ``faq/<theme>/<slug>.md`` can be referred to as ``{ref}`slug```. The directive ``{questions}``
lists the questions of the folder it stands in (and makes them its table of contents); with
``:evidence:`` all those of one grade; with ``:only:`` those named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from content_model import (
    EVIDENCE,
    LEVELS,
    Page,
    Question,
    build,
    by_whom_when,
    faq,
    is_question,
    link,
    located_yaml,
    redraw,
    report,
    slug_of,
    spoken,
    suggest,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)


# -- Reading -------------------------------------------------------------------------------------


def read_front_matter(app: Sphinx, docname: str, source: list[str]) -> None:
    """Check a question's front matter before anything else is made of the page."""
    if not is_question(docname):
        return
    if not (found := FRONT_MATTER.match(source[0])):
        report((docname, 1), "the question has no front matter", "begin the file with a block between two lines of ---")
        return
    try:
        data, lines = located_yaml(found[1], first_line=2)
    except yaml.YAMLError:
        return  # MyST reports malformed YAML itself
    question = build(Question, data if isinstance(data, dict) else {}, lines | {(): 1}, (), lambda line: (docname, line))
    if question is not None:
        keys = {str(path[0]): line for path, line in lines.items() if len(path) == 1}
        faq(app.env).pages[docname] = Page(question, keys)


class QuestionPage(SphinxTransform):
    """Adds to a question page what its front matter says, and makes its name a target for links."""

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        page = faq(self.env).pages.get(self.env.docname)
        section = next(self.document.findall(nodes.section), None)
        if page is None:
            return
        if section is None:
            report((self.env.docname, 1), "the question has no title", "write it as the first heading, “# …?”")
            return
        title = section.next_node(nodes.title).astext()
        faq(self.env).pages[self.env.docname] = Page(page.question, page.lines, title, section["ids"][0])
        standard = self.env.domains.standard_domain
        slug = slug_of(self.env.docname)
        # The page itself is the target, so its address needs no fragment.
        standard.labels[slug] = (self.env.docname, "", title)
        standard.anonlabels[slug] = (self.env.docname, "")

        section[1:1] = [*self.meta(page.question), self.header(page.question)]
        section += self.footer(page.question, slug)

    def meta(self, question: Question) -> Iterator[nodes.Node]:
        """What search engines and this site's search read, and readers do not."""
        yield nodes.meta("", name="description", content=question.short)
        words = dict.fromkeys(word.lower() for phrase in question.asked_as for word in re.findall(r"\w+", phrase))
        if words:
            yield nodes.meta("", name="keywords", lang=self.config.language, content=",".join(words))

    def header(self, question: Question) -> nodes.Node:
        facts = nodes.paragraph("", classes=["question-facts"])
        facts += nodes.Text("Evidence: ")
        facts += badge(question.evidence)
        if question.view:
            facts += fact(f"View: {question.view}")
        facts += fact(f"Level: {LEVELS[question.level]}")
        facts += fact(f"Reviewed {spoken(question.reviewed)}")
        short = nodes.paragraph("", "", nodes.strong("", "Short answer. "), nodes.Text(question.short), classes=["short-answer"])
        return nodes.container("", short, facts, classes=["question-header", f"evidence-{question.evidence}"])

    def footer(self, question: Question, slug: str) -> Iterator[nodes.Node]:
        domain = faq(self.env)
        if question.related:
            yield listing("related-questions", "Related questions", [[link(name)] for name in question.related])
        if talks := [talk for talk in domain.talks if slug in talk.questions]:
            rows = [[link(f"talk-{talk.id}"), nodes.Text(f" ({by_whom_when(talk)})")] for talk in talks]
            yield listing("talks", "Seminar talks that bear on this", rows)
        if claims := [domain.claims[name] for name in question.claims if name in domain.claims]:
            rows = [
                [nodes.strong("", claim.id), nodes.Text(f" {claim.claim} "), nodes.emphasis("", f"({claim.view})")]
                for claim in claims
            ]
            yield listing("claims", "Claims of the original answer carried here", rows)


def fact(text: str) -> nodes.inline:
    return nodes.inline("", "", nodes.Text(" · "), nodes.inline("", text), classes=["fact"])


def badge(evidence: str) -> nodes.Node:
    """An evidence word, linked to its meaning."""
    meaning = link(f"evidence-{evidence}", nodes.Text(evidence))
    return nodes.inline("", "", meaning, classes=["evidence", f"evidence-{evidence}"])


def listing(name: str, title: str, rows: list[list[nodes.Node]]) -> nodes.section:
    items = [nodes.list_item("", nodes.paragraph("", "", *row)) for row in rows]
    return nodes.section("", nodes.title("", title), nodes.bullet_list("", *items), ids=[name], classes=["derived"])


# -- Listing -------------------------------------------------------------------------------------


class question_list(nodes.General, nodes.Element):
    """Stands for a list of questions until all of them are known."""


class Questions(SphinxDirective):
    """``{questions}``: the questions of this folder, those named by ``:first:`` first; or those chosen by an option."""

    option_spec: ClassVar[dict[str, Any]] = {
        "first": lambda argument: argument.split(),
        "only": lambda argument: argument.split(),
        "evidence": lambda argument: directives.choice(argument, list(EVIDENCE)),
    }

    def run(self) -> list[nodes.Node]:
        faq(self.env).data["listings"].setdefault(self.env.docname, []).append(self.options)
        placeholder = question_list("", **self.options)
        if "evidence" in self.options or "only" in self.options:
            return [placeholder]
        return [placeholder, self.contents()]

    def contents(self) -> nodes.Node:
        docnames = in_order(questions_below(self.env, self.env.docname), self.options.get("first", []))
        for name in self.options.get("first", []):
            if name not in map(slug_of, docnames):
                report(self.get_location(), f"no question of this folder is called “{name}”", suggest(name, map(slug_of, docnames)))
        tree = addnodes.toctree(
            parent=self.env.docname,
            entries=[(None, docname) for docname in docnames],
            includefiles=docnames,
            maxdepth=1,
            caption=None,
            glob=False,
            hidden=True,
            includehidden=False,
            numbered=0,
            titlesonly=True,
        )
        self.set_source_info(tree)
        return nodes.compound("", tree, classes=["toctree-wrapper"])


def questions_below(env: BuildEnvironment, index: str) -> list[str]:
    return by_folder(env).get(index.rpartition("/")[0], [])


def by_folder(env: BuildEnvironment) -> dict[str, list[str]]:
    """The questions in each theme's folder."""
    folders: dict[str, list[str]] = {}
    for docname in sorted(filter(is_question, env.found_docs)):
        folders.setdefault(docname.rpartition("/")[0], []).append(docname)
    return folders


def in_order(docnames: list[str], first: list[str]) -> list[str]:
    rank = {name: number for number, name in enumerate(first)}
    return sorted(docnames, key=lambda docname: (rank.get(slug_of(docname), len(rank)), docname))


def listed(env: BuildEnvironment, below: list[str], options: dict[str, Any]) -> list[tuple[str, Page]]:
    """The questions that a ``{questions}`` shows, each with its name; ``below`` are those in the folder of its page."""
    pages = faq(env).pages
    if only := options.get("only"):
        slugs = faq(env).slugs()
        docnames = [slugs[name] for name in only if name in slugs]
    elif evidence := options.get("evidence"):
        docnames = sorted(d for d, page in pages.items() if page.question.evidence == evidence)
    else:
        docnames = in_order(below, options.get("first", []))
    return [(slug_of(d), pages[d]) for d in docnames if d in pages]


class DrawLists(SphinxPostTransform):
    """Puts the questions where a list of them stands, before references are resolved."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(question_list)):
            rows = listed(self.env, questions_below(self.env, self.env.docname), node.attributes)
            items = [self.item(name, page) for name, page in rows]
            if items:
                classes = ["question-list", *["question-chosen"] * bool(node.get("only"))]
                node.replace_self(nodes.bullet_list("", *items, classes=classes))
            else:
                node.replace_self(nodes.paragraph("", "", nodes.emphasis("", "No question carries this grade yet.")))

    def item(self, name: str, page: Page) -> nodes.list_item:
        question = page.question
        heading = nodes.paragraph("", "", link(name), nodes.Text(" "), badge(question.evidence))
        return nodes.list_item("", heading, nodes.paragraph("", question.short))


# -- Keeping pages right when others change --------------------------------------------------------


def find_outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """A theme's page is read again when a question joins or leaves its folder."""
    folders = {docname.rpartition("/")[0] for docname in added | removed if is_question(docname)}
    return [f"{folder}/index" for folder in folders if f"{folder}/index" in env.found_docs]


def find_redrawn(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """A page is written again when a question that it lists or names has changed its header."""
    domain = faq(env)
    titles = {name: domain.pages[docname].title for name, docname in domain.slugs().items()}
    folders = by_folder(env)
    redrawn = []
    for docname, lists in domain.data["listings"].items():
        below = folders.get(docname.rpartition("/")[0], [])
        if redraw(env, docname, "lists", [listed(env, below, options) for options in lists]):
            redrawn.append(docname)
    for docname, page in domain.pages.items():
        if redraw(env, docname, "related", [titles.get(name) for name in page.question.related]):
            redrawn.append(docname)
    return redrawn


def check(app: Sphinx, env: BuildEnvironment) -> None:
    domain = faq(env)
    slugs = domain.slugs()
    for docname, lists in sorted(domain.data["listings"].items()):
        for name in (name for options in lists for name in options.get("only", []) if name not in slugs):
            report((docname, None), f"{{questions}} names an unknown question “{name}”", suggest(name, slugs))
    for docname, page in sorted(domain.pages.items()):
        if slugs[slug := slug_of(docname)] != docname:
            report((docname, 1), f"another question is called “{slug}” ({slugs[slug]})", "rename one of the two files")
        lines, question = page.lines, page.question
        for name in question.related:
            if name not in slugs:
                report((docname, lines["related"]), f"unknown related question “{name}”", suggest(name, slugs))
        for name in question.claims:
            if name not in domain.claims:
                report((docname, lines["claims"]), f"unknown claim “{name}”", suggest(name, domain.claims))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("content_model")
    app.add_node(question_list)
    app.add_directive("questions", Questions)
    app.add_transform(QuestionPage)
    app.add_post_transform(DrawLists)
    app.connect("source-read", read_front_matter)
    app.connect("env-get-outdated", find_outdated)
    app.connect("env-updated", find_redrawn)
    app.connect("env-check-consistency", check)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
