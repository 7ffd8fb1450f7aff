"""No number on the site rests on trust: those that can be computed are, and those that are not say so."""

from __future__ import annotations

import re

import pytest
from conftest import PROJECT, Site

import computed

PAGES = sorted(path for pattern in ("*.md", "faq/**/*.md", "glossary/*.md", "seminar/*.md") for path in PROJECT.glob(pattern))
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$]+?)\$", re.DOTALL)
#: A whole number, a decimal one or a fraction that is not the first factor of something.
NUMBER = r"-?(?:\\[dt]?frac\s*(?:\d|\{\s*\d+\s*\})\s*(?:\d|\{\s*\d+\s*\})|\d+(?:[./]\d+|\{,\}\d+)*)(?![\d./]*\s*(?:[(\[A-Za-z^]|\\(?:cdot|sqrt|left|[Bb]ig|log|lambda|nu|,)))"
#: “λ = 3/4”, “\hat\lambda(w) ≈ 12”, “m = 2”: a learning coefficient, an estimate of one, a multiplicity.
COEFFICIENT = re.compile(
    r"(?:\\hat\s*\{?\\lambda\}?|\\lambda|(?<![A-Za-z\\{])m)(?:_\{?[\w*]+\}?)?(?:\([^()$]*\))?\s*(?:=|\\approx|\\to)\s*" + NUMBER
)
#: “= 0.0244”, “≈ 34.5”: a result rounded to three digits or more. With fewer it may be what an example begins with.
ROUNDED = re.compile(r"(?:=|\\approx|\\simeq|\\doteq)\s*-?(?=[\d{},]*\.\d)(?:0\.0*|[.{},])*(?:[1-9](?:[.{},]*\d){2})")


def without_commands(tex: str) -> str:
    r"""A formula with a mark in the place of every ``\computed{…}`` and ``\given{…}``."""
    kept, rest = "", tex
    while found := computed.COMMAND.search(rest):
        kept += rest[: found.start()] + "@"
        rest = rest[computed.closing_brace(rest, found.end()) + 1 :]
    return kept + rest


def typed_in(text: str) -> list[str]:
    """The numbers of a page that should be computed or given, with the lines of their formulas."""
    return [
        f"line {text[: formula.start()].count(chr(10)) + 1}: {number[0]}"
        for formula in FORMULA.finditer(text)
        for pattern in (COEFFICIENT, ROUNDED)
        for number in pattern.finditer(without_commands(formula[1] or formula[2]))
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_no_number_is_typed_that_should_be_computed(path: object) -> None:
    assert typed_in(path.read_text(encoding="utf-8")) == [], r"write \computed{…}, or \given{…} where it is assumed or measured"


def test_a_typed_number_is_found() -> None:
    r"""The check above is itself checked."""
    text = (
        r"$\lambda = \frac12$ and $m = 2$." "\n" r"$\hat\lambda(w^*) \approx 12$, $\lambda_1 = 3/4$; $G = \log 2 = 0.693$, $$F = 1{,}234.5$$"
    )
    assert [found.split(": ")[0] for found in typed_in(text)] == ["line 1", "line 1", "line 2", "line 2", "line 2", "line 2"]
    harmless = r"$\lambda = d/2$, $8\lambda = 2(H+r)(M+N)$, $\lambda = \frac12\sqrt H$, $\lambda = 10 \cdot 11/4$, $2\lambda = 2\nu$, $n = 100$, $w = 0.5$, $\lambda = \computed{cusp(2, 3).lam}$, $m = \given{2}$, $G = \computed{log(2):.3f}$, $\sum_{m=1} x$"
    assert typed_in(harmless.replace("m=1", "k=1")) == []


@pytest.mark.parametrize(
    ("tex", "shown"),
    {
        r"\lambda = \computed{cusp(2, 3).lam}": r"\lambda = \frac{5}{12}",
        r"\lambda = \computed{cusp(2, 3).lam:/}, m = \computed{cusp(2, 3).m}": r"\lambda = 5/12, m = 1",
        r"\computed{-cusp(2, 3).lam}": r"-\frac{5}{12}",
        r"\computed{5*log(1000):.1f}": "34.5",
        r"\computed{10**6//2:,}": r"500{,}000",
        r"\computed{1/30000:.1e}": r"3.3 \times 10^{-5}",
        r"\computed{sum(1/k for k in range(1, 11)):.3f}": "2.929",
        r"\frac{\computed{2**10}}{\given{\pi}}": r"\frac{1024}{\pi}",
    }.items(),
)
def test_what_is_printed(tex: str, shown: str) -> None:
    assert computed.expanded(tex) == shown


@pytest.mark.parametrize(
    ("tex", "problem"),
    {
        r"\computed{cups(2, 3).lam}": "“cups” has no value: did you mean “cusp”?",
        r"\computed{cusp(2, 3)}": "a Coefficient is not a number: say which part of it",
        r"\computed{cusp(2, 3).lambda_}": "“lambda_” is no part of a result: did you mean",
        r"\computed{cusp(0, 1).lam}": "cannot be computed (p must be a whole number of at least 2",
        r"\computed{reduced_rank_regression(2, 2, 2, 3).lam}": "cannot be computed (rank",
        r"\computed{1/3}": "0.3333333333333333 would be printed with all its digits: say how many",
        r"\computed{1/3:three}": "“three” is not a format",
        r"\computed{1/0}": "cannot be computed (division by zero)",
        r"\computed{10.0**308*10}": "the value is inf",
        r"\computed{cusp(2.lam}": "is not an expression",
        r"\computed{().__class__.__bases__}": "is no part of a result",
        r"\computed{__import__('os')}": "“__import__” has no value",
        r"\computed{log(2)": "a brace is not closed: close it",
    }.items(),
)
def test_what_cannot_be_computed_is_explained(tex: str, problem: str) -> None:
    with pytest.raises(computed.Uncomputable) as raised:
        computed.expanded(tex)
    assert problem in f"{raised.value}: {raised.value.cure}"


def test_no_command_is_left_for_readers(site: Site) -> None:
    for name in set(site.names()) - {"CONTRIBUTING.html"}:  # which explains them
        assert not re.search(r"\\(computed|given)\b", (site.folder / name).read_text(encoding="utf-8")), name
