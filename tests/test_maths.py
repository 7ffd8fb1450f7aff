"""Formulas of every kind are read at once: as MathML, in the site's own font, without JavaScript."""

from __future__ import annotations

import re
import shutil
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from conftest import PROJECT, Site, TinySite, serving
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, Page

GALLERY = PROJECT / "tests" / "maths" / "gallery.md"
PHONE = {"width": 390, "height": 844}


def font_of(site: Path) -> TTFont:
    """The font in the style sheet of a built site."""
    data = re.search(r"base64,([^\"]+)", (site / "_static" / "math.css").read_text(encoding="ascii"))[1]
    return TTFont(BytesIO(b64decode(data)))


def with_gallery(tiny: TinySite) -> TinySite:
    shutil.copy(GALLERY, tiny.folder)
    tiny.edit("index.md", "references\n", "references\ngallery\n")
    result = tiny.make()
    assert result.returncode == 0, result.stderr
    return tiny


@pytest.fixture(scope="module")
def gallery(good_tiny: TinySite, tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    own = TinySite.__new__(TinySite)
    own.folder = tmp_path_factory.mktemp("gallery") / "site"
    shutil.copytree(good_tiny.folder, own.folder)
    return with_gallery(own)


@pytest.fixture(params=[{"width": 1280, "height": 900}, PHONE], ids=["desktop", "phone"])
def page(browser: Browser, gallery: TinySite, request: pytest.FixtureRequest) -> Iterator[Page]:
    with serving(gallery.folder / "_build" / "html") as address:
        context = browser.new_context(viewport=request.param)
        page = context.new_page()
        page.goto(f"{address}gallery.html")
        page.wait_for_function("document.fonts.status === 'loaded'")
        yield page
        context.close()


def test_every_formula_becomes_mathml_and_keeps_its_tex(gallery: TinySite) -> None:
    source = GALLERY.read_text(encoding="utf-8")
    blocks = re.findall(r"^\$\$\n(.*?)\n\$\$", source, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"(?<!\$)\$([^$]+)\$(?!\$)", re.sub(r"^\$\$\n.*?\n\$\$", "", source, flags=re.MULTILINE | re.DOTALL))
    page = gallery.built().page("gallery.html").select_one("article")
    kept = [" ".join(tag.get_text().split()) for tag in page.select("math annotation[encoding='application/x-tex']")]
    assert len(page.select("math[display=block]")) == len(blocks)
    assert len(page.select("math")) == len(blocks) + len(inline)
    plain = {tag.get_text() for tag in page.select("math:not(:has(annotation))")}  # of which the TeX says no more
    assert plain
    for tex in blocks + inline:
        wanted = re.sub(r"(\\\\)\s*\[[^]]*\]", r"\1", tex)
        assert " ".join(wanted.split()) in kept or "".join(tex.split()) in plain


def test_row_space_in_cases_is_not_shown(gallery: TinySite) -> None:
    page = gallery.built().page("gallery.html")
    for annotation in page.select("annotation"):
        annotation.decompose()
    assert "4pt" not in page.select_one("article").get_text()


def test_equations_are_numbered_and_referred_to(gallery: TinySite) -> None:
    page = gallery.built().page("gallery.html")
    reference = page.select_one("a[href='#equation-zeta']")
    assert reference.get_text() == "(1)"
    assert page.find(id="equation-zeta").select_one(".eqno").get_text().startswith("(1)")


def test_macros_mean_the_same_everywhere(tiny: TinySite) -> None:
    with_gallery(tiny)
    assert tiny.make("latex").returncode == 0
    tex = next((tiny.folder / "_build" / "latex").glob("*.tex")).read_text(encoding="utf-8")
    assert r"\providecommand{\E}{\mathbb{E}}" in tex
    assert r"\E[X]" in tex, "the PDF has its maths as TeX"
    assert "𝔼" in tiny.built().page("gallery.html").get_text()


def test_font_has_every_glyph_that_is_drawn(page: Page) -> None:
    """Chromium draws no character of any formula in another font."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    fonts: dict[str, float] = {}
    for node in session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "math :is(mi, mn, mo, mtext)"})["nodeIds"]:
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            fonts[font["familyName"]] = fonts.get(font["familyName"], 0) + font["glyphCount"]
    assert set(fonts) == {"STIX Two Math"}, fonts
    assert fonts["STIX Two Math"] > 300


def test_font_has_the_parts_that_are_not_characters(gallery: TinySite) -> None:
    """Roots, tall integrals, growing brackets, and smaller letters in superscripts."""
    with font_of(gallery.folder / "_build" / "html") as font:
        names = font.getBestCmap()
        growing = set(font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs)
        features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert {names[ord(character)] for character in "√∫∑({["} <= growing
    assert "ssty" in features


def test_integrals_of_display_formulas_are_tall(page: Page) -> None:
    heights = page.evaluate(
        """() => [...document.querySelectorAll('math mo')].filter(mo => mo.textContent === '∫')
                 .map(mo => [mo.closest('math').getAttribute('display'), mo.getBoundingClientRect().height])"""
    )
    inline = [height for display, height in heights if display != "block"]
    display = [height for display, height in heights if display == "block"]
    assert inline and display
    assert min(display) > 1.3 * max(inline)


def test_wide_formulas_scroll_inside_themselves(page: Page) -> None:
    width = page.evaluate("window.innerWidth")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    scrolling = page.evaluate("[...document.querySelectorAll('.math-block')].filter(block => block.scrollWidth > block.clientWidth + 1).length")
    assert scrolling >= (3 if width == PHONE["width"] else 0)


def test_no_formula_is_cut_off(page: Page) -> None:
    """A display formula that scrolls sideways is whole from top to bottom."""
    cut = page.evaluate("[...document.querySelectorAll('.math-block')].filter(block => block.scrollHeight > block.clientHeight + 2).length")
    assert cut == 0


def test_real_pages_have_their_maths_in_the_font(site: Site) -> None:
    with font_of(site.folder) as font:
        assert len(font.getBestCmap()) > 120
        assert "STIX Fonts Project" in font["name"].getDebugName(0), "the copyright stays in the font"
    licence = (site.folder / "_static" / "math-font-LICENSE.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence


# -- Bad input -----------------------------------------------------------------------------------------


def test_a_glyph_that_the_font_lacks_is_named(tiny: TinySite) -> None:
    tiny.edit("faq/basics/what-is-it.md", r"\lambda \le d/2", r"\text{🦀} \le d/2")
    result = tiny.make()
    assert result.returncode != 0
    assert re.search(r"^faq/basics/what-is-it\.md:14: the maths font has no “🦀” \(U\+1F980, CRAB\): write the formula with another symbol", result.stderr, re.MULTILINE), result.stderr


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("nowhere.ttf", r"the maths font nowhere\.ttf cannot be read .*: correct math_font"),
        ("no_such_package:font.ttf", r"the package of math_font, “no_such_package”, is not installed: run make clean"),
        ("index.md", r"the maths font index\.md cannot be read .*: correct math_font"),
    ],
)
def test_a_font_that_cannot_be_read_is_named(tiny: TinySite, setting: str, message: str) -> None:
    before = tiny.fingerprint()
    tiny.edit("conf.py", "ziamath:fonts/STIXTwoMath-Regular.ttf", setting)
    result = tiny.make()
    assert result.returncode != 0
    assert re.search(rf"^conf\.py:\d+: {message}", result.stderr, re.MULTILINE), result.stderr
    assert "Traceback" not in result.stderr
    assert tiny.fingerprint() == before


def test_font_is_the_same_bytes_every_time(gallery: TinySite, tmp_path: Path) -> None:
    font = gallery.folder / "_build" / "html" / "_static" / "math.css"
    before = font.read_bytes()
    shutil.rmtree(gallery.folder / "_build")
    assert gallery.make().returncode == 0
    assert font.read_bytes() == before
