"""Builds HTML on all cores: each process reads, and later resolves, writes and indexes, its share of the pages.

Sphinx's own parallel build sends the whole environment back after every few pages, and resolves and
indexes all pages in one process while the others wait. Here every process gets one share, of about
the same number of bytes, and shares are put together in the order of the pages, so that the result does not
depend on who was first.
"""

from __future__ import annotations

import gc
import pickle
from itertools import cycle
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.builders import _write_docname
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.parallel import ParallelTasks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinx.application import Sphinx
    from sphinx.search import IndexBuilder
    from sphinx.util.typing import ExtensionMetadata

#: Fewer pages than this are done sooner than a process is started and its results are sent back.
WORTH_SHARING = 8
#: What the index of a page consists of: dictionaries of sets of pages, and dictionaries with a value a page.
BY_WORD = ("_mapping", "_title_mapping")
BY_PAGE = ("_titles", "_filenames", "_all_titles", "_index_entries")


class AllCoresBuilder(StandaloneHTMLBuilder):
    """Sphinx's HTML builder with another division of labour."""

    def init(self) -> None:
        super().init()
        self.titles: dict[str, dict[str, str | None]] = {}

    def render_partial(self, node: nodes.Node | None) -> dict[str, str | None]:
        """A plain title, asked for by every page that leads to it, is drawn once."""
        if not isinstance(node, nodes.title) or not all(isinstance(child, nodes.Text) for child in node):
            return super().render_partial(node)
        text = node.astext()
        if text not in self.titles:
            self.titles[text] = super().render_partial(node)
        return self.titles[text]

    def _read_parallel(self, docnames: list[str], nproc: int) -> None:
        if len(docnames) < WORTH_SHARING:
            self._read_serial(docnames)
            return
        for docname in docnames:
            self.events.emit("env-purge-doc", self.env, docname)
            self.env.clear_doc(docname)

        def read(share: list[str]) -> bytes:
            self.env._app = self._app
            for docname in share:
                self.read_doc(docname, _cache=False)
            return pickle.dumps(self.env, pickle.HIGHEST_PROTOCOL)

        for share, environment in in_parallel(read, self.shares(docnames, nproc), meanwhile=lambda: self.events.emit("while-reading")):
            self.env.merge_info_from(share, pickle.loads(environment), self._app)

    def _write_parallel(self, docnames: Sequence[str], nproc: int) -> None:
        if len(docnames) < WORTH_SHARING:
            self._write_serial(docnames)
            return
        first, *others = docnames
        _write_docname(first, env=self.env, builder=self, tags=self.tags)  # templates are compiled before the processes part

        def write(share: list[str]) -> tuple[dict[str, Any], dict[str, str]]:
            if self.indexer:
                for part in BY_WORD + BY_PAGE:
                    setattr(self.indexer, part, {})
            for docname in share:
                _write_docname(docname, env=self.env, builder=self, tags=self.tags)
            return index_parts(self.indexer), self.images

        # Sphinx leaves one core to the main process, which has nothing to do here.
        for _, (index, images) in in_parallel(write, self.shares(others, nproc + 1)):
            self.images.update(images)
            add_to_index(self.indexer, index)

    def shares(self, docnames: Sequence[str], number: int) -> list[list[str]]:
        """Pages dealt out by size, there and back, so that every share has as many bytes and the same kinds of pages."""
        by_size = sorted(docnames, key=lambda docname: (-self.env.doc2path(docname).stat().st_size, docname))
        turns = cycle([*range(number), *reversed(range(number))])
        turn_of = dict(zip(by_size, turns, strict=False))
        return [share for turn in range(number) if (share := [docname for docname in docnames if turn_of[docname] == turn])]


def in_parallel(work: Callable[[list[str]], Any], shares: list[list[str]], meanwhile: Callable[[], object] = list) -> list[tuple[list[str], Any]]:
    """Each share with what ``work`` made of it, in the order of the shares; this process does something else ``meanwhile``."""

    results: dict[str, Any] = {}
    tasks = ParallelTasks(len(shares))
    for share in shares:
        tasks.add_task(work, share, lambda share, result: results.__setitem__(share[0], result))
    try:
        meanwhile()
    except BaseException:
        tasks.terminate()  # they would wait for ever for somebody to take their results
        raise
    tasks.join()
    return [(share, results[share[0]]) for share in shares]


def index_parts(indexer: IndexBuilder | None) -> dict[str, Any]:
    return {part: getattr(indexer, part) for part in BY_WORD + BY_PAGE} if indexer else {}


def add_to_index(indexer: IndexBuilder | None, parts: dict[str, Any]) -> None:
    for part, content in parts.items():
        known = getattr(indexer, part)
        if part in BY_PAGE:
            known.update(content)
            continue
        for word, docnames in content.items():
            known.setdefault(word, set()).update(docnames)


def leave_to_the_system(app: Sphinx, error: Exception | None) -> None:
    """Python would take a built site of a thousand pages apart for two seconds before it ends."""
    gc.freeze()
    gc.enable()


def setup(app: Sphinx) -> ExtensionMetadata:
    # A build makes millions of objects that live as long as it does: looking for garbage among them costs a seventh of the time.
    gc.disable()
    app.connect("build-finished", leave_to_the_system, priority=999)
    app.add_event("while-reading")  # for work that needs no page, of which there are others to wait for
    app.add_builder(AllCoresBuilder, override=True)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
