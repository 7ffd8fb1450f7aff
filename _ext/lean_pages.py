"""Leaves out of a page what it has no use for.

Where there is no code: the files for copy buttons and colours of code. The other ways to ask a question, which are there for this
site's search, and are in its index. Of formulas, the namespace, which a browser knows, and the TeX of one that is a letter as written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

ONLY_FOR_CODE = ("copybutton", "clipboard", "pygments")
KEYWORDS = re.compile(r'<meta [^>]*name="keywords"[^>]*>\n?')
NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'
WITH_TEX = re.compile(r'<semantics>(.*?)<annotation encoding="application/x-tex">([^<]*)</annotation></semantics>')


def without_plain_tex(formula: re.Match[str]) -> str:
    shown, tex = formula.groups()
    return shown if re.sub("<[^>]*>", "", shown) == re.sub(r"\s", "", tex) else formula[0]


def leave_out(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if app.builder.name not in ("html", "dirhtml"):
        return
    if 'class="highlight' not in context.get("body", ""):
        for kind in ("script_files", "css_files"):
            if kind in context:
                context[kind] = [file for file in context[kind] if not any(name in str(getattr(file, "filename", file)) for name in ONLY_FOR_CODE)]
    if doctree is not None:
        context["metatags"] = KEYWORDS.sub("", context["metatags"])
        context["body"] = WITH_TEX.sub(without_plain_tex, context["body"].replace(NAMESPACE, ""))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", leave_out, priority=900)  # after those that add them
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
