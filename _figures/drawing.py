"""What a drawing is, and how all of them look: one size, one set of colours that are legible on light and dark pages.

Lines and words take the colour of the text around them (``currentColor``); series take one of :data:`SERIES`.
The same call gives the same bytes: nothing in the file depends on the day, the machine or the order of calls.
"""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.axis import Axis

#: Blue, orange, green and magenta: at least 3:1 against both a white page and Furo's dark one.
SERIES = ("#2f7fe0", "#c76b00", "#1f9a4d", "#d0409a")
#: Stands for the text colour until the file is written; no series has it.
INK = "#010203"
WIDTH, HEIGHT = 5.0, 3.5  # inches: words are legible where the column is a phone wide


@dataclass(frozen=True)
class Drawing:
    """An SVG picture, what it shows in words, and the numbers that its caption may quote, as printed."""

    svg: str
    alt: str
    values: dict[str, str] = field(default_factory=dict)


@contextmanager
def canvas(width: float = WIDTH, height: float = HEIGHT) -> Iterator[Figure]:
    """A figure in the site's style; pass it to :func:`as_svg` inside the block."""
    style = {
        "svg.hashsalt": "metauni",
        "svg.fonttype": "none",
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": 10.5,
        "text.color": INK,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.facecolor": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": mpl.cycler(color=SERIES),
        "xtick.color": INK,
        "ytick.color": INK,
        "lines.linewidth": 1.8,
        "legend.frameon": False,
        "legend.fontsize": 9.5,
        "figure.facecolor": "none",
        "path.simplify_threshold": 0.3,
    }
    with mpl.rc_context(style):
        yield Figure(figsize=(width, height), layout="constrained")


def power_of_ten(exponent: int) -> str:
    """10⁻⁸ as plain text: mathematical text costs ten times the bytes, and its exponents are too small for a phone."""
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def decades(axis: Axis, exponents: Iterable[int]) -> None:
    """Ticks of a logarithmic axis at these powers of ten, and none between."""
    exponents = list(exponents)
    axis.set_ticks([10.0**e for e in exponents], [power_of_ten(e) for e in exponents])
    axis.set_ticks([], minor=True)


def as_svg(figure: Figure) -> str:
    """The figure as SVG to stand inside a page: no prolog, no date, text as text, ink in the page's colour."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = re.sub(r"(?s)^.*?(?=<svg)", "", buffer.getvalue())
    svg = re.sub(r"(?s)<metadata>.*?</metadata>\s*", "", svg)
    svg = re.sub(r'(?s)<defs>\s*<style type="text/css">\*\{([^}]*)\}</style>\s*</defs>', "", svg)  # it would reach the whole page
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="\w[\w.]*_\d+">', "<g>", svg)
    svg = re.sub(r'(?<= )(x|y|points|transform)="[^"]*"', lambda attribute: re.sub(r"\d+\.\d{3,}", lambda n: f"{float(n[0]):.2f}", attribute[0]), svg)
    svg = re.sub(r'(?<= d=")[^"]*', lambda path: in_steps(path[0]), svg)
    svg = svg.replace(INK, "currentColor")
    svg = re.sub(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', r'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="\1">', svg, count=1)
    svg = svg.replace("'DejaVu Sans', sans-serif", "'DejaVu Sans', Verdana, sans-serif")
    svg = re.sub(r' transform="rotate\(-0 [^"]*"', "", svg)
    return re.sub(r"\n\s*", "\n", svg).strip()


def in_steps(path: str) -> str:
    """A path of an SVG with each point given by its distance from the last, in tenths of a point: a third of the bytes."""
    steps, x, y, start = [], 0, 0, (0, 0)
    for command, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", path):
        if command == "z":
            steps.append("z")
            x, y = start
            continue
        tenths = [round(float(number) * 10) for number in numbers.split()]
        points = list(zip(tenths[::2], tenths[1::2], strict=True))
        moved = (f"{(to_x - x) / 10:g} {(to_y - y) / 10:g}" for to_x, to_y in points)
        steps.append((command.lower() if steps else command) + " ".join(moved))
        x, y = points[-1]
        start = (x, y) if command == "M" else start
    return "".join(steps)
