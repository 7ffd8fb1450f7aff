"""Known learning coefficients: the directive ``{coefficients}`` draws ``coefficients.yaml`` as a table, with every value computed.

A row can be referred to as ``{ref}`coefficient-<id>```; the whole table is written as ``coefficients.json`` and ``coefficients.csv``.
What a row's function gives is computed by ``_figures/coefficients.py`` when the site is built, not typed.
"""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from docutils import nodes
from pydantic import Field
from sphinx.util.docutils import SphinxDirective

from _figures import coefficients as closed_forms
from content_model import Content, read_rows, report, suggest

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

TABLE = "coefficients.yaml"
#: How much was done to check a row, with what each word means.
CHECKS = {
    "computed": "an independent computation or a short derivation gives the value for all that the row covers",
    "checked": "the closed form agrees with an independent computation over a range",
    "quoted": "not checked by us",
    "disagrees": "a computation contradicts the source",
}
COLUMNS = ("id", "kind", "model", "formula", "call", "lambda", "m", "conditions", "convention", "source", "check", "how")


class Function(Content):
    """What computes a row: a function of ``_figures/coefficients.py`` and calls of it."""

    name: str = Field(description="the name of a function in _figures/coefficients.py")
    calls: list[dict[str, Any]] = Field(min_length=1, description="a list of arguments by name")


class Row(Content):
    """A row of ``coefficients.yaml``; its head says what each field means."""

    id: str = Field(pattern=r"^[a-z0-9-]+$", description="a permanent name: lower-case letters, digits and hyphens")
    kind: Literal["value", "bound", "convention"] = Field(description="value, bound or convention")
    model: str = Field(description="a short name, in MyST")
    formula: str | None = Field(None, description="how λ and m depend on the sizes")
    function: Function | None = Field(description="what computes it, or null")
    lam: str | None = Field(None, description="λ in words, where it is only quoted")
    m: str | None = Field(None, description="m in words, where it is only quoted")
    conditions: str = Field(description="when it holds")
    convention: Literal["watanabe", "ideal"] = Field(description="watanabe or ideal")
    source: list[str] = Field(description="a list of keys of references.bib")
    locator: str | None = Field(None, description="where in the source")
    check: Literal["computed", "checked", "quoted", "disagrees"] = Field(description=f"one of {', '.join(CHECKS)}")
    how: str = Field(description="what agrees, over which range; or why it was not checked")


def called(function: Function, arguments: dict[str, Any]) -> tuple[str, str, str]:
    """A call as written, and the λ and m it gives; ``ValueError`` or ``TypeError`` if it cannot be made."""
    exact = {name: Fraction(value) if isinstance(value, str) else value for name, value in arguments.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that λ exceeds d/2 where the prior vanishes is said in the row's conditions
        result = getattr(closed_forms, function.name)(**exact)
    written = f"{function.name}({', '.join(f'{name}={value}' for name, value in arguments.items())})"
    if isinstance(result, closed_forms.Bounds):
        return written, f"from {result.low} to {result.high}", ""
    return written, str(result.lam), str(result.m)


@cache
def rows_of(source_dir: Path) -> list[tuple[Row, list[tuple[str, str, str]]]]:
    """Every row with what its calls give; what is wrong with one is reported and the row left out."""
    found = []
    for row, line in read_rows(source_dir / TABLE, Row, source_dir):
        location = f"{TABLE}:{line}"
        if row.function and not hasattr(closed_forms, row.function.name):
            report(location, f"no function is called “{row.function.name}”", suggest(row.function.name, [n for n in vars(closed_forms) if n.islower()]))
            continue
        try:
            values = [called(row.function, call) for call in row.function.calls] if row.function else []
        except (ValueError, TypeError) as error:
            report(location, f"“{row.id}” cannot be computed ({error})", "correct its calls")
            continue
        found.append((row, values))
    return found


class Coefficients(SphinxDirective):
    """``{coefficients}``: all rows, below what the words of the last column mean."""

    def run(self) -> list[nodes.Node]:
        for name in (TABLE, "_figures/coefficients.py"):
            self.env.note_dependency(str(self.env.srcdir / name))
        rows = rows_of(Path(self.env.srcdir))
        meanings = "\n".join(f"- *{word}* ({sum(row.check == word for row, _ in rows)}): {meaning}" for word, meaning in CHECKS.items())
        head = "| model | $\\lambda$ and $m$ | conditions | check |\n| --- | --- | --- | --- |\n"
        table = self.parse_text_to_nodes(head + "\n".join(self.line(*row) for row in rows))
        for drawn, (row, _) in zip([r for node in table for r in node.findall(nodes.row)][1:], rows, strict=True):
            self.make_target(drawn, row)
        for node in table:
            node["classes"] += ["coefficients", "wordy"]
        return [*self.parse_text_to_nodes(meanings), *table]

    def line(self, row: Row, values: list[tuple[str, str, str]]) -> str:
        cited = f" {{cite:p}}`{','.join(row.source)}`" if row.source else " (derived here)"
        given = [row.formula] if row.formula else []
        given += [f"`{call}`: **{lam}**" + (f", $m = {m}$" if m else "") for call, lam, m in values]
        given += [f"*quoted:* {row.lam}; $m$: {row.m}"] if row.lam else []
        convention = "" if row.convention == "watanabe" else " *The source’s convention is that of ideals, $2\\lambda$.*"
        cells = [row.model + cited, "<br />".join(given), row.conditions + convention, f"*{row.check}* {row.how}"]
        return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"

    def make_target(self, drawn: nodes.row, row: Row) -> None:
        label = f"coefficient-{row.id}"
        drawn[0].insert(0, nodes.target("", "", ids=[label]))
        drawn["classes"].append(f"check-{row.check}")
        standard = self.env.domains.standard_domain
        standard.labels[label] = (self.env.docname, label, row.model)
        standard.anonlabels[label] = (self.env.docname, label)


# -- Writing -------------------------------------------------------------------------------------


def records(source_dir: Path) -> list[dict[str, Any]]:
    """A record a computed value, or a row where nothing is computed."""
    found = []
    for row, values in rows_of(source_dir):
        shared = {"id": row.id, "kind": row.kind, "model": row.model, "formula": row.formula or "", "conditions": row.conditions}
        shared |= {"convention": "watanabe", "source": " ".join(row.source), "check": row.check, "how": row.how}
        for call, lam, m in values or [("", row.lam or "", row.m or "")]:
            record = shared | {"call": call, "lambda": lam, "m": m}
            found.append({name: " ".join(record[name].split()) for name in COLUMNS})
    return found


def write(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.name not in ("html", "dirhtml") or not (app.srcdir / TABLE).exists():
        return
    found = records(Path(app.srcdir))
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    (app.outdir / "coefficients.csv").write_text(text.getvalue(), encoding="utf-8")
    (app.outdir / "coefficients.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def add_script(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if re.search(r'<table class="[^"]*\bcoefficients\b', context.get("body", "")):
        app.add_js_file("coefficients.js", loading_method="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("content_model")
    app.add_directive("coefficients", Coefficients)
    app.connect("html-page-context", add_script)
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
