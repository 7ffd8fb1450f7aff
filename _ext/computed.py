r"""Numbers computed, not typed: the commands ``\computed{…}`` and ``\given{…}`` in any formula.

``$\lambda = \computed{cusp(2, 3).lam}$`` prints 5/12, as a fraction. What stands in the braces is an expression: functions of
``_figures/coefficients.py`` and ``_figures/examples.py``, those of Python's ``math``, a few of its own (``sum``, ``range``, …), and
arithmetic. A format may follow after a colon, as Python has them (``.2f``, ``,``, ``.1e``), or ``/`` for a fraction in a line. A number
that is not whole and not a fraction needs one.

``\given{20}`` prints 20: a number that is assumed, or measured by somebody whom the sentence cites. The tests ask of every learning
coefficient and every rounded number on the site to be the one or the other.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.nodes import NodeMatcher

from _figures import coefficients, examples
from content_model import report, suggest

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

MODULES = (coefficients, examples)
FILES = ("_figures/coefficients.py", "_figures/examples.py")
BUILTINS = {function.__name__: function for function in (abs, len, list, max, min, range, round, sum)}
#: What an expression may name.
KNOWN: dict[str, Any] = {
    **{name: value for name, value in vars(math).items() if not name.startswith("_")},
    **BUILTINS,
    **{name: value for module in MODULES for name, value in vars(module).items() if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__},
    "Fraction": Fraction,
}
PARTS_OF_RESULTS = {"lam", "m", "low", "high", "numerator", "denominator"}
MATHS = NodeMatcher(nodes.math, nodes.math_block)
COMMAND = re.compile(r"\\(computed|given)\s*\{")


class Uncomputable(Exception):
    """An expression has no value that can be printed: what is wrong, and how to mend it."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what)
        self.cure = cure


def expanded(tex: str) -> str:
    r"""A formula with every ``\computed{…}`` and ``\given{…}`` replaced by what it prints; may raise :class:`Uncomputable`."""
    parts, rest = [], tex
    while found := COMMAND.search(rest):
        end = closing_brace(rest, found.end())
        inside = " ".join(rest[found.end() : end].split())
        parts += [rest[: found.start()], printed(inside) if found[1] == "computed" else inside]
        rest = rest[end + 1 :]
    return "".join([*parts, rest])


def closing_brace(text: str, start: int) -> int:
    depth = 1
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise Uncomputable("a brace is not closed", "close it")


@cache
def printed(inside: str) -> str:
    """The value of an expression, as TeX."""
    expression, _, form = (part.strip() for part in inside.partition(":"))
    return as_tex(value_of(expression), form)


def value_of(expression: str) -> Any:
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError as error:
        raise Uncomputable(f"“{expression}” is not an expression ({error.msg})", "write it as Python does") from None
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in KNOWN and node.id not in own:
            raise Uncomputable(f"“{node.id}” has no value", suggest(node.id, KNOWN))
        if isinstance(node, ast.Attribute) and node.attr not in PARTS_OF_RESULTS:
            raise Uncomputable(f"“{node.attr}” is no part of a result", suggest(node.attr, PARTS_OF_RESULTS))
    try:
        return eval(compile(tree, "<formula>", "eval"), {"__builtins__": {}, **KNOWN})
    except (ArithmeticError, TypeError, ValueError, AttributeError) as error:
        raise Uncomputable(f"“{expression}” cannot be computed ({error})", "correct it; its docstring says what a function takes") from None


def as_tex(value: Any, form: str) -> str:
    if isinstance(value, Callable) or not isinstance(value, (int, float, Fraction)):
        raise Uncomputable(f"a {type(value).__name__} is not a number", "say which part of it: lam, m, low or high")
    if isinstance(value, float) and not math.isfinite(value):
        raise Uncomputable(f"the value is {value}", "correct the expression")
    if form in {"", "/"}:
        return exact(value, in_line=form == "/")
    try:
        text = format(float(value) if not form == "," else value, form)
    except ValueError:
        raise Uncomputable(f"“{form}” is not a format", "write one of Python’s, as .2f, or / for a fraction in a line") from None
    text = text.replace(",", "{,}")
    mantissa, power, exponent = text.partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if power else text


def exact(value: float | Fraction, *, in_line: bool) -> str:
    if isinstance(value, float):
        if not value.is_integer():
            raise Uncomputable(f"{value} would be printed with all its digits", "say how many, as in :.2f")
        value = int(value)
    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    if in_line:
        return f"{value.numerator}/{value.denominator}"
    return ("-" if value < 0 else "") + rf"\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


class PrintNumbers(SphinxTransform):
    """Puts the numbers into the formulas of a page before anything else reads them."""

    default_priority = 300

    def apply(self, **kwargs: Any) -> None:
        formulas = [node for node in MATHS.findall(self.document) if COMMAND.search(node.astext())]
        for name in FILES if formulas else ():
            self.env.note_dependency(str(self.env.srcdir / name))
        for node in formulas:
            tex = node.astext()
            try:
                shown = expanded(tex)
            except Uncomputable as problem:
                report(node, str(problem), problem.cure)
                shown = COMMAND.sub("{", tex)
            node.rawsource = shown
            node.children = []
            node += nodes.Text(shown)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_transform(PrintNumbers)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
