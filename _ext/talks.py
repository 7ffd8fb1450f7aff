"""Seminar talks: reads ``seminar/talks.yaml`` and draws it.

The directive ``{talks}`` with ``:seminar:`` lists the talks of one seminar; each can be referred to
as ``{ref}`talk-<id>```. Question and glossary pages link back to the talks that name them.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from content_model import Talk, by_whom_when, faq, joined, link, read_rows, report, slug_of, suggest, term_link

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

TALKS = "seminar/talks.yaml"


def read_talks(app: Sphinx) -> None:
    """Read the talks, and remember which questions stand in a row that is new, changed or gone."""
    domain = faq(app.env)
    before = domain.talks
    domain.data["talks"] = read_rows(app.srcdir / TALKS, Talk, app.srcdir)
    differing = [talk for talk in [*before, *domain.talks] if talk not in before or talk not in domain.talks]
    domain.data["questions_with_changed_talks"] = {name for talk in differing for name in talk.questions}


def find_outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    names = faq(env).data["questions_with_changed_talks"]
    return [docname for docname in faq(env).pages if slug_of(docname) in names]


class Talks(SphinxDirective):
    """``{talks}``: the talks of one ``:seminar:`` in order of date, those only announced last."""

    option_spec: ClassVar[dict[str, Any]] = {
        "seminar": lambda argument: directives.choice(argument, ["abstraction", "slt"])
    }

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(self.env.srcdir / TALKS))
        talks = [talk for talk in faq(self.env).talks if talk.seminar == self.options.get("seminar", talk.seminar)]
        talks.sort(key=lambda talk: (talk.date is None, str(talk.date)))  # two on a day stay in the order of the file
        return [self.year(year, list(group)) for year, group in groupby(talks, key=lambda t: t.date and t.date.year)]

    def year(self, year: int | None, talks: list[Talk]) -> nodes.section:
        title = str(year) if year else "Announced, no record that they were held"
        section = nodes.section("", nodes.title("", title), ids=[f"talks-{year or 'announced'}"], names=[title.lower()])
        section += nodes.definition_list("", *map(self.talk, talks), classes=["talks"])
        return section

    def talk(self, talk: Talk) -> nodes.definition_list_item:
        label = f"talk-{talk.id}"
        standard = self.env.domains.standard_domain
        standard.labels[label] = (self.env.docname, label, talk.title)
        standard.anonlabels[label] = (self.env.docname, label)
        mark = nodes.reference("", "¶", internal=True, refid=label, classes=["headerlink"], reftitle="Link to this talk")
        term = nodes.term("", "", nodes.Text(talk.title), mark, ids=[label])
        return nodes.definition_list_item("", term, nodes.definition("", *self.describe(talk)))

    def describe(self, talk: Talk) -> list[nodes.Node]:
        facts = nodes.paragraph("", by_whom_when(talk) + ".", classes=["talk-facts"])
        for name, address in (("Video", talk.video), ("Notes", talk.notes), ("Paper", talk.paper)):
            if address:
                facts += [nodes.Text(" "), nodes.reference("", name, refuri=address, internal=False)]
        if talk.also:
            facts += [nodes.Text(" Also listed as "), link(f"talk-{talk.also}"), nodes.Text(".")]
        about = nodes.paragraph("", " ".join(filter(None, [full_stop(talk.about), talk.note and full_stop(talk.note)])))
        rows = [facts, about]
        if talk.questions:
            rows.append(bears_on("Questions", list(map(link, talk.questions))))
        if talk.terms:
            rows.append(bears_on("Terms", list(map(term_link, talk.terms))))
        return rows


def full_stop(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def bears_on(title: str, references: list[nodes.Node]) -> nodes.paragraph:
    start = [nodes.emphasis("", f"{title}:"), nodes.Text(" ")]
    return nodes.paragraph("", "", *start, *joined(references), classes=["bears-on"])


def check(app: Sphinx, env: BuildEnvironment) -> None:
    domain = faq(env)
    slugs, names, ids = domain.slugs(), domain.names(), set()
    for talk, line in domain.data["talks"]:
        location = f"{TALKS}:{line}"
        if talk.id in ids:
            report(location, f"another talk is called “{talk.id}”", "give this one an id of its own")
        ids.add(talk.id)
        for name in talk.questions:
            if name not in slugs:
                report(location, f"unknown question “{name}”", suggest(name, slugs))
        for name in talk.terms:
            if name.lower() not in names:
                report(location, f"unknown term “{name}”", suggest(name.lower(), names))
    for talk, line in domain.data["talks"]:
        if talk.also and talk.also not in ids:
            report(f"{TALKS}:{line}", f"unknown talk “{talk.also}”", suggest(talk.also, ids))


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("content_model")
    app.add_directive("talks", Talks)
    app.connect("builder-inited", read_talks)
    app.connect("env-get-outdated", find_outdated)
    app.connect("env-check-consistency", check)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
