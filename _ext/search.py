"""The search index: English, with every word stemmed once for the whole site and not once for every page.

Sphinx looks at a word as often as a page says it; here once. When few pages are written, it compares the pages of every word with
all that stay; :func:`prune` takes out those that go.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sphinx.search import IndexBuilder
from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.search import WordStore
    from sphinx.util.typing import ExtensionMetadata


class CachedEnglish(SearchEnglish):
    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self.stem = cache(super().stem)


def collect_words(self: IndexBuilder, doctree: nodes.document, collect: Callable[..., WordStore] = IndexBuilder._word_collector) -> WordStore:
    found = collect(self, doctree)
    found.words = list(dict.fromkeys(found.words))
    return found


def prune(self: IndexBuilder, docnames: Iterable[str]) -> None:
    """Forget all pages but ``docnames``."""
    kept = set(docnames)
    gone = self._titles.keys() - kept
    for by_page in (self._titles, self._filenames, self._all_titles):
        for docname in gone:
            by_page.pop(docname, None)
    for by_word in (self._mapping, self._title_mapping):
        for pages in by_word.values():
            pages.difference_update(gone)


def setup(app: Sphinx) -> ExtensionMetadata:
    IndexBuilder._word_collector = collect_words
    IndexBuilder.prune = prune
    app.add_search_language(CachedEnglish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
