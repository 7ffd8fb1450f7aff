"""The same from libraries in less time: what is looked for is found in one loop, and what these pages never hold is not looked for.

Docutils finds the nodes of a class with a generator for every node, each within its parent's, and Sphinx asks for some class forty
times a page: a quarter of a build. The same nodes in the same order come from a stack. Those who ask for what no page holds, and
visit all its nodes for it, are left out. MyST reads front matter with the loader that PyYAML has in Python, although most
installations have the one in C, which loads the same. Pybtex unpicks every word of every work as LaTeX, which few are, and asks a
dozen times what is installed. Jinja compiles the theme's templates in every build, unless it may keep what it made of them.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import EntryPoints, entry_points
from typing import TYPE_CHECKING

import pybtex.plugin
import sphinxcontrib.bibtex.plugin
import yaml
from docutils import nodes
from jinja2 import FileSystemBytecodeCache
from myst_parser.mdit_to_docutils import base as myst
from pybtex.markup import LaTeXParser
from pybtex.richtext import Text
from sphinx.addnodes import highlightlang
from sphinx.transforms.post_transforms.code import HighlightLanguageTransform
from sphinx.util.nodes import NodeMatcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: Transforms that look through every page for translations and for aliases of code in C and C++.
IDLE = {"sphinx.transforms.i18n", "sphinx.domains.c", "sphinx.domains.cpp"}
#: Some of what LaTeX reads as other than itself.
LATEX = re.compile(r"[\\~$%#&_^`'\"\s](?<! )|--|  ")


def find_all(self: nodes.Node, cls: type | tuple[type, ...] = nodes.Node) -> Iterator[nodes.Node]:
    """The node and all below it that are of a class, parents before children."""
    waiting = [self]
    while waiting:
        node = waiting.pop()
        if isinstance(node, cls):
            yield node
        if node.children:
            waiting += node.children[::-1]


def find_matching(self: NodeMatcher[nodes.Node], node: nodes.Node) -> Iterator[nodes.Node]:
    return filter(self.match, find_all(node, self.classes or nodes.Node))


def highlight_code(self: HighlightLanguageTransform, apply: Callable[..., None] = HighlightLanguageTransform.apply) -> None:
    """A page without code needs no visit to each of its nodes."""
    if any(find_all(self.document, (nodes.literal_block, highlightlang))):
        apply(self)


def from_latex(cls: type[Text], latex: str, decoded: Callable[[str], Text] = Text.from_latex) -> Text:
    return decoded(latex) if LATEX.search(latex) else LaTeXParser(latex).parse()


def leave_out_idle(app: Sphinx) -> None:
    if app.builder.name == "html" and app.config.language == "en":
        for transforms in (app.registry.transforms, app.registry.post_transforms):
            transforms[:] = [transform for transform in transforms if transform.__module__ not in IDLE]


def keep_templates(app: Sphinx) -> None:
    if app.builder.format == "html":
        app.builder.templates.environment.bytecode_cache = FileSystemBytecodeCache(str(app.doctreedir))


def is_installed(installed: Callable[[], EntryPoints] = cache(entry_points), **wanted: str) -> EntryPoints:
    return installed().select(**wanted)


def setup(app: Sphinx) -> ExtensionMetadata:
    nodes.Node._fast_findall = nodes.Node._superfast_findall = find_all
    NodeMatcher.findall = find_matching
    HighlightLanguageTransform.apply = highlight_code
    yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    Text.from_latex = classmethod(from_latex)
    pybtex.plugin.entry_points = sphinxcontrib.bibtex.plugin.entry_points = is_installed
    myst.get_default_settings = cache(myst.get_default_settings)  # asked for with every page, for a document that Sphinx does not use
    app.connect("builder-inited", leave_out_idle)
    app.connect("builder-inited", keep_templates)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
