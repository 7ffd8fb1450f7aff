"""Pages that do not move while they arrive: the first paint waits until the article is whole.

A browser paints what it has, and lays a table out again with every row that comes: over a slow connection the words below it, and those
inside, move. An article is a tenth of a second's worth of bytes, so a browser that knows ``rel="expect"`` is asked to wait for its end;
the others do as they always did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

END = "whole"


def wait_for_the_end(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is None or app.builder.name not in ("html", "dirhtml"):
        return
    context["metatags"] += f'<link rel="expect" href="#{END}" blocking="render">\n'
    context["body"] += f'<span id="{END}"></span>'


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", wait_for_the_end, priority=900)  # after the cards, the last part of an article
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
