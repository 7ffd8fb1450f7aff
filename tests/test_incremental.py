"""A second build does only what changed, and still leaves every page right."""

from __future__ import annotations

import json
import shutil

import pytest
from conftest import TinySite


@pytest.fixture
def tiny(tiny: TinySite) -> TinySite:
    """Built where it stands: Sphinx begins anew when the folder of the sources has moved."""
    assert tiny.make().returncode == 0
    return tiny


def written(tiny: TinySite) -> dict[str, int]:
    html = tiny.folder / "_build" / "html"
    return {path.relative_to(html).as_posix(): path.stat().st_mtime_ns for path in html.rglob("*.html")}


def rewritten(tiny: TinySite) -> set[str]:
    before = written(tiny)
    result = tiny.make()
    assert result.returncode == 0, result.stderr
    made = {"search.html", "genindex.html"}  # Sphinx writes these every time it writes anything
    return {name for name, time in written(tiny).items() if before.get(name) != time} - made


def test_nothing_is_written_when_nothing_changed(tiny: TinySite) -> None:
    assert rewritten(tiny) == set()


def test_an_edited_answer_touches_its_page_and_its_theme_only(tiny: TinySite) -> None:
    tiny.edit("faq/basics/what-is-it-not.md", "A theory of everything", "A theory of all things")
    assert rewritten(tiny) == {"faq/basics/what-is-it-not.html", "faq/basics/index.html"}


def test_an_edited_short_answer_reaches_the_lists(tiny: TinySite) -> None:
    tiny.edit("faq/basics/what-is-it.md", "It is a theory of learning.", "It is a theory of slow learning.")
    assert {"faq/basics/what-is-it.html", "faq/basics/index.html", "faq/evidence.html"} <= rewritten(tiny)
    assert "slow learning" in tiny.built().page("faq/basics/index.html").get_text()


def test_a_changed_grade_moves_the_question_in_the_lists(tiny: TinySite) -> None:
    tiny.edit("faq/basics/what-is-it-not.md", "evidence: opinion", "evidence: theorem")
    assert "faq/evidence.html" in rewritten(tiny)
    theorem = tiny.built().page("faq/evidence.html").find(id="evidence-theorem")
    assert len(theorem.select(".question-list > li")) == 2


def test_a_changed_title_reaches_related_questions(tiny: TinySite) -> None:
    tiny.edit("faq/basics/what-is-it.md", "# What is it?", "# What can it be?")
    rewritten(tiny)
    assert "What can it be?" in tiny.built().page("faq/basics/what-is-it-not.html").select_one("#related-questions").get_text()


def test_a_new_question_joins_its_theme(tiny: TinySite) -> None:
    text = (tiny.folder / "faq/basics/what-is-it-not.md").read_text(encoding="utf-8")
    (tiny.folder / "faq/basics/a-new-one.md").write_text(text.replace("What is it not?", "What is new?"), encoding="utf-8")
    rewritten(tiny)
    assert tiny.built().page("faq/basics/index.html").select_one('.question-list a[href="a-new-one.html"]')


def test_a_new_use_of_a_term_reaches_its_entry(tiny: TinySite) -> None:
    tiny.edit("faq/basics/what-is-it-not.md", "A theory of everything", "A {term}`multiplicity`")
    assert "glossary/learning.html" in rewritten(tiny)
    entry = tiny.built().entry("multiplicity")
    assert entry.select_one('.discussed-in a[href="../faq/basics/what-is-it-not.html"]')


def test_a_term_can_move_to_another_page(tiny: TinySite) -> None:
    """While pages are read one by one, the term stands on both: that is no mistake."""
    entry = "multiplicity\n  The order of a pole.\n"
    tiny.edit("glossary/learning.md", f"\n{entry}", "")
    (tiny.folder / "glossary" / "geometry.md").write_text(f"# Geometry\n\n:::{{glossary}}\n{entry}:::\n", encoding="utf-8")
    tiny.edit("glossary/index.md", "learning\n", "learning\ngeometry\n")
    rewritten(tiny)
    assert tiny.built().page("glossary/geometry.html").find(id="multiplicity")
    assert not tiny.built().page("glossary/learning.html").find(id="multiplicity")


def test_an_edited_talk_reaches_question_and_term(tiny: TinySite) -> None:
    tiny.edit("seminar/talks.yaml", "The first talk", "The opening talk")
    assert {"seminar/index.html", "faq/basics/what-is-it.html", "glossary/learning.html"} <= rewritten(tiny)
    assert "The opening talk" in tiny.built().page("faq/basics/what-is-it.html").get_text()


def test_a_change_of_the_machinery_builds_everything_anew(tiny: TinySite) -> None:
    tiny.edit("_ext/questions.py", "Short answer. ", "In short. ")
    rewritten(tiny)
    assert "In short. " in tiny.built().page("faq/basics/what-is-it.html").get_text()


def test_the_search_index_after_edits_is_that_of_a_new_build(tiny: TinySite) -> None:
    """Words that went are forgotten, pages that went too."""

    def index() -> dict[str, object]:
        assert tiny.make().returncode == 0
        text = (tiny.folder / "_build/html/searchindex.js").read_text(encoding="utf-8")
        return json.loads(text[text.index("(") + 1 : text.rindex(")")])

    (tiny.folder / "faq/basics/short-lived.md").write_text((tiny.folder / "faq/basics/what-is-it-not.md").read_text(encoding="utf-8").replace("A theory", "A mayfly’s theory"), encoding="utf-8")
    assert "mayfli" in index()["terms"]
    (tiny.folder / "faq/basics/short-lived.md").unlink()
    tiny.edit("faq/basics/what-is-it-not.md", "A theory of everything", "A theory of zebras")
    edited = index()
    assert "zebra" in edited["terms"]
    shutil.rmtree(tiny.folder / "_build")
    new = index()
    for key in ("docnames", "filenames", "titles", "alltitles", "objects"):
        assert edited[key] == new[key], key
    for key in ("terms", "titleterms"):
        assert {word: pages for word, pages in edited[key].items() if pages != []} == new[key], key


def test_what_cannot_be_saved_for_the_next_build_is_said(tiny: TinySite) -> None:
    """Another process saves it: its trouble is not lost, and nothing half-saved is left to be trusted."""
    with (tiny.folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write("def setup(app):\n    app.connect('env-updated', lambda app, env: setattr(env, 'unsaveable', lambda: 0))\n")
    result = tiny.make(OPTIONS="--jobs 2")
    assert result.returncode != 0
    assert "conf.py:1: an extension keeps in the environment what cannot be saved" in result.stderr
    assert "lambda" in result.stderr
    assert "Traceback" not in result.stderr


def test_parallel_and_serial_builds_give_the_same_bytes(tiny: TinySite) -> None:
    """On one core and on many, from an empty folder."""

    def build(jobs: str) -> dict[str, bytes]:
        shutil.rmtree(tiny.folder / "_build")
        result = tiny.make(OPTIONS=f"--jobs {jobs}")
        assert result.returncode == 0, result.stderr
        return {name: data for name, data in tiny.fingerprint().items() if name not in {".buildinfo"}}

    assert build("1") == build("4")
