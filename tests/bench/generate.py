"""Makes sites of any size that look like this one: its front matter, headings, terms, citations and formulas.

Each page is put together from sentences of the real question pages, in a new order, so words are as
varied as real ones; rarer words are replaced by made-up ones with the frequencies of a natural text, so
that the vocabulary, and with it the search index, grows with the site as it would. The same seed gives the
same site.
"""

from __future__ import annotations

import random
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[2]
PER_THEME = 10
SECTIONS = 4
SENTENCES = 4
SYLLABLES = "ba ce di fo gu ha ki lo mi no pa qui ra se ti vo wu xa ye zo tra ple stru gen mor lex cor vin dal per".split()


@dataclass(frozen=True)
class Material:
    """What real pages are made of: sentences, headings, and names to link to."""

    sentences: list[str]
    headings: list[str]
    terms: list[str]
    keys: list[str]


def material() -> Material:
    sentences, headings = [], []
    for path in sorted((PROJECT / "faq").glob("*/*.md")):
        if path.name == "index.md":
            continue
        body = path.read_text(encoding="utf-8").split("---\n", 2)[2]
        headings += re.findall(r"^## (.+)$", body, re.MULTILINE)
        for paragraph in body.split("\n\n"):
            if re.match(r"\s*(#|\||[-*] |\$\$|`)", paragraph) or re.search(r"\{(ref|doc|value|drawn)\}", paragraph):
                continue
            text = " ".join(paragraph.split())
            sentences += [s for s in re.split(r"(?<=[a-z)`]\.)\s+(?=[A-Z])", text) if balanced(s) and s.count(" ") > 5]
    glossary = "".join(p.read_text(encoding="utf-8") for p in sorted((PROJECT / "glossary").glob("*.md")) if p.name != "index.md")
    terms = re.findall(r"^([a-z][a-z -]{3,})$\n(?=[ a-zA-Z])", glossary, re.MULTILINE)
    keys = re.findall(r"^@\w+\{([^,]+),", (PROJECT / "references.bib").read_text(encoding="utf-8"), re.MULTILINE)
    return Material(sentences, headings, sorted(set(terms)), keys)


def balanced(text: str) -> bool:
    return all(text.count(mark) % 2 == 0 for mark in "$`*\"") and text.count("(") == text.count(")")


class Writer:
    """Writes pages, with a vocabulary that grows as that of a natural text does."""

    def __init__(self, seed: int, terms: int | None = None) -> None:
        self.random = random.Random(seed)
        self.of = material()
        self.words: list[str] = []
        if terms is not None:  # made-up ones in the place of the real ones
            self.of = replace(self.of, terms=[f"{self.word()} {self.word()} {number}" for number in range(terms)])
            self.of = replace(self.of, sentences=[re.sub(r"\{term\}`[^`]*`", lambda _: self.link(), text) for text in self.of.sentences])

    def link(self) -> str:
        return f"{{term}}`{self.random.choice(self.of.terms)}`"

    def word(self) -> str:
        """A made-up word: often one that was used before, sometimes a new one."""
        if not self.words or self.random.random() < 0.08:
            self.words.append("".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4))))
            return self.words[-1]
        return self.random.choice(self.words)

    def sentence(self) -> str:
        text = self.random.choice(self.of.sentences)
        parts = re.split(r"(\{[^}]*\}`[^`]*`|\$[^$]*\$)", text)  # roles and formulas stay
        return "".join(
            part if index % 2 else re.sub(r"\b[a-z]{7,}\b", lambda w: self.word() if self.random.random() < 0.3 else w[0], part)
            for index, part in enumerate(parts)
        )

    def section(self) -> str:
        sentences = [self.sentence() for _ in range(SENTENCES * 2)]
        key = self.random.choice(self.of.keys)
        sentences.insert(2, f"This bears on the {self.link()} of a {self.word()} {{cite:p}}`{key}`.")
        half = len(sentences) // 2
        return f"## {self.random.choice(self.of.headings)}\n\n{' '.join(sentences[:half])}\n\n{' '.join(sentences[half:])}\n"

    def entry(self, name: str) -> str:
        """A glossary entry as long as a real one: a definition with a formula, two paragraphs with links, a citation."""
        define = " ".join(self.word() for _ in range(25))
        text = " ".join(self.sentence() for _ in range(4))
        return f"{name}\n{name}s\n  A {define}, $K(w) \\le \\varepsilon^{{\\lambda}}$.\n\n  *Example.* {text}\n\n  It is a {self.link()} {{cite:p}}`{self.random.choice(self.of.keys)}`.\n"

    def glossary(self, folder: Path) -> None:
        """Made-up terms, dealt out to pages of fifty."""
        for path in folder.glob("*.md"):
            path.unlink()
        pages = [self.of.terms[start : start + 50] for start in range(0, len(self.of.terms), 50)]
        for number, terms in enumerate(pages):
            entries = "\n".join(map(self.entry, terms))
            (folder / f"area-{number:03}.md").write_text(f"# Area {number}\n\n:::{{glossary}}\n{entries}:::\n", encoding="utf-8")
        (folder / "index.md").write_text("# Glossary\n\n```{toctree}\n:glob:\n\narea-*\n```\n\n```{term-index}\n```\n", encoding="utf-8")

    def question(self, name: str, related: list[str]) -> str:
        formula = self.random.choice([r"F_n = n L_n(w_0) + \lambda \log n", r"V(\varepsilon) \sim c\,\varepsilon^{\lambda}", r"\int_W e^{-n\beta K(w)} \varphi(w)\,dw"])
        matter = yaml.safe_dump(
            {
                "short": " ".join(self.word() for _ in range(40)).capitalize() + ".",
                "evidence": self.random.choice(["theorem", "replicated", "reported", "conjecture"]),
                "level": self.random.choice(["intro", "technical"]),
                "asked_as": [f"Why is a {self.word()} {self.word()}?"],
                "related": related,
            },
            sort_keys=False,
        )
        title = f"# What is a {self.word()} {self.word()}, and why does {self.word()} {name.rpartition('-')[2]} matter?"
        sections = "\n".join(self.section() for _ in range(SECTIONS))
        return f"---\n{matter}reviewed: 2026-11-23\n---\n\n{title}\n\n{self.sentence()}\n\n$$\n{formula}\n$$\n\n{sections}"


def names(size: int) -> list[list[str]]:
    """The names of the questions, by theme."""
    questions = [f"question-{number:04}" for number in range(size)]
    return [questions[start : start + PER_THEME] for start in range(0, size, PER_THEME)]


def content(folder: Path, size: int, seed: int = 1, terms: int | None = None) -> None:
    """Write the sources that all generators build from: questions, glossary (the real one, or made-up terms), references, seminar."""
    writer = Writer(seed, terms)
    for part in ("glossary", "seminar"):
        shutil.copytree(PROJECT / part, folder / part)
    for name in ("references.md", "references.bib"):
        shutil.copy(PROJECT / name, folder / name)
    themes = names(size)
    for number, theme in enumerate(themes):
        place = folder / "faq" / f"theme-{number:03}"
        place.mkdir(parents=True)
        (place / "index.md").write_text(f"# Theme {writer.word()} {number}\n\n```{{questions}}\n```\n", encoding="utf-8")
        for name in theme:
            related = writer.random.sample([other for other in theme if other != name], min(3, len(theme) - 1))
            (place / f"{name}.md").write_text(writer.question(name, related), encoding="utf-8")
    (folder / "faq" / "claims.yaml").write_text("[]\n", encoding="utf-8")
    evidence = (PROJECT / "faq" / "evidence.md").read_text(encoding="utf-8")
    evidence = re.sub(r"^```\{drawing\}.*?^```\n", "", re.sub(r"\{ref\}`[^`]*`", "a question", evidence), flags=re.DOTALL | re.MULTILINE)
    (folder / "faq" / "evidence.md").write_text(evidence, encoding="utf-8")
    for path in [*(folder / "glossary").glob("*.md"), *(folder / "seminar").glob("*.md")]:
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\{(?:ref|doc)\}`([^`<]*)(?: <[^`]*>)?`", r"\1", text)
        path.write_text(text, encoding="utf-8")
    talks = (folder / "seminar" / "talks.yaml").read_text(encoding="utf-8")
    talks = re.sub(r"^  questions: .*$", "  questions: [question-0000]", talks, flags=re.MULTILINE)
    if terms is not None:
        talks = re.sub(r"^  terms: .*\n", "", talks, flags=re.MULTILINE)
        writer.glossary(folder / "glossary")
        for path in [*folder.glob("seminar/*.md"), folder / "faq" / "evidence.md"]:
            path.write_text(re.sub(r"\{term\}`[^`]*`", lambda _: writer.link(), path.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "seminar" / "talks.yaml").write_text(talks, encoding="utf-8")
    listed = "\n".join([*(f"faq/theme-{number:03}/index" for number in range(len(themes))), "faq/evidence", "glossary/index", "seminar/index", "references"])
    (folder / "index.md").write_text(f"# A site of {size} questions\n\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n", encoding="utf-8")
