"""The sidebar shows where the reader is, at a cost that does not grow with the site; previous and next stay right."""

from __future__ import annotations

import shutil

from conftest import PROJECT, Site, TinySite


def test_sidebar_shows_all_themes_and_the_questions_of_this_one(site: Site) -> None:
    for name in site.questions():
        sidebar = site.page(name).select_one(".sidebar-tree")
        theme = name.rpartition("/")[0]
        shown = {a["href"] for a in sidebar.select("li.toctree-l2 a")}
        here = {other.rpartition("/")[2] for other in site.questions() if other.rpartition("/")[0] == theme}
        assert {href.rpartition("/")[2] or name.rpartition("/")[2] for href in shown if href != "#"} == here - {name.rpartition("/")[2]}
        assert [a.get_text() for a in sidebar.select("a[aria-current=page]")] == [site.page(name).select_one("h1").contents[0]]
        for other in (PROJECT / "faq").glob("*/index.md"):
            assert sidebar.select_one(f'li.toctree-l1 a[href$="faq/{other.parent.name}/index.html"]'), other


def test_sidebar_grows_with_the_theme_and_not_with_the_site(tiny: TinySite) -> None:
    def sidebar() -> int:
        assert tiny.make().returncode == 0
        return len(str(tiny.built().page("faq/basics/what-is-it.html").select_one(".sidebar-tree")))

    before = sidebar()
    theme = tiny.folder / "faq" / "other"
    theme.mkdir()
    (theme / "index.md").write_text("# Other\n\n```{questions}\n```\n", encoding="utf-8")
    text = (tiny.folder / "faq/basics/what-is-it-not.md").read_text(encoding="utf-8")
    for number in range(30):
        (theme / f"number-{number}.md").write_text(text.replace("What is it not?", f"What is number {number}?"), encoding="utf-8")
    tiny.edit("index.md", "faq/evidence", "faq/other/index\nfaq/evidence")
    assert sidebar() - before < 300, "thirty questions of another theme are listed"


def test_previous_and_next_follow_the_order_of_the_theme(site: Site) -> None:
    for theme in ("basics", "relevance"):
        index = site.page(f"faq/{theme}/index.html")
        order = ["index.html", *(a["href"] for a in index.select(".question-list > li > p:first-child a:first-child") if "#" not in a["href"])]
        for here, following in zip(order, order[1:], strict=False):
            page = site.page(f"faq/{theme}/{here}")
            assert page.select_one(".next-page")["href"] == following
            back = site.page(f"faq/{theme}/{following}").select_one(".prev-page")["href"]
            assert back == here


def test_sidebar_is_whole_on_pages_that_sphinx_makes(site: Site) -> None:
    for name in ("search.html", "genindex.html"):
        assert len(site.page(name).select(".sidebar-tree li.toctree-l1")) >= 8


def test_built_in_one_process_and_in_many_the_site_is_the_same(tmp_path: object, good_tiny: TinySite) -> None:
    """Shares of the pages are put together in the pages' order: enough pages that they are shared."""
    own = TinySite.__new__(TinySite)
    own.folder = tmp_path / "site"
    shutil.copytree(good_tiny.folder, own.folder)
    text = (own.folder / "faq/basics/what-is-it.md").read_text(encoding="utf-8")
    for number in range(24):
        (own.folder / f"faq/basics/number-{number:02}.md").write_text(text.replace("What is it?", f"What is number {number}?"), encoding="utf-8")

    def build(jobs: int) -> dict[str, bytes]:
        shutil.rmtree(own.folder / "_build", ignore_errors=True)
        result = own.make(OPTIONS=f"--jobs {jobs}")
        assert result.returncode == 0, result.stderr
        return own.fingerprint()

    alone = build(1)
    together = build(3)
    assert [name for name in alone if alone[name] != together.get(name)] == []
    assert alone.keys() == together.keys()
