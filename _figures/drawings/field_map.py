"""A map of the site's questions: themes as rows, evidence words as columns, one dot a question, as large as the works it cites.

Computed from the front matter of the question pages and the citations in their text; order and names of the themes are
those of index.md and the themes' own pages. Area counts the different works that a page cites. A dot's title is its question.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from pathlib import Path
from textwrap import fill

from _figures.drawing import INK, SERIES, Drawing, as_svg, canvas

#: What decides what is drawn: the order of the themes, and of each page its title, evidence word and citations.
READS = {"index.md": r"^faq/.+/index$", "faq/*/*.md": r"^# .+$|^evidence: .+$|\{cite:\w+\}`[^`]+`"}
PROJECT = Path(__file__).resolve().parents[2]
EVIDENCE = ("theorem", "replicated", "reported", "conjecture", "opinion")
ROW, TOP, LEFT, COLUMN, STEP, IN_LINE = 27, 44, 112, 49, 9, 5  # points; dots to a line of a cell
LEGEND = (5, 15, 30)


@dataclass(frozen=True)
class Asked:
    """A question, as far as the map needs it."""

    title: str
    theme: str
    evidence: str
    works: frozenset[str]


def heading(text: str) -> str:
    return re.search(r"^# (.+)$", text, re.MULTILINE)[1]


def questions() -> list[Asked]:
    found = []
    for path in sorted((PROJECT / "faq").glob("*/*.md")):
        if path.stem != "index":
            _, matter, body = path.read_text(encoding="utf-8").split("---\n", 2)
            works = {key.strip() for cited in re.findall(r"\{cite:\w+\}`([^`]+)`", body) for key in cited.split(",")}
            found.append(Asked(heading(body), path.parent.name, re.search(r"^evidence: (\w+)", matter, re.MULTILINE)[1], frozenset(works)))
    return found


def themes() -> dict[str, str]:
    """The name of each theme by its folder, in the order of the front page."""
    folders = re.findall(r"^faq/([\w-]+)/index$", (PROJECT / "index.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {folder: heading((PROJECT / "faq" / folder / "index.md").read_text(encoding="utf-8")) for folder in folders}


def size(works: int) -> float:
    """A dot's diameter: its area counts works, and thirty fill its place."""
    return STEP * 0.93 * min(works / 30, 1) ** 0.5


def draw() -> Drawing:
    asked, names = questions(), themes()
    counts = Counter(question.evidence for question in asked)
    height = TOP + ROW * len(names) + 24
    with canvas(height=height / 72) as figure:
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 360), ylim=(height, 0))
        axes.axis("off")

        def dot(x: float, y: float, works: int, name: str | None = None) -> None:
            axes.plot(x, y, "o", markersize=size(works), markeredgewidth=0, color=SERIES[0] if name else INK, gid=name)

        for column, word in enumerate(EVIDENCE):
            middle = LEFT + COLUMN * (column + 0.5)
            axes.text(middle, 12 + 14 * (column % 2), word, ha="center")
            axes.text(middle, 40, counts[word], ha="center")
        for row, (theme, name) in enumerate(names.items()):
            y = TOP + ROW * (row + 0.5)
            axes.plot([0, 360], [y - ROW / 2] * 2, color=INK, linewidth=0.4, alpha=0.4)
            axes.text(LEFT - 6, y, fill(name, 19), ha="right", va="center", fontsize=10, linespacing=1)
            for column, word in enumerate(EVIDENCE):
                cell = [number for number, question in enumerate(asked) if (question.theme, question.evidence) == (theme, word)]
                for place, number in enumerate(cell):
                    line, across = divmod(place, IN_LINE)
                    x = LEFT + COLUMN * (column + 0.5) + STEP * (across - (min(len(cell) - IN_LINE * line, IN_LINE) - 1) / 2)
                    dot(x, y + STEP * (line - (len(cell) - 1) // IN_LINE / 2), len(asked[number].works), f"question{number}")
        for place, works in enumerate(LEGEND):
            dot(LEFT + 30 + 50 * place, height - 10, works)
            axes.text(LEFT + 37 + 50 * place, height - 10, f"{works}" + " works cited" * (works == LEGEND[-1]), va="center")
        svg = as_svg(figure)
    for number, question in enumerate(asked):
        svg = svg.replace(f'<g id="question{number}">', f"<g><title>{escape(question.title)} ({len(question.works)} works cited)</title>")
    crowded = {word: Counter(question.theme for question in asked if question.evidence == word).most_common(1)[0] for word in ("theorem", "opinion")}
    cited = frozenset.union(*(question.works for question in asked))
    values = {word: str(counts[word]) for word in EVIDENCE} | {
        "questions": str(len(asked)),
        "themes": str(len(names)),
        "works": str(len(cited)),
        "shared": str(sum(n > 1 for n in Counter(work for question in asked for work in question.works).values())),
        "most": str(max(len(question.works) for question in asked)),
    }
    alt = (
        f"A table of dots: {values['themes']} themes as rows, the five evidence words as columns, one dot for each of {values['questions']} questions, larger where more works are cited. "
        + ", ".join(f"{word} {values[word]}" for word in EVIDENCE)
        + f". Together the pages cite {values['works']} works, one page up to {values['most']}. "
        + " ".join(f"The row with most in the column “{word}” is “{names[theme]}” ({count})." for word, (theme, count) in crowded.items())
    )
    return Drawing(svg, alt, values)
