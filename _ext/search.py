"""The search index: English, with every word stemmed once for the whole site and not once for every page."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


class CachedEnglish(SearchEnglish):
    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self.stem = cache(super().stem)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_search_language(CachedEnglish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
