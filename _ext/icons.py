"""The theme's icons come once, in a style sheet, and not with every page.

Furo draws all its icons at the top of each page, a tenth of its weight, and shows one where it says
``<svg><use href="#svg-menu"/></svg>``. Here a browser that finds such an ``svg`` cuts it out of the colour of the text.
The icons are read from the installed theme; if it keeps them elsewhere one day, pages draw them as it likes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree

from jinja2 import DictLoader, TemplateNotFound

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

TEMPLATE = "partials/icons.html"
SVG = "{http://www.w3.org/2000/svg}"
FILE = "icons.css"
KEPT = " =:/?;,'()+.-"  # signs that an address in quotation marks may hold as they are
RULES = """\
svg:has(> use[href^="#svg-"]) { background: currentColor; -webkit-mask: var(--icon) center / contain no-repeat; mask: var(--icon) center / contain no-repeat; }
@media (forced-colors: active) { svg:has(> use[href^="#svg-"]) { forced-color-adjust: none; background: CanvasText; } }
"""


def move(app: Sphinx) -> None:
    if app.builder.name not in ("html", "dirhtml"):
        return
    templates = app.builder.templates
    try:
        drawn, _, _ = templates.get_source(templates.environment, TEMPLATE)
    except TemplateNotFound:
        return
    templates.loaders.insert(0, DictLoader({TEMPLATE: ""}))
    path = Path(app.outdir) / "_static" / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(style_sheet(templates.environment.from_string(drawn).render()), encoding="utf-8")
    app.add_css_file(FILE)


def style_sheet(drawn: str) -> str:
    """A rule for every ``symbol`` of an SVG, and those that hold for all."""
    icons = {symbol.get("id"): symbol.find(f"{SVG}svg") for symbol in ElementTree.fromstring(drawn).iter(f"{SVG}symbol")}
    return "".join(f'svg:has(> use[href="#{name}"]) {{ --icon: {address(icon)}; }}\n' for name, icon in icons.items() if icon is not None) + RULES


def address(icon: ElementTree.Element) -> str:
    """An SVG as an address that holds it."""
    icon.attrib.pop("class", None)
    for element in icon.iter():
        element.text = element.tail = None
    ElementTree.register_namespace("", SVG.strip("{}"))
    svg = ElementTree.tostring(icon, encoding="unicode").replace(" />", "/>").replace('"', "'")
    return f'url("data:image/svg+xml,{quote(svg, safe=KEPT)}")'


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("builder-inited", move)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
