"""The maths font: one that has the tables MathML needs, cut down to the glyphs that this site's formulas show.

The subset is written into a style sheet, ``_static/math.css``, which pages with formulas load. Browsers wait for
style sheets before they show a page, so nothing moves when the font arrives, which it would for a font of its own file.
The style sheet is kept beside the doctrees until the characters change. The font's licence, the SIL Open Font
License, stands beside it in ``_static/``.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import unicodedata
from base64 import b64encode
from functools import cache
from io import BytesIO
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fontTools.ttLib import TTFont, TTLibError
from content_model import report

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

FILE = "_static/math.css"
#: Primes and the star are drawn raised in the font already; without their special forms superscripts would raise them twice.
RAISED = "′″‴‵*∗"
RULE = """\
/* STIX Two Math, cut down to the glyphs in use; licence: math-font-LICENSE.txt */
@font-face {{
  font-family: "STIX Two Math";
  src: url("data:font/woff2;base64,{data}") format("woff2");
  font-display: swap;
}}
"""
#: Browsers unpack a font when a letter first needs it, a frame too late; where scripts run, they are asked to do it at once.
UNPACK = """<script>document.fonts.load('1em "STIX Two Math"')</script>"""
logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of every table


class FontProblem(Exception):
    """The maths font cannot be used: what is wrong, and how to mend it."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what)
        self.cure = cure


def font_path(app: Sphinx) -> Path:
    """The file of the whole font, named in ``math_font`` as ``package:path`` or as a path; may raise :class:`FontProblem`."""
    package, _, inside = app.config.math_font.rpartition(":")
    if not package:
        return app.srcdir / inside
    if (spec := find_spec(package)) is None or spec.origin is None:  # found without being imported
        raise FontProblem(f"the package of math_font, “{package}”, is not installed", "run make clean, then make again")
    return Path(spec.origin).parent / inside


@cache
def glyphs(path: Path) -> frozenset[int]:
    """The code points that a font can draw; :class:`FontProblem` if it is not a maths font."""
    try:
        with TTFont(path, lazy=True) as font:
            if "MATH" in font:
                return frozenset(font.getBestCmap())
    except (OSError, TTLibError) as error:
        raise FontProblem(f"the maths font {path.name} cannot be read ({error})", "correct math_font, or run make clean, then make again") from error
    raise FontProblem(f"{path.name} has no MATH table", "name a maths font in math_font")


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """The font can be read, and every character of every formula is in it."""
    try:
        known = glyphs(font_path(app))
    except FontProblem as problem:
        lines = (app.confdir / "conf.py").read_text(encoding="utf-8").splitlines()
        line = next((number for number, text in enumerate(lines, 1) if text.startswith("math_font")), 1)
        report(f"conf.py:{line}", str(problem), problem.cure)
        return
    missing = {character for character in set().union(*env.math_characters.values()) if is_visible(character) and ord(character) not in known}
    for docname, characters in sorted(env.math_characters.items()) if missing else ():
        for character, line in sorted(characters.items()):
            if character in missing:
                name = unicodedata.name(character, "unnamed")
                report((docname, line), f"the maths font has no “{character}” (U+{ord(character):04X}, {name})", "write the formula with another symbol")


def is_visible(character: str) -> bool:
    """Not a space, an invisible operator or a variation selector."""
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Mn")


def write_style_sheet(app: Sphinx) -> None:
    if app.builder.name not in ("html", "dirhtml"):
        return
    try:
        path = font_path(app)
        glyphs(path)
    except FontProblem:
        return  # reported by the check
    text = "".join(sorted({c for characters in app.env.math_characters.values() for c in characters if not c.isspace()}))
    digest = hashlib.sha256(path.read_bytes() + text.encode()).hexdigest()[:16]
    kept = Path(app.doctreedir) / f"math-{digest}.css"
    if not kept.exists():
        for outdated in kept.parent.glob("math-*.css"):
            outdated.unlink()
        kept.write_text(RULE.format(data=b64encode(cut(path, text)).decode()), encoding="ascii")
    (app.outdir / FILE).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept, app.outdir / FILE)


def cut(path: Path, text: str) -> bytes:
    """The font with the glyphs of a text only, as WOFF2: the same bytes for the same font and text."""
    from fontTools import subset  # takes a fifth of a second, which most builds can spare

    options = subset.Options(
        flavor="woff2",
        layout_features=["ssty", "ccmp"],  # forms for superscripts; characters with variation selectors
        hinting=False,  # a quarter of the size, and of no use on today's screens
        name_IDs=[0, 1, 2, 13, 14],  # name, copyright and licence stay in the font
        notdef_outline=True,
    )
    font = subset.load_font(path, options)
    keep_script_forms_of(font, RAISED)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    target = BytesIO()
    subset.save_font(font, target, options)
    return target.getvalue()


def keep_script_forms_of(font: TTFont, characters: str) -> None:
    """Of the special forms for superscripts only those of some characters: all of them would double the font."""
    glyphs = {font.getBestCmap().get(ord(character)) for character in characters}
    table = font["GSUB"].table
    indices = {index for record in table.FeatureList.FeatureRecord if record.FeatureTag == "ssty" for index in record.Feature.LookupListIndex}
    for subtable in (subtable for index in indices for subtable in table.LookupList.Lookup[index].SubTable):
        subtable = getattr(subtable, "ExtSubTable", subtable)
        for kind in ("mapping", "alternates"):
            if (forms := getattr(subtable, kind, None)) is not None:
                setattr(subtable, kind, {glyph: form for glyph, form in forms.items() if glyph in glyphs})


def link(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Only a page with formulas loads the font."""
    if pagename in app.env.math_characters and app.builder.name in ("html", "dirhtml"):
        context["metatags"] += f'<link rel="stylesheet" type="text/css" href="{context["content_root"]}{FILE}">\n{UNPACK}\n'


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("math_font", "ziamath:fonts/STIXTwoMath-Regular.ttf", "env", types=[str])
    app.setup_extension("all_cores")
    app.connect("env-check-consistency", check)
    app.connect("while-writing", write_style_sheet)
    app.connect("html-page-context", link)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
