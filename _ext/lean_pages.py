"""Leaves out of a page the files that it has no use for: copy buttons and colours of code, where there is no code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

ONLY_FOR_CODE = ("copybutton", "clipboard", "pygments")


def leave_out(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if 'class="highlight' in context.get("body", ""):
        return
    for kind in ("script_files", "css_files"):
        if kind in context:
            context[kind] = [file for file in context[kind] if not any(name in str(getattr(file, "filename", file)) for name in ONLY_FOR_CODE)]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", leave_out, priority=900)  # after those that add them
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
