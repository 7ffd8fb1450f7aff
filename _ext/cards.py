"""Cards: what a term means, shown where it is used.

A page carries, hidden, the definition of every term that it links to and that stands on another page, as
``<div data-for="term-…">``; ``_static/cards.js`` shows it beside the link. ``data-for`` lists
the anchors that the page links to, so a link finds its card by exact id. Nothing is asked of the
network, and without JavaScript a link is just a link.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes

from content_model import digest, faq, paragraph, redraw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from content_model import Entry
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata


class Cards:
    """The cards of one build, each drawn once a process."""

    def __init__(self, builder: StandaloneHTMLBuilder) -> None:
        self.builder = builder
        self.entries = {anchor: entry for entry in faq(builder.env).entries() for anchor in entry.anchors}
        self.drawn: dict[str, str] = {}

    def below(self, docname: str, doctree: nodes.document) -> str:
        """The cards of a page, in the order of their first use."""
        if docname in faq(self.builder.env).data["indexes"]:
            return ""  # the A–Z index links to everything
        anchors = dict.fromkeys(node["refuri"].rpartition("#")[2] for node in links_to_terms(doctree) if "refuri" in node)
        entries = {entry.id: entry for anchor in anchors if (entry := self.entries.get(anchor)) and entry.docname != docname}
        cards = "".join(
            f'<div data-for="{" ".join(anchor for anchor in entry.anchors if anchor in anchors)}">{self.content(entry)}</div>'
            for entry in entries.values()
        )
        return f'<div class="term-cards" hidden>{cards}</div>' if cards else ""

    def content(self, entry: Entry) -> str:
        if entry.id not in self.drawn:
            text = light(self.builder.render_partial(paragraph(entry.definition))["fragment"].strip())
            self.drawn[entry.id] = f"<strong>{escape(entry.names[0])}</strong>{text}"
        return self.drawn[entry.id]


def light(html: str) -> str:
    """Formulas without the TeX that goes along for copying and the namespace that e-books need: a card stands on many pages."""
    html = re.sub(r"<annotation.*?</annotation>|</?semantics>", "", html, flags=re.DOTALL)
    return html.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")


def links_to_terms(doctree: nodes.document) -> Iterator[nodes.reference]:
    return filter(wants_a_card, doctree.findall(nodes.reference))


def wants_a_card(node: nodes.reference) -> bool:
    """A link to a term in running text, not in a list of links."""
    if not (node.children and isinstance(node[0], nodes.Element)):
        return False
    around = [*node.parent["classes"], *(node.parent.parent["classes"] if node.parent.parent else [])]
    return "std-term" in node[0]["classes"] and "discussed-in" not in around


def add_cards(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is None or app.builder.name not in ("html", "dirhtml") or next(links_to_terms(doctree), None) is None:
        return
    app.add_js_file("cards.js", loading_method="defer")
    if not hasattr(app.builder, "cards"):
        app.builder.cards = Cards(app.builder)
    context["body"] += app.builder.cards.below(pagename, doctree)


def find_redrawn(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """A page is written again when the definition of a term that it uses has changed."""
    domain = faq(env)
    shown = {name: digest((entry.names, entry.anchors, entry.definition)) for name, entry in domain.names().items()}
    return [
        docname
        for docname, used in domain.data["uses"].items()
        if redraw(env, docname, "cards", sorted({shown[name] for name in used if name in shown}))
    ]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("content_model")
    app.connect("html-page-context", add_cards)
    app.connect("env-updated", find_redrawn)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
