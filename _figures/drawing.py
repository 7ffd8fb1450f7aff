"""What a drawing is, and how all of them look: one size, one set of colours that are legible on light and dark pages.

Lines and words take the colour of the text around them (``currentColor``); series take one of :data:`SERIES`.
The same call gives the same bytes: nothing in the file depends on the day, the machine or the order of calls.
"""

from __future__ import annotations

import io
import math
import re
import xml.etree.ElementTree as ElementTree
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
LINE, AREA = 2, 4  # tenths of a point that a line, or the edge of an area, may pass a point by and leave it out
SVG = "{http://www.w3.org/2000/svg}"
ElementTree.register_namespace("", SVG.strip("{}"))
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
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
    """The figure as SVG to stand inside a page: no prolog, no date, text as text, ink in the page's colour, nothing that is not seen."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    root = ElementTree.fromstring(buffer.getvalue())
    root.attrib = {"viewBox": root.attrib["viewBox"]}
    flatten(root)
    made_up = {element.get("id"): f"p{place}" for place, element in enumerate(root.iter()) if re.fullmatch(r"[a-z][0-9a-f]{10}", element.get("id", ""))}
    for element in root.iter():
        element.text, element.tail = (element.text or "").strip() or None, "\n"
        element.attrib = {name: lean(name, value, LINE if pen(element) else AREA) for name, value in element.attrib.items()}
        if element.get("transform", "").startswith("rotate(-0 "):
            del element.attrib["transform"]
    svg = ElementTree.tostring(root, encoding="unicode").replace(" />", "/>").strip()
    return re.sub("|".join(made_up), lambda name: made_up[name[0]], svg) if made_up else svg


def flatten(parent: ElementTree.Element) -> None:
    """Takes away groups that say nothing and what has no colour, and makes one path of neighbours drawn by the same pen."""
    children: list[ElementTree.Element] = []
    for child in seen_in(parent):
        flatten(child)
        if children and pen(child) == pen(children[-1]) != {}:
            children[-1].set("d", children[-1].get("d", "") + child.get("d", ""))
        else:
            children.append(child)
    parent[:] = children


def seen_in(parent: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for child in parent:
        if re.fullmatch(r"\w[\w.]*_\d+", child.get("id", "")):
            del child.attrib["id"]  # Matplotlib's own count
        if child.tag == f"{SVG}g" and not child.attrib:
            yield from seen_in(child)
        elif child.tag != f"{SVG}metadata" and child.get("style") != "fill: none" and child.find(f"{SVG}style") is None:  # styles would reach the whole page
            yield child


def pen(element: ElementTree.Element) -> dict[str, str]:
    """How lines are drawn; nothing for what is not a line, of which the parts of one cover each other otherwise than two."""
    return {name: value for name, value in element.attrib.items() if name != "d"} if "fill: none" in element.get("style", "") else {}


def lean(name: str, value: str, off: int) -> str:
    """An attribute's value in fewer bytes, and in the page's colour and fonts."""
    if name == "d":
        return in_steps(value, off)
    if name in ("x", "y", "width", "height", "points", "transform"):
        return re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", value)
    return value.replace(INK, "currentColor").replace("'DejaVu Sans', sans-serif", "'DejaVu Sans', Verdana, sans-serif")


def in_steps(path: str, off: int) -> str:
    """A path of an SVG with each point given by its distance from the last, in tenths of a point, and none that a line passes: a third of the bytes."""
    steps, x, y, start, last = "", 0, 0, (0, 0), ""
    for run in re.findall(r"((?:L[^MLQCz]*)+|[MQCz][^MLQCz]*)", path):
        command = run[0]
        if command == "z":
            steps, last = steps + "z", command
            x, y = start
            continue
        tenths = [round(float(number) * 10) for number in re.findall(r"[-\d.e]+", run)]
        points = list(zip(tenths[::2], tenths[1::2], strict=True))
        points = bends([(x, y), *points], off)[1:] if command == "L" else points
        # Within L and M each point counts from the one before, within a curve from where the curve began.
        size = 1 if command in "ML" else {"Q": 2, "C": 3}[command]
        moved = []
        for place, point in enumerate(points, 1):
            moved += [f"{(number - origin) / 10:g}" for number, origin in zip(point, (x, y), strict=True)]
            if place % size == 0:
                x, y = point
        numbers = " ".join(moved).replace(" -", "-")
        if command == last != "M":  # a command goes on until there is another
            steps += numbers if numbers.startswith("-") else f" {numbers}"
        else:
            steps += (command.lower() if steps else command) + numbers
        start, last = (x, y) if command == "M" else start, command
    return steps


def bends(points: list[tuple[int, int]], off: int) -> list[tuple[int, int]]:
    """The ends of a line, and the points without which it would pass another by more than ``off`` (Douglas and Peucker)."""
    (x, y), *between, (to_x, to_y) = points
    length = math.hypot(to_x - x, to_y - y)

    def distance(point: tuple[int, int]) -> float:
        across, along = point[0] - x, point[1] - y
        return abs(across * (to_y - y) - along * (to_x - x)) / length if length else math.hypot(across, along)

    farthest = max(range(len(between)), key=lambda place: distance(between[place]), default=None)
    if farthest is None or distance(between[farthest]) <= off:
        return [points[0], points[-1]]
    return bends(points[: farthest + 2], off)[:-1] + bends(points[farthest + 1 :], off)
