"""The claims of the original answer, and what became of them.

The directive ``{claims}`` draws ``faq/claims.yaml`` as a table: each claim with whose view it was, what has
happened since and a verdict. A claim can be referred to as ``{ref}`claim-S01```.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from content_model import VERDICTS, faq, report

if TYPE_CHECKING:
    from content_model import Claim
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

CLAIMS = "faq/claims.yaml"


class Claims(SphinxDirective):
    """``{claims}``: all of them, in the order of the file, below a list of what the verdicts mean."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(self.env.srcdir / CLAIMS))
        claims = list(faq(self.env).claims.values())
        meanings = "\n".join(f"- *{word}* ({sum(c.verdict == word for c in claims)}): {meaning}" for word, meaning in VERDICTS.items())
        head = "| in January 2023 | since | verdict |\n| --- | --- | --- |\n"
        table = self.parse_text_to_nodes(head + "\n".join(map(self.row, claims)))
        self.add_targets(table, claims)
        for node in table:
            node["classes"] += ["claims", "wordy"]
        return [*self.parse_text_to_nodes(meanings), *table]

    def row(self, claim: Claim) -> str:
        if claim.now is None or claim.verdict is None:
            report((self.env.docname, self.lineno), f"claim {claim.id} has no `now` or no `verdict`", f"add them in {CLAIMS}")
        cells = [f"**{claim.id}** {claim.claim} *({claim.view})*", claim.now or "", claim.verdict or ""]
        return "| " + " | ".join(" ".join(cell.split()) for cell in cells) + " |"

    def add_targets(self, table: list[nodes.Node], claims: list[Claim]) -> None:
        """Each row is a target: ``claim-S01``."""
        standard = self.env.domains.standard_domain
        rows = [row for node in table for row in node.findall(nodes.row)][1:]
        for row, claim in zip(rows, claims, strict=True):
            label = f"claim-{claim.id}"
            anchor = nodes.make_id(label)
            row[0].insert(0, nodes.target("", "", ids=[anchor]))
            standard.labels[label.lower()] = (self.env.docname, anchor, f"Claim {claim.id}")
            standard.anonlabels[label.lower()] = (self.env.docname, anchor)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("content_model")
    app.add_directive("claims", Claims)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
