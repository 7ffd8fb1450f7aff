"""The linking promise: what was published once stays where others find it.

``addresses.lock`` lists every page, anchor and inventory name that was ever promised. A build that has lost one
fails and says how to keep it. ``make lock`` adds what is new and takes nothing away; what has to move gets
a row in ``redirects.yaml``, and its old address then leads to the new one.

Pages are named as in Sphinx, without ``.html``, so that the promise holds for every builder.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from pydantic import Field
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util.osutil import relative_uri

from content_model import Content, read_rows, report, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

LOCK = "addresses.lock"
TABLE = "redirects.yaml"
HEAD = """\
# Every page, anchor and inventory name that was published: others link to them. `make lock` adds what is new;
# nothing is taken away. To move something, give it a row in redirects.yaml.
"""
#: Anchors that Sphinx and docutils number as they go: nobody can rely on them.
NUMBERED = re.compile(r"id\d+|footnote-.*|equation-.*-\d+|index-\d+")
NAMES = ("std:term", "std:label")
#: Pages for contributors, whose headings come and go.
ONLY_THE_PAGE = ("CHANGELOG", "CONTRIBUTING")

#: What is promised: page or kind of name -> anchors or names. A page's own address is the empty anchor.
Addresses = dict[str, set[str]]


class Redirect(Content):
    """A row of ``redirects.yaml``."""

    old: str = Field(alias="from", description="an address as it stands in addresses.lock: page, page#anchor or std:term name")
    to: str = Field(description="the page or page#anchor it leads to now")


# -- What is there -------------------------------------------------------------------------------


class Anchors(EnvironmentCollector):
    """Keeps the anchors of every page."""

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        anchors_of(env).pop(docname, None)

    def merge_other(self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
        anchors_of(env).update({docname: anchors for docname, anchors in anchors_of(other).items() if docname in docnames})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        anchors_of(app.env)[app.env.docname] = sorted(id for id in doctree.ids if not NUMBERED.fullmatch(id))


def anchors_of(env: BuildEnvironment) -> dict[str, list[str]]:
    if not hasattr(env, "page_anchors"):
        env.page_anchors = {}
    return env.page_anchors


def published(env: BuildEnvironment) -> Addresses:
    """Everything that somebody could link to in this build."""
    found: Addresses = {docname: {"", *anchors} for docname, anchors in anchors_of(env).items()}
    found |= {docname: {""} for docname in ONLY_THE_PAGE if docname in found}
    cite = env.get_domain("cite")
    works = {nodes.make_id(env.config.bibtex_cite_id.format(key=key)) for key in cite.bibdata.data.entries}
    for docname in {key.docname for key in cite.bibliographies}:  # the page keeps an anchor for works that nobody cites, too
        found[docname] -= works - {citation.citation_id for citation in cite.citations}
    for name, _, kind, docname, anchor, _ in env.domains.standard_domain.get_objects():
        if f"std:{kind}" in NAMES and not NUMBERED.fullmatch(name):
            found.setdefault(f"std:{kind}", set()).add(name)
    return found


# -- What was promised ---------------------------------------------------------------------------


def read_lock(path: Path) -> dict[tuple[str, str], int]:
    """(page or kind, anchor or name) -> its line. Pages and kinds stand at the margin, what is theirs below them."""
    promised, section = {}, ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else [], 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            promised[section, line.strip().removeprefix("#")] = number
        else:
            section = line.strip()
            if section not in NAMES:
                promised[section, ""] = number
    return promised


def write_lock(path: Path, addresses: Addresses) -> None:
    lines = []
    for section in sorted(addresses, key=lambda section: (section in NAMES, section)):
        mark = "" if section in NAMES else "#"
        lines += [section, *(f"  {mark}{name}" for name in sorted(addresses[section]) if name)]
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def spoken(section: str, name: str) -> str:
    """An address as people write it: ``page``, ``page#anchor`` or ``std:term name``."""
    if section in NAMES:
        return f"{section} {name}"
    return f"{section}#{name}" if name else section


def split(address: str) -> tuple[str, str]:
    if address.startswith(NAMES):
        section, _, name = address.partition(" ")
        return section, name
    section, _, name = address.partition("#")
    return section, name


# -- Keeping it ----------------------------------------------------------------------------------


def read_table(app: Sphinx) -> None:
    app.env.redirects = [(split(row.old), split(row.to), line) for row, line in read_rows(app.srcdir / TABLE, Redirect, app.srcdir)]


def keep_names(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """An inventory name that has moved stays in the inventory."""
    standard = env.domains.standard_domain
    for (section, name), (docname, anchor), _ in env.redirects:
        if section == "std:term" and ("term", name) not in standard.objects:
            standard.objects["term", name] = (docname, anchor)
        elif section == "std:label" and name not in standard.labels:
            standard.labels[name] = (docname, anchor, name)
            standard.anonlabels[name] = (docname, anchor)
    return []


def check(app: Sphinx, env: BuildEnvironment) -> None:
    found = published(env)
    known = {spoken(section, name) for section, names in found.items() for name in names}
    moved = {old for old, _, _ in env.redirects}
    for (section, name), target, line in env.redirects:
        if spoken(*target) not in known:
            report(f"{TABLE}:{line}", f"“{spoken(*target)}” is no address of this site", suggest(spoken(*target), known))
        if section not in NAMES and name in found.get(section, ()):
            report(f"{TABLE}:{line}", f"“{spoken(section, name)}” is still there", "remove the row")
    for (section, name), line in read_lock(app.srcdir / LOCK).items():
        if name not in found.get(section, ()) and (section, name) not in moved:
            report(f"{LOCK}:{line}", f"“{spoken(section, name)}” was published and is gone", cure(section, name))


def cure(section: str, name: str) -> str:
    if section == "std:term" or name.startswith("term-"):
        return f"keep the old name as a line of its entry, or say in {TABLE} where it leads now"
    if name:
        return f"keep the old name, ({name})= before the heading, or say in {TABLE} where it leads now"
    return f"keep the file's name, or say in {TABLE} where it leads now"


def record(app: Sphinx, error: Exception | None) -> None:
    """Add what is new; what the redirects keep stays too."""
    if error or not app.config.record_addresses:
        return
    path = app.srcdir / LOCK
    addresses = published(app.env)
    promised = read_lock(path)
    added = sum(len(names) for names in addresses.values()) - sum((s, n) in promised for s, names in addresses.items() for n in names)
    for section, name in promised:
        addresses.setdefault(section, set()).add(name)
    write_lock(path, addresses)
    print(f"{LOCK}: {added} added, {len(promised)} kept")


# -- Leading on ----------------------------------------------------------------------------------

MOVED_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Moved</title>
<link rel="canonical" href="{to}"><meta name="robots" content="noindex">
<script>
const anchors = {anchors}, anchor = decodeURIComponent(location.hash.slice(1));
location.replace(anchors[anchor] ?? "{to}" + location.hash);
</script>
<meta http-equiv="refresh" content="1; url={to}">
<p>This page has moved to <a href="{to}">{to}</a>.</p></html>
"""


def write_moved_pages(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name not in ("html", "dirhtml"):
        return
    for (page, anchor), target, _ in app.env.redirects:
        if page in NAMES or anchor or page in app.env.found_docs:
            continue
        anchors = {a: address(app, page, t) for (p, a), t, _ in app.env.redirects if p == page and a}
        path = Path(app.builder.get_outfilename(page))
        path.parent.mkdir(parents=True, exist_ok=True)
        shown = json.dumps(anchors, sort_keys=True).replace("<", "\\u003c")
        path.write_text(MOVED_PAGE.format(to=escape(address(app, page, target)), anchors=shown), encoding="utf-8")


def lead_on(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Anchors that have left a page stand at its foot and lead on, by themselves where scripts run."""
    moved = [(anchor, target) for (page, anchor), target, _ in app.env.redirects if page == pagename and anchor]
    if doctree is None or not moved:
        return
    lines = (moved_line(anchor, address(app, pagename, target)) for anchor, target in moved)
    context["body"] += f'<aside class="moved">{"".join(lines)}</aside>'
    app.add_js_file("moved.js", loading_method="defer")


def moved_line(anchor: str, to: str) -> str:
    return f'<p id="{escape(anchor)}">{escape(anchor)} has moved <a href="{escape(to)}">here</a>.</p>'


def address(app: Sphinx, from_page: str, target: tuple[str, str]) -> str:
    uri = relative_uri(app.builder.get_target_uri(from_page), app.builder.get_target_uri(target[0]))
    return f"{uri}#{target[1]}" if target[1] else uri


def outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: Iterable[str]) -> list[str]:
    """A page is drawn again when its redirects have changed."""
    before, env.redirects_drawn = getattr(env, "redirects_drawn", []), env.redirects
    differing = [row for row in [*before, *env.redirects] if row not in before or row not in env.redirects]
    return [page for (page, _), _, _ in differing if page in env.found_docs]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("content_model")
    app.add_config_value("record_addresses", False, "", types=[bool])
    app.add_env_collector(Anchors)
    app.connect("builder-inited", read_table)
    app.connect("env-get-outdated", outdated)
    app.connect("env-updated", keep_names)
    app.connect("env-check-consistency", check)
    app.connect("html-page-context", lead_on)
    app.connect("build-finished", write_moved_pages)
    app.connect("build-finished", record)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
