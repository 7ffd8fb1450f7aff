"""Pictures that the site computes: the directive ``{drawing}`` and the role ``{drawn}``.

``{drawing} name`` shows what ``_figures/drawings/name.py`` draws, its body as the caption, with a text alternative and
the code that drew it one click away. ``{drawn}`name.key``` prints a number of that drawing. With ``:explorable:`` a
script of that name in ``_static/explorables/`` takes the picture's place where scripts run, once it comes into view.

What was drawn is kept in ``_build/drawings`` under a digest of the code that it depends on: an edit elsewhere draws nothing.
A drawing made from pages of the site says in a line ``READS = {"faq/*/*.md": r"^# .+"}`` what it looks for on which of them, and is
drawn again when that changes.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from functools import cache
from html import escape
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

from content_model import report, suggest

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

FOLDER = "_figures"
CACHE = "_build/drawings"
LIBRARIES = ("matplotlib", "numpy", "scipy")


class DrawingProblem(Exception):
    """A drawing cannot be had: what is wrong, and how to mend it."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what)
        self.cure = cure


def drawing(env: BuildEnvironment, name: str) -> dict[str, Any]:
    """A drawing's ``svg``, ``alt`` and ``values``; :class:`DrawingProblem` if there is none or it fails."""
    folder = Path(env.srcdir) / FOLDER / "drawings"
    known = [path.stem for path in folder.glob("[!_]*.py")]
    if name not in known:
        raise DrawingProblem(f"there is no drawing “{name}”", suggest(name, known))
    for path in sources(folder.parent, name):
        env.note_dependency(str(path))
    return drawn(folder.parent, name, Path(env.srcdir) / CACHE)


@cache
def drawn(folder: Path, name: str, kept: Path) -> dict[str, Any]:
    path = kept / f"{name}-{digest(folder, name)}.json"
    if not path.exists():
        try:
            made = import_module(f"{FOLDER}.drawings.{name}").draw()
        except Exception as error:
            raise DrawingProblem(f"the drawing “{name}” failed ({type(error).__name__}: {error})", f"mend {FOLDER}/drawings/{name}.py") from error
        kept.mkdir(parents=True, exist_ok=True)
        for outdated in kept.glob(f"{name}-*.json"):
            outdated.unlink(missing_ok=True)
        path.write_text(json.dumps({"svg": made.svg, "alt": made.alt, "values": made.values}, ensure_ascii=False), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def sources(folder: Path, name: str) -> list[Path]:
    """What a drawing depends on: its own module, the modules beside the drawings, and the pages that it says it reads."""
    return [*code(folder, name), *(path for pattern in reads(folder, name) for path in sorted(folder.parent.glob(pattern)))]


def code(folder: Path, name: str) -> list[Path]:
    return [folder / "drawings" / f"{name}.py", *sorted(folder.glob("*.py"))]


def reads(folder: Path, name: str) -> dict[str, str]:
    """Pages that a drawing is made from, by a pattern of their paths -> what it looks for on them, as a regular expression."""
    found = re.search(r"^READS = (.*)$", code(folder, name)[0].read_text(encoding="utf-8"), re.MULTILINE)
    return ast.literal_eval(found[1]) if found else {}


installed = cache(version)


def digest(folder: Path, name: str) -> str:
    found = hashlib.sha256("".join(map(installed, LIBRARIES)).encode())
    for path in code(folder, name):
        found.update(path.read_bytes())
    for pattern, wanted in reads(folder, name).items():
        for path in sorted(folder.parent.glob(pattern)):
            found.update(repr((path.name, re.findall(wanted, path.read_text(encoding="utf-8"), re.MULTILINE))).encode())
    return found.hexdigest()[:16]


class ShowDrawing(SphinxDirective):
    """``{drawing} name``: the picture, its caption and its code."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"explorable": directives.flag}

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        try:
            made = drawing(self.env, name)
        except DrawingProblem as problem:
            report(self.get_location(), str(problem), problem.cure)
            return []
        label = nodes.make_id(f"drawing-{name}")
        picture = nodes.raw("", self.inline(name, made), format="html")
        figure = nodes.figure("", picture, ids=[label], classes=["drawing"])
        if self.content:
            figure += nodes.caption("", "", *self.caption())
        figure += nodes.legend("", self.code(name))
        standard = self.env.domains.standard_domain
        standard.labels[label] = (self.env.docname, label, made["alt"].partition(".")[0])
        standard.anonlabels[label] = (self.env.docname, label)
        return [figure]

    def inline(self, name: str, made: dict[str, Any]) -> str:
        """The SVG, named by its text alternative, with ids that no other drawing of the page has."""
        svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", made["svg"])
        svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(made["alt"])}" ', 1)
        explorable = f' data-explorable="{name}"' if "explorable" in self.options else ""
        return f'<div class="picture"{explorable}>{svg}</div>'

    def caption(self) -> list[nodes.Node]:
        (paragraph, *_) = self.parse_content_to_nodes()
        return paragraph.children

    def code(self, name: str) -> nodes.paragraph:
        """A link to the module that drew it, of which the site holds a copy."""
        target = f"/{FOLDER}/drawings/{name}.py"
        words = addnodes.download_reference("", "", nodes.inline("", "The code that drew it"), reftarget=target, refdoc=self.env.docname)
        return nodes.paragraph("", "", words, classes=["drawing-code"])


class Drawn(SphinxRole):
    """``{drawn}`name.key```: a number as a drawing computed it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name, _, key = self.text.partition(".")
        try:
            values = drawing(self.env, name)["values"]
            if key not in values:
                raise DrawingProblem(f"the drawing “{name}” has no value “{key}”", suggest(key, values))
        except DrawingProblem as problem:
            report(self.get_location(), str(problem), problem.cure)
            return [], []
        return [nodes.Text(values[key])], []


def add_scripts(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Only a page with something to explore loads the script for it, after the one that all of them share, and when a reader sees it."""
    names = re.findall(r'data-explorable="([\w-]+)"', context.get("body", "")) if doctree is not None else []
    if names:
        scripts = " ".join(f"{name}.js?v={version_of(app, name)}" for name in dict.fromkeys(["common", *names]))
        app.add_js_file("explorables/when-seen.js", loading_method="defer", **{"data-scripts": scripts})


def version_of(app: Sphinx, name: str) -> str:
    """Something in a script's address that changes when it does, so that browsers ask for the new one."""
    return hashlib.sha256((app.srcdir / "_static" / "explorables" / f"{name}.js").read_bytes()).hexdigest()[:8]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("content_model")
    app.add_directive("drawing", ShowDrawing)
    app.add_role("drawn", Drawn())
    app.connect("html-page-context", add_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
