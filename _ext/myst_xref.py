"""What mystmd and Jupyter Book 2 need to link here: ``myst.xref.json``, and ``myst/<page>.json`` for their previews.

These tools cannot use an inventory name that holds a space, and lower-case the anchor they link to. So the labels
of the inventory, which are tool-proof, are listed in their own format, each with its words: the definition of a
term, the short answer of a question, what a talk is about.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from content_model import as_written, by_whom_when, faq, paragraph, slug_of, tool_proof

if TYPE_CHECKING:
    from content_model import Entry, Pieces
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

#: The versions of the two formats, and of the mystmd whose output was the model.
XREF_VERSION, PAGE_VERSION, MYST = "1", 3, "1.11.0"
SPHINX_MADE = {"genindex", "modindex", "py-modindex", "search"}

Node = dict[str, Any]


def references(app: Sphinx) -> list[Node]:
    """Every page and every label, in the order of their names."""
    env = app.env
    pages = [{"kind": "page", "url": url(app, docname), "data": data_url(docname)} for docname in sorted(env.found_docs)]
    labels = env.domains.standard_domain.labels
    return pages + [label(app, name, *labels[name][:2]) for name in sorted(labels) if name not in SPHINX_MADE]


def label(app: Sphinx, name: str, docname: str, anchor: str) -> Node:
    page = faq(app.env).pages.get(docname)
    anchor = anchor or (page.anchor if page else "")
    html_id = {"html_id": anchor} if anchor and anchor != name else {}
    return {"identifier": name, **html_id, "kind": "heading", "url": url(app, docname), "data": data_url(docname)}


def url(app: Sphinx, docname: str) -> str:
    return "/" + app.builder.get_target_uri(docname)


def data_url(docname: str) -> str:
    return f"/myst/{docname.replace('/', '.')}.json"


# -- What stands at a label ----------------------------------------------------------------------


def targets(env: BuildEnvironment, app: Sphinx) -> dict[str, list[Node]]:
    """docname -> what its labels stand for, as nodes of MyST's syntax tree."""
    domain = faq(env)
    found: dict[str, list[Node]] = defaultdict(list)
    for entry in domain.entries():
        found[entry.docname].append(definitions(app, entry))
    for docname, page in domain.pages.items():
        found[docname] += titled(slug_of(docname), page.title, page.question.short)
    labels = env.domains.standard_domain.labels
    for talk in domain.talks:
        if (name := f"talk-{talk.id}") in labels:
            found[labels[name][0]] += titled(name, talk.title, f"{by_whom_when(talk)}. {talk.about}")
    told = {node.get("identifier") for children in found.values() for node in children}
    for name, (docname, _, title) in sorted(labels.items()):
        if name not in told and name not in SPHINX_MADE and docname not in domain.data["entries"]:
            found[docname] += titled(name, title, "")
    return found


def definitions(app: Sphinx, entry: Entry) -> Node:
    """A definition list in which every name of an entry has the definition."""
    words = {"type": "definitionDescription", "children": [{"type": "paragraph", "children": inline(app, entry.definition)}]}
    children = []
    for name in {tool_proof(name): name for name in reversed(entry.names)}.values():
        children += [{"type": "definitionTerm", "identifier": tool_proof(name), "label": tool_proof(name), "children": [text(name)]}, words]
    return {"type": "definitionList", "children": children}


def titled(name: str, title: str, words: str) -> list[Node]:
    heading = {"type": "heading", "depth": 2, "identifier": name, "label": name, "children": [text(title)]}
    return [heading, {"type": "paragraph", "children": [text(words)]}] if words else [heading]


def inline(app: Sphinx, parts: Pieces) -> list[Node]:
    return [maths(app, content) if kind == "math" else text(content) if kind == "text" else {"type": kind, "children": [text(content)]} for kind, content in parts]


def maths(app: Sphinx, tex: str) -> Node:
    html = app.builder.render_partial(paragraph((("math", tex),)))["fragment"]
    return {"type": "inlineMath", "value": tex, "html": html.strip().removeprefix("<p>").removesuffix("</p>")}


def text(value: str) -> Node:
    return {"type": "text", "value": value}


# -- Writing -------------------------------------------------------------------------------------


def write(app: Sphinx) -> None:
    if app.builder.name not in ("html", "dirhtml"):
        return
    domain, titles = faq(app.env), {docname: title.astext() for docname, title in app.env.titles.items()}
    content = (domain.entries(), sorted(domain.pages.items()), domain.talks, sorted(app.env.domains.standard_domain.labels.items()), sorted(titles.items()))
    if as_written(app, "myst.xref.json", content):
        return
    written = {"myst.xref.json": {"version": XREF_VERSION, "myst": MYST, "references": references(app)}}
    stands = targets(app.env, app)
    for docname in app.env.found_docs:
        tree = {"type": "root", "children": stands.get(docname, [])}
        page = {"version": PAGE_VERSION, "kind": "Article", "slug": slug_of(docname), "frontmatter": {"title": titles.get(docname, "")}, "mdast": tree}
        written[data_url(docname).lstrip("/")] = page
    for name, tree in written.items():
        path = Path(app.outdir) / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(tree, ensure_ascii=False) + "\n", encoding="utf-8")
    as_written(app, "myst.xref.json", content, note=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("content_model")
    app.setup_extension("all_cores")
    app.connect("while-writing", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
