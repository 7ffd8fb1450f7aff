"""Every mistake a contributor can make is named with file, line and cure, and harms nothing that was built."""

from __future__ import annotations

import re

import pytest
from conftest import TinySite

QUESTION = "faq/basics/what-is-it.md"
GLOSSARY = "glossary/learning.md"
TALKS = "seminar/talks.yaml"

#: name: (file, what stands there, what replaces it, the message that is expected)
MISTAKES = {
    "malformed front matter": (QUESTION, "claims: [S01]", "claims: [S01", rf"{QUESTION}:\d+: Malformed YAML.*: mend the block"),
    "no front matter": (QUESTION, "---\nshort", "short", rf"{QUESTION}:1: the question has no front matter: begin the file"),
    "unknown key": (QUESTION, "level: intro", "level: intro\nlevels: intro", rf"{QUESTION}:5: unknown key `levels`: did you mean `level`\?"),
    "missing key": (QUESTION, "evidence: theorem\n", "", rf"{QUESTION}:1: `evidence` is missing: add it: one of theorem"),
    "bad date": (QUESTION, "2026-11-23", "23 November", rf"{QUESTION}:5: “23 November” is not a date: write year-month-day"),
    "over-long short answer": (
        QUESTION,
        "It is a theory of learning.",
        "word " * 61,
        rf"{QUESTION}:2: `short` has 61 words: cut it to 60 or fewer",
    ),
    "markup in the short answer": (QUESTION, "of learning.", "of `learning`.", rf"{QUESTION}:2: `short` holds markup"),
    "unknown evidence word": (QUESTION, "evidence: theorem", "evidence: theorems", rf"{QUESTION}:3: unknown evidence word “theorems”: did you mean “theorem”\?"),
    "unknown level": (QUESTION, "level: intro", "level: easy", rf"{QUESTION}:4: `level` cannot be 'easy': it must be intro or technical"),
    "opinion of nobody": ("faq/basics/what-is-it-not.md", "view: Nobody, personal\n", "", r"faq/basics/what-is-it-not.md:1: an opinion without `view`: say whose it is"),
    "unknown related question": (QUESTION, "[what-is-it-not]", "[what-is-not]", rf"{QUESTION}:9: unknown related question “what-is-not”: did you mean “what-is-it-not”\?"),
    "unknown claim": (QUESTION, "[S01]", "[S02]", rf"{QUESTION}:8: unknown claim “S02”: did you mean “S01”\?"),
    "unknown term": (QUESTION, "{term}`learning coefficient`", "{term}`lerning coefficient`", rf"{QUESTION}:14: no glossary entry is called “lerning coefficient”: did you mean “learning coefficient”\?"),
    "unknown citation": (QUESTION, "watanabe2009algebraic", "watanabe1809", rf"{QUESTION}:14: could not find bibtex key \"watanabe1809\".*: correct the key, or add the work to references.bib"),
    "incomplete reference": ("references.bib", "  publisher = {Cambridge University Press},\n", "", r"references.bib:1: @book\{watanabe2009algebraic\} is not complete \(missing publisher in watanabe2009algebraic\): add what was seen, or make it @misc"),
    "bad TeX": (QUESTION, r"\lambda \le d/2", r"\lambda \lee d/2", rf"{QUESTION}:14:65: the formula “.*” cannot be read \(Unknown command \".lee\"\): correct its TeX, or define the command in math_macros"),
    "number of nothing": (QUESTION, r"\lambda \le d/2", r"\lambda \le \computed{cups(2, 3).lam}", rf"{QUESTION}:14: “cups” has no value: did you mean “cusp”\?"),
    "formula that does not end": (GLOSSARY, r"$\log n$", r"$\frac{{1}}{{n$".replace("{{", "{").replace("}}", "}"), rf"{GLOSSARY}:6:\d+: the formula “.*” cannot be read \(Expected closing token .*\): correct its TeX"),
    "unknown question in a list": ("faq/basics/index.md", ":first: what-is-it", ":first: what-is-this", r"faq/basics/index.md:3: no question of this folder is called “what-is-this”"),
    "duplicate term": (GLOSSARY, "multiplicity\n", "multiplicity\nlearning coefficient\n", rf"{GLOSSARY}:8: “learning coefficient” is already a name of “learning coefficient” \(glossary/learning\): keep it in one place"),
    "case twins": (GLOSSARY, "multiplicity\n", "multiplicity\nLearning coefficient\n", rf"{GLOSSARY}:8: “Learning coefficient” and “learning coefficient” \(glossary/learning\) differ only by case: keep one"),
    "colon line in a glossary": (GLOSSARY, "  The order of a pole.", ": The order of a pole.", rf"{GLOSSARY}:9: “: The order of a pole.” begins with a colon, which makes it a term: indent the line"),
    "bare symbol": (GLOSSARY, "multiplicity\n", "multiplicity\nλ\n", rf"{GLOSSARY}:9: “λ” is a bare symbol: name the term in words"),
    "over-long definition": (GLOSSARY, "The order of a pole.", "word " * 41, rf"{GLOSSARY}:8: the first paragraph of “multiplicity” has 41 words: cut it to 40 or fewer"),
    "term without definition": (GLOSSARY, "  The order of a pole.\n", "", rf"{GLOSSARY}:8: “multiplicity” has no definition: indent a first paragraph"),
    "talk without a date": (TALKS, "  date: 2022-01-13\n", "", rf"{TALKS}:1: talk “slt-first” has no date: add `date`, or `announced: true` if no record"),
    "malformed video address": (TALKS, "youtu.be/QZG40ZY5TeU", "youtube/QZG40ZY5TeU", rf"{TALKS}:6: “https://youtube/QZG40ZY5TeU” is not a web address: write it whole"),
    "video address cut short": (TALKS, "QZG40ZY5TeU", "QZG40ZY5", rf"{TALKS}:6: “https://youtu.be/QZG40ZY5” is not the address of a video: write it as"),
    "malformed talks": (TALKS, "speakers: [Somebody]", "speakers: [Somebody", rf"{TALKS}:\d+: malformed YAML .*: check the indentation"),
    "talk on an unknown term": (TALKS, "[learning coefficient]", "[learning rate]", rf"{TALKS}:1: unknown term “learning rate”"),
    "talk on an unknown question": (TALKS, "questions: [what-is-it]", "questions: [what-is-that]", rf"{TALKS}:1: unknown question “what-is-that”: did you mean “what-is-it”\?"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_explained_and_the_last_good_site_stays(tiny: TinySite, mistake: str) -> None:
    name, old, new, message = MISTAKES[mistake]
    before = tiny.fingerprint()
    tiny.edit(name, old, new)
    result = tiny.make()
    assert result.returncode != 0, "the build passed"
    assert re.search(rf"^{message}", result.stderr, re.MULTILINE), result.stderr
    assert "Traceback" not in result.stderr
    assert tiny.fingerprint() == before, "the last good site changed"
    assert not list((tiny.folder / "_build").glob("next*")), "a half-written build is left"


def test_duplicate_question_name_is_explained(tiny: TinySite) -> None:
    theme = tiny.folder / "faq" / "other"
    theme.mkdir()
    (theme / "index.md").write_text("# Other\n\n```{questions}\n```\n", encoding="utf-8")
    (theme / "what-is-it.md").write_text((tiny.folder / QUESTION).read_text(encoding="utf-8"), encoding="utf-8")
    tiny.edit("index.md", "faq/evidence", "faq/other/index\nfaq/evidence")
    result = tiny.make()
    assert result.returncode != 0
    assert re.search(r"what-is-it\.md:1: another question is called “what-is-it” \(faq/\w+/what-is-it\): rename one of the two files", result.stderr), result.stderr


def test_a_mistake_is_still_reported_when_nothing_was_mended(tiny: TinySite) -> None:
    """An incremental build must not forget a warning about a page that it need not read again."""
    tiny.edit(QUESTION, "{term}`learning coefficient`", "{term}`lerning coefficient`")
    assert tiny.make().returncode != 0
    assert tiny.make().returncode != 0


def test_a_mended_mistake_builds_again(tiny: TinySite) -> None:
    tiny.edit(QUESTION, "evidence: theorem", "evidence: theorems")
    assert tiny.make().returncode != 0
    tiny.edit(QUESTION, "evidence: theorems", "evidence: theorem")
    result = tiny.make()
    assert result.returncode == 0, result.stderr
