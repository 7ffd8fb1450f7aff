"""Maths as MathML, made at build time by math-core: readers need no script and no network.

TeX that math-core does not understand is reported where it stands when the page is read. The TeX
source goes along as an annotation, for copying and for assistive tools. Other builders (text, LaTeX)
do with the TeX what they always do. Which characters the formulas of a page show is kept in
``env.math_characters``, for the maths font.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.utils import get_source_line
from math_core import LatexError, LatexToMathML
from sphinx.locale import _
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.math import get_node_equation_number
from sphinx.util.nodes import NodeMatcher

from content_model import report

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator


MATHS = NodeMatcher(nodes.math, nodes.math_block)


class Formulas:
    """Turns TeX into MathML, with the macros of the ``math_macros`` setting."""

    def __init__(self, macros: dict[str, str]) -> None:
        self.converter = LatexToMathML(macros=macros, annotation=True, xml_namespace=True, fancy_error=False)
        self.convert = cache(self._convert)  # most formulas of a site stand in it more than once

    def _convert(self, tex: str, *, display: bool) -> str:
        """MathML that is XML too, as e-books need it; :class:`BadTex` if the TeX cannot be read."""
        tex = tex.strip()
        tex = re.sub(r"(\\\\)\s*(\[[^]]*\])", lambda m: m[1] + " " * len(m[2]), tex)  # space between rows is the browser's
        try:
            mathml = self.converter.convert_with_local_state(tex, displaystyle=display)
        except LatexError as error:
            offset, _, reason = str(error).partition(": ")
            raise BadTex(int(offset), reason.rstrip(".")) from error
        return re.sub(r"&(?!(?:amp|lt|gt|quot);)\w+;", lambda entity: unescape(entity[0]), mathml)


class BadTex(Exception):
    """TeX that math-core does not understand: where in the formula (characters from its start), and why."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset


@cache
def formulas(app: Sphinx) -> Formulas:
    return Formulas(app.config.math_macros)


class CheckMaths(SphinxTransform):
    """Reports every formula that cannot be converted, once, at its own line and column."""

    default_priority = 850

    def apply(self, **kwargs: Any) -> None:
        shown: dict[str, int | None] = {}
        for node in MATHS.findall(self.document):
            try:
                mathml = formulas(self.app).convert(node.astext(), display=isinstance(node, nodes.math_block))
                line = get_source_line(node)[1]
                for character in characters(mathml):
                    shown.setdefault(character, line)
            except BadTex as error:
                tex = " ".join(node.astext().split())
                report(self.place(node, error.offset), f"the formula “{tex}” cannot be read ({error})", self.cure(error))

        if shown:
            self.env.math_characters[self.env.docname] = shown

    def place(self, node: nodes.Element, offset: int) -> str | nodes.Element:
        """``path:line:column`` of a character of a formula, found in the file from the paragraph's first line on."""
        source, first_line = get_source_line(node)
        tex = node.astext().strip()
        row = tex[:offset].count("\n")
        line_of_formula = tex.split("\n")[row]
        column = offset - (tex.rfind("\n", 0, offset) + 1)
        lines = Path(source or "").read_text(encoding="utf-8").splitlines() if source else []
        for number, line in enumerate(lines[(first_line or 1) - 1 :], first_line or 1):
            if (start := line.find(line_of_formula)) >= 0:
                return f"{source}:{number}:{start + column + 1}"
        return node

    def cure(self, error: BadTex) -> str:
        if "command" in str(error):
            return "correct its TeX, or define the command in math_macros in conf.py"
        return "correct its TeX"


@cache
def characters(mathml: str) -> frozenset[str]:
    """What a browser draws: the text of the formula, a letter standing alone also as the mathematical italic it becomes."""
    visible = re.sub(r"<annotation.*?</annotation>", "", mathml, flags=re.DOTALL)
    shown = {"√"} if re.search("<m(sqrt|root)", visible) else set()
    for attributes, text in re.findall(r"<m(?:[inos]|text)\b([^>]*)>([^<]*)", visible):
        text = unescape(text)
        shown |= set(text)
        if len(text) == 1 and "mathvariant" not in attributes:
            shown.add(italic(text))
    return frozenset(shown)


#: Those that do not stand in alphabetical order; Unicode had Planck's constant before it had the alphabet.
ITALIC_SYMBOLS = {"h": "ℎ"} | dict(zip("∇∂ϵϑϰϕϱϖ", map(chr, (0x1D6FB, *range(0x1D715, 0x1D71C)))))


def italic(letter: str) -> str:
    """The mathematical italic of a Latin or Greek letter, in Unicode; other characters as they are."""
    if letter in ITALIC_SYMBOLS:
        return ITALIC_SYMBOLS[letter]
    for first, last, start in (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("Α", "Ω", 0x1D6E2), ("α", "ω", 0x1D6FC)):
        if first <= letter <= last:
            return chr(start + ord(letter) - ord(first))
    return letter


def prepare(app: Sphinx) -> None:
    if not hasattr(app.env, "math_characters"):
        app.env.math_characters = {}  # docname -> character -> first line


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    env.math_characters.pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    env.math_characters |= {d: other.math_characters[d] for d in docnames if d in other.math_characters}


class KeepPunctuation(SphinxPostTransform):
    """Binds a formula to the punctuation that follows it, which browsers would let begin a line."""

    default_priority = 800
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for node in self.document.findall(nodes.math):
            after = node.parent.children[next(place for place, child in enumerate(node.parent.children, 1) if child is node) :]
            if after and isinstance(following := after[0], nodes.Text) and (mark := re.match(r"[.,;:)?’-]+", following)):
                node["followed_by"] = mark[0]
                following.parent.replace(following, nodes.Text(following[mark.end() :]))


def visit_math(translator: HTML5Translator, node: nodes.math) -> None:
    mathml = drawn(translator, node, display=False)
    if mark := node.get("followed_by"):
        mathml = f'<span class="with-mark">{mathml}{mark}</span>'
    translator.body.append(mathml)
    raise nodes.SkipNode


def visit_math_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(translator.starttag(node, "div", CLASS="math-block", tabindex="0"))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append(drawn(translator, node, display=True) + "</div>\n")
    raise nodes.SkipNode


def drawn(translator: HTML5Translator, node: nodes.Element, *, display: bool) -> str:
    try:
        return formulas(translator.builder.app).convert(node.astext(), display=display)
    except BadTex:  # reported when the page was read
        return f"<code>{escape(node.astext())}</code>"


def share_macros_with_latex(app: Sphinx, config: Config) -> None:
    """The PDF defines the same macros."""
    defined = "".join(f"\\providecommand{{\\{name}}}{{{meaning}}}\n" for name, meaning in config.math_macros.items())
    config.latex_elements = {**config.latex_elements, "preamble": config.latex_elements.get("preamble", "") + defined}


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("math_macros", {}, "env", types=[dict])
    app.add_html_math_renderer("mathml", inline_renderers=(visit_math, None), block_renderers=(visit_math_block, None))
    app.add_transform(CheckMaths)
    app.add_post_transform(KeepPunctuation)
    app.connect("config-inited", share_macros_with_latex)
    app.connect("builder-inited", prepare)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
