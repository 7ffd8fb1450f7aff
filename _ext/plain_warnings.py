"""Says every warning as ``file:line: what is wrong: how to mend it``.

The project's own checks speak like that already; this adds a cure to the warnings of Sphinx, MyST and
sphinxcontrib-bibtex that contributors meet, and shortens the paths.
"""

from __future__ import annotations

import logging as standard_logging
import re
from typing import TYPE_CHECKING

from sphinx.util.logging import NAMESPACE, SphinxWarningLogRecord, WarningStreamHandler

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: What a warning says (pattern) -> how to mend it.
CURES = {
    r"^Malformed YAML": "mend the block between the two lines of ---: mind indentation, colons and quotes",
    r"could not find bibtex key": "correct the key, or add the work to references.bib",
    r"^unknown document|toctree contains reference to nonexisting": "correct the path",
    r"document isn't included in any toctree": "put it into a folder of faq/, or into a toctree",
    r"^undefined label": "correct the name: a question is called like its file, a term in lower case with hyphens",
    r"^Unknown (interpreted text role|directive type)|^'myst' cross-reference target": "correct the spelling",
    r"image file not readable|download file not readable": "correct the path",
    r"Non-consecutive header level": "go down one level of headings at a time",
    r"Inline .* start-string without end-string": "close it, or put a backslash before the character",
}
#: The content model reports twins itself, once all pages are read: before that, a term that moves to another page
#: stands on both for a moment.
SAID_ELSEWHERE = r"^duplicate term description"


class PlainRecord(SphinxWarningLogRecord):
    prefix = ""


def not_said_elsewhere(record: standard_logging.LogRecord) -> bool:
    return not re.search(SAID_ELSEWHERE, record.getMessage())


class Plainly(standard_logging.Filter):
    """Adds the cure, and makes the location relative to the sources."""

    def __init__(self, source_dir: str) -> None:
        super().__init__()
        self.source_dir = source_dir.rstrip("/") + "/"

    def filter(self, record: standard_logging.LogRecord) -> bool:
        message = record.msg % record.args if record.args else str(record.msg)
        cure = next((cure for pattern, cure in CURES.items() if re.search(pattern, message)), None)
        record.msg, record.args = (f"{message}: {cure}" if cure else message), ()
        location = getattr(record, "location", None)
        if isinstance(location, str):
            record.location = location.removeprefix(self.source_dir)
            record.__class__ = PlainRecord
        return True


def setup(app: Sphinx) -> ExtensionMetadata:
    for handler in standard_logging.getLogger(NAMESPACE).handlers:
        if isinstance(handler, WarningStreamHandler):
            handler.filters.insert(0, not_said_elsewhere)  # before Sphinx counts what it has to fail for
            handler.addFilter(Plainly(str(app.srcdir)))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
