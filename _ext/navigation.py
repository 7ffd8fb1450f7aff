"""The sidebar: the themes, and the questions of the theme one is in, at a cost that does not grow with the site.

Furo resolves Sphinx's whole tree of contents for every page and parses it again, so a build takes time with the
square of the number of pages. Here the tree is read once, and a page shows its top level and the branch it is on.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx import addnodes
from sphinx.util.nodes import clean_astext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata


class Group(NamedTuple):
    """A caption of the sidebar and the pages below it."""

    caption: str
    docnames: list[str]


def groups(env: BuildEnvironment) -> list[Group]:
    """The tables of contents of the front page."""
    trees = env.tocs[env.config.root_doc].findall(addnodes.toctree)
    return [Group(tree["caption"] or "", tree["includefiles"]) for tree in trees]


class Sidebar:
    """Draws the sidebar of any page of one build."""

    def __init__(self, app: Sphinx) -> None:
        self.env, self.builder = app.env, app.builder
        self.groups = groups(app.env)
        self.link = cache(self.link)

    def link(self, docname: str) -> tuple[str, str]:
        """The address of a page below the site's root, and its title."""
        title = self.env.titles.get(docname)
        return escape(self.builder.get_target_uri(docname)), escape(clean_astext(title) if title else docname)

    def draw(self, pagename: str, root: str) -> str:
        return "".join(self.draw_group(group, pagename, root) for group in self.groups)

    def draw_group(self, group: Group, pagename: str, root: str) -> str:
        caption = f'<p class="caption" role="heading"><span class="caption-text">{escape(group.caption)}</span></p>'
        items = "".join(self.draw_branch(docname, pagename, root) for docname in group.docnames)
        return f'{caption if group.caption else ""}<ul>{items}</ul>'

    def draw_branch(self, docname: str, pagename: str, root: str) -> str:
        """A page of the top level; the one that the reader is at, or below, shows what stands below it."""
        children = self.env.toctree_includes.get(docname, [])
        if not children or pagename not in (docname, *children):
            return self.item(docname, 1, pagename, root)
        name = f"toctree-checkbox-{docname.replace('/', '-')}"
        title = self.link(docname)[1]
        toggle = (
            f'<input checked class="toctree-checkbox" id="{name}" name="{name}" role="switch" type="checkbox" '
            f'aria-label="Toggle navigation of {title}">'
            f'<label for="{name}"><span class="icon"><svg><use href="#svg-arrow-right"></use></svg></span></label>'
        )
        below = "".join(self.item(child, 2, pagename, root) for child in children)
        return self.item(docname, 1, pagename, root, classes=" current has-children", inside=f"{toggle}<ul>{below}</ul>")

    def item(self, docname: str, level: int, pagename: str, root: str, classes: str = "", inside: str = "") -> str:
        address, title = self.link(docname)
        if docname == pagename:
            classes = f"{classes or ' current'} current-page"
            link = f'<a class="current reference internal" href="#" aria-current="page">{title}</a>'
        else:
            link = f'<a class="reference internal" href="{root}{address}">{title}</a>'
        return f'<li class="toctree-l{level}{classes}">{link}{inside}</li>'


def spare_furo_the_tree(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document) -> None:
    """Runs before Furo's own handler: leaves it nothing to resolve."""
    if "toctree" in context:
        context["toctree"] = lambda **_: ""


def draw_sidebar(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document) -> None:
    """Runs after Furo's own handler."""
    context["furo_navigation_tree"] = sidebar(app).draw(pagename, context.get("content_root", ""))


@cache
def sidebar(app: Sphinx) -> Sidebar:
    return Sidebar(app)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", spare_furo_the_tree, priority=400)
    app.connect("html-page-context", draw_sidebar, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
