"""The same from libraries in less time: what is looked for is found in one loop, and what these pages never hold is not looked for.

Docutils finds the nodes of a class with a generator for every node, each within its parent's, and Sphinx asks for some class forty
times a page: a quarter of a build. The same nodes in the same order come from a stack. Those who ask for what no page holds, and
visit all its nodes for it, are left out. MyST reads front matter with the loader that PyYAML has in Python, although most
installations have the one in C, which loads the same. Pybtex unpicks every word of every work as LaTeX, which few are, and asks a
dozen times what is installed. Jinja compiles the theme's templates in every build, unless it may keep what it made of them. Docutils
finds out its settings anew for every page. MyST counts words for a substitution that no page has, and Sphinx writes nodes out in full
for a log that nobody reads.
"""

from __future__ import annotations

import copy
import re
from functools import cache
from importlib.metadata import EntryPoints, entry_points
from typing import TYPE_CHECKING

import pybtex.plugin
import sphinx.util.docutils
import sphinx.util.nodes
import sphinxcontrib.bibtex.plugin
import yaml
from docutils import nodes
from docutils.transforms.misc import Transitions
from docutils.transforms.references import Substitutions
from docutils.utils import DependencyList
from jinja2 import FileSystemBytecodeCache
from myst_parser.mdit_to_docutils import base as myst
from myst_parser.parsers import mdit
from pybtex.markup import LaTeXParser
from pybtex.richtext import Text
from sphinx import addnodes
from sphinx.builders.latex.transforms import FootnoteDocnameUpdater
from sphinx.domains.citation import CitationDefinitionTransform, CitationReferenceTransform
from sphinx.transforms import AutoIndexUpgrader, DefaultSubstitutions, DoctestTransform, GlossarySorter, HandleCodeBlocks, MoveModuleTargets
from sphinx.transforms.post_transforms import OnlyNodeTransform, PropagateDescDomain
from sphinx.transforms.post_transforms.code import HighlightLanguageTransform, TrimDoctestFlagsTransform
from sphinx.transforms.post_transforms.images import BaseImageConverter
from sphinx.transforms.references import SphinxDanglingReferences
from sphinx.util.nodes import NodeMatcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from docutils.frontend import Values
    from docutils.transforms import Transform
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: Transforms that look through every page for translations and for aliases of code in C and C++.
IDLE = {"sphinx.transforms.i18n", "sphinx.domains.c", "sphinx.domains.cpp"}
#: Transforms that look through a page for nodes that most have none of, and no transform before them makes.
ONLY_FOR = {
    # when the page is read
    AutoIndexUpgrader: (addnodes.index,),
    CitationDefinitionTransform: (nodes.citation,),
    CitationReferenceTransform: (nodes.citation_reference,),
    DefaultSubstitutions: (nodes.substitution_reference,),
    DoctestTransform: (nodes.doctest_block,),
    FootnoteDocnameUpdater: (nodes.footnote, nodes.footnote_reference),
    GlossarySorter: (addnodes.glossary,),
    HandleCodeBlocks: (nodes.block_quote,),
    MoveModuleTargets: (nodes.target,),
    Substitutions: (nodes.substitution_reference,),
    Transitions: (nodes.transition,),
    # when it is written
    BaseImageConverter: (nodes.image,),
    HighlightLanguageTransform: (nodes.literal_block, addnodes.highlightlang),
    OnlyNodeTransform: (addnodes.only,),
    PropagateDescDomain: (addnodes.desc_signature,),
    TrimDoctestFlagsTransform: (nodes.literal_block, nodes.doctest_block),
}
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


def kinds(document: nodes.document) -> set[type[nodes.Node]]:
    """The classes of a page's nodes, looked up once when it is read and once when it is written, by the first of :data:`ONLY_FOR`."""
    stage = "kinds_written" if document.transformer is None else "kinds_read"
    if not hasattr(document, stage):
        setattr(document, stage, set(map(type, find_all(document))))
    return getattr(document, stage)


def ask_first(transform: type[Transform], wanted: tuple[type[nodes.Node], ...]) -> None:
    apply = transform.apply

    def apply_if_any(self: Transform, **options: object) -> None:
        if any(issubclass(kind, wanted) for kind in kinds(self.document)):
            apply(self, **options)

    transform.apply = apply_if_any


def resolve_names(self: SphinxDanglingReferences, apply: Callable[..., None] = SphinxDanglingReferences.apply) -> None:
    """Only a page that refers to something by its name in docutils, as footnotes do, is visited for such references."""
    if self.document.refnames:
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


class Settings:
    """The settings of a page: those of the first that had the same parser and defaults, but for what a page fills in."""

    def __init__(self, find_out: Callable[..., Values]) -> None:
        self.find_out = find_out
        self.known: dict[str, Values] = {}

    def __call__(self, *components: object, defaults: Mapping[str, object], read_config_files: bool = False) -> Values:
        asked = repr(([component if isinstance(component, type) else type(component) for component in components], sorted(defaults.items(), key=str)))
        if asked not in self.known:
            self.known[asked] = self.find_out(*components, defaults=defaults, read_config_files=read_config_files)
        settings = copy.copy(self.known[asked])
        settings.record_dependencies = DependencyList()
        return settings


def is_installed(installed: Callable[[], EntryPoints] = cache(entry_points), **wanted: str) -> EntryPoints:
    return installed().select(**wanted)


def setup(app: Sphinx) -> ExtensionMetadata:
    nodes.Node._fast_findall = nodes.Node._superfast_findall = find_all
    NodeMatcher.findall = find_matching
    SphinxDanglingReferences.apply = resolve_names
    for transform, wanted in ONLY_FOR.items():
        ask_first(transform, wanted)
    yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    Text.from_latex = classmethod(from_latex)
    pybtex.plugin.entry_points = sphinxcontrib.bibtex.plugin.entry_points = is_installed
    sphinx.util.docutils._get_settings = Settings(sphinx.util.docutils._get_settings)
    sphinx.util.nodes.repr_domxml = lambda node, length=80: repr(node)[:length]
    mdit.wordcount_plugin = lambda parser, **options: None
    myst.get_default_settings = cache(myst.get_default_settings)  # asked for with every page, for a document that Sphinx does not use
    app.connect("builder-inited", leave_out_idle)
    app.connect("builder-inited", keep_templates)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
