"""Builds HTML on all cores: each process reads a share of the pages, and later resolves, writes and indexes one after another.

Sphinx's own parallel build sends the whole environment back after every few pages, and resolves and
indexes all pages in one process while the others wait. Here every process reads one share, of about
the same number of bytes, and shares are put together in an order, so that the result does not depend on who was first.
For writing it does not matter who does which page: whoever is free takes the largest that is left.
What needs no page is done by this process meanwhile: see the events in :func:`setup`. Another saves the environment.
"""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sphinx.builders
from docutils import nodes
from sphinx.builders import _write_docname
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util.parallel import ParallelTasks

from content_model import report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from sphinx.application import Sphinx
    from sphinx.search import IndexBuilder
    from sphinx.util.typing import ExtensionMetadata

FORK = multiprocessing.get_context("fork") if "fork" in multiprocessing.get_all_start_methods() else None
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
        self.did_meanwhile = False
        self._settings.stylesheet_path = None  # docutils would look for its files for every part that is drawn

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

        shares = self.shares(docnames, nproc)
        for share, environment in zip(shares, in_parallel(read, shares, meanwhile=lambda: self.events.emit("while-reading")), strict=True):
            self.env.merge_info_from(share, pickle.loads(environment), self._app)

    def _write_parallel(self, docnames: Sequence[str], nproc: int) -> None:
        if len(docnames) < WORTH_SHARING:
            self._write_serial(docnames)
            return
        first, *others = docnames
        _write_docname(first, env=self.env, builder=self, tags=self.tags)  # templates are compiled before the processes part

        def write(turns: Turns) -> tuple[dict[str, Any], dict[str, str]]:
            if self.indexer:
                for part in BY_WORD + BY_PAGE:
                    setattr(self.indexer, part, {})
            for docname in turns:
                _write_docname(docname, env=self.env, builder=self, tags=self.tags)
            return index_parts(self.indexer), self.images

        # Sphinx leaves one core to the main process, which has little to do here.
        turns = Turns(sorted(others, key=self.bytes_drawn, reverse=True))
        for index, images in in_parallel(write, [turns] * (nproc + 1), meanwhile=self.do_meanwhile):
            self.images.update(images)
            add_to_index(self.indexer, index)

    def do_meanwhile(self) -> None:
        self.did_meanwhile = True
        self.events.emit("while-writing")

    def shares(self, docnames: Sequence[str], number: int) -> list[list[str]]:
        """Pages dealt out by size, the next to the share with the fewest bytes; each share in the order of the pages."""
        shares, bytes_of = [[] for _ in range(number)], [0] * number
        for docname in sorted(docnames, key=self.bytes_read, reverse=True):
            turn = bytes_of.index(min(bytes_of))
            shares[turn].append(docname)
            bytes_of[turn] += self.bytes_read(docname)
        return [sorted(share) for share in shares if share]

    def bytes_read(self, docname: str) -> int:
        return size(Path(self.env.doc2path(docname)))

    def bytes_drawn(self, docname: str) -> int:
        """Of a page with what it is made from: of the list of references, for example, the bibliography."""
        return self.bytes_read(docname) + sum(size(Path(self.srcdir, name)) for name in self.env.dependencies[docname])


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


class Turns:
    """Pages of which every process that iterates takes the next that nobody has."""

    def __init__(self, docnames: list[str]) -> None:
        self.docnames = docnames
        self.taken = FORK.Value("i", 0)

    def __iter__(self) -> Iterator[str]:
        while (turn := self.next()) < len(self.docnames):
            yield self.docnames[turn]

    def next(self) -> int:
        with self.taken.get_lock():
            self.taken.value += 1
            return self.taken.value - 1


def in_parallel(work: Callable[[Any], Any], arguments: list[Any], meanwhile: Callable[[], object] = list) -> list[Any]:
    """What ``work`` makes of each argument in a process of its own, in their order; this process does something else ``meanwhile``."""
    results: dict[int, Any] = {}
    tasks = ParallelTasks(len(arguments))
    for place, argument in enumerate(arguments):
        tasks.add_task(work, argument, lambda _, result, place=place: results.__setitem__(place, result))
    try:
        meanwhile()
    except BaseException:
        tasks.terminate()  # they would wait for ever for somebody to take their results
        raise
    tasks.join()
    return [results[place] for place in range(len(arguments))]


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


class Pickle:
    """What Sphinx's builders use of :mod:`pickle`; a copy of this process saves the environment, which takes a tenth of an edit's time."""

    HIGHEST_PROTOCOL = pickle.HIGHEST_PROTOCOL
    dumps, loads = staticmethod(pickle.dumps), staticmethod(pickle.loads)

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.saving: Any = None

    def dump(self, content: object, file: BinaryIO, protocol: int) -> None:
        if isinstance(content, BuildEnvironment) and FORK and self.app.parallel > 1:
            self.saving = FORK.Process(target=save, args=(content, file, protocol))
            self.saving.start()
        else:
            pickle.dump(content, file, protocol)

    def wait(self, app: Sphinx, error: Exception | None) -> None:
        if self.saving is None:
            return
        self.saving.join()
        if self.saving.exitcode and not error:
            (app.doctreedir / "environment.pickle").unlink(missing_ok=True)
            report("conf.py:1", "an extension keeps in the environment what cannot be saved for the next build (see above)", "keep there only what pickle can save")


def save(content: object, file: BinaryIO, protocol: int) -> None:
    try:
        pickle.dump(content, file, protocol)
        file.flush()  # this process ends without closing its files
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")


def catch_up(app: Sphinx, error: Exception | None) -> None:
    """What was not done meanwhile, because one process wrote all."""
    if not error and not getattr(app.builder, "did_meanwhile", False):
        app.emit("while-writing")


def leave_to_the_system(app: Sphinx, error: Exception | None) -> None:
    """Python would take a built site of a thousand pages apart for two seconds before it ends."""
    gc.freeze()
    gc.enable()


def setup(app: Sphinx) -> ExtensionMetadata:
    # A build makes millions of objects that live as long as it does: looking for garbage among them costs a seventh of the time.
    gc.disable()
    app.connect("build-finished", leave_to_the_system, priority=999)
    app.connect("build-finished", catch_up, priority=100)
    sphinx.builders.pickle = keeper = Pickle(app)
    app.connect("build-finished", keeper.wait, priority=900)
    # For work that needs no page, while there are others to wait for:
    app.add_event("while-reading")  # perhaps: only if pages are read on several cores
    app.add_event("while-writing")  # once a build, by any builder, and after the pages if need be
    app.add_builder(AllCoresBuilder, override=True)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
