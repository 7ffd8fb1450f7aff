"""Other documentation can link here: small projects are built against the real inventory, and every link is followed.

The projects in tests/linking/ are the ones that linking.md shows.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import foreign
import pytest
from bs4 import BeautifulSoup
from conftest import PROJECT, Site

PUBLISHED = "https://metauni-alignment-faq.readthedocs.io/en/latest/"
#: Read the Docs advises every project to set this; bare references to terms then stay at home.
EVERYTHING = 'intersphinx_disabled_reftypes = ["*"]\n'


def project(name: str, folder: Path, address: str, settings: str = "", without: str | None = None) -> Path:
    """A copy of a Sphinx project that links here, pointed at the served site."""
    copy(name, folder, address)
    with (folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(f'\nsuppress_warnings = ["intersphinx.external"]\n{settings}')
        if without:
            conf.write(f'exclude_patterns = ["{without}.*"]\nsuppress_warnings += ["toc.excluded"]\n')
    return folder


def copy(name: str, folder: Path, address: str) -> Path:
    shutil.copytree(PROJECT / "tests" / "linking" / name, folder)
    for path in filter(Path.is_file, folder.rglob("*")):
        path.write_text(path.read_text(encoding="utf-8").replace(PUBLISHED, address), encoding="utf-8")
    return folder


def sphinx(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-q", "-b", "html", str(folder), str(folder / "html")]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def links(folder: Path, address: str, page: str) -> list[str]:
    soup = BeautifulSoup((folder / "html" / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
    return [a["href"].removeprefix(address) for a in soup.select("a[href]") if a["href"].startswith(address)]


def follow(site: Site, target: str) -> None:
    """Assert that an address below the site leads to a page and to an anchor of it."""
    name, _, fragment = target.partition("#")
    assert name in site.names(), target
    assert not fragment or site.page(name).find(id=fragment), target


@pytest.mark.parametrize("kind", ["sphinx-rest", "sphinx-myst"])
@pytest.mark.parametrize("settings", ["", EVERYTHING], ids=["default", "all-disabled"])
def test_prefixed_forms_land_whatever_the_settings(site: Site, served: str, tmp_path: Path, kind: str, settings: str) -> None:
    folder = project(kind, tmp_path / kind, served, settings, without="bare" if settings else None)
    result = sphinx(folder)
    assert result.returncode == 0, result.stderr
    found = links(folder, served, "index")
    source = next(path for path in folder.glob("index.*")).read_text(encoding="utf-8")
    assert len(found) == len(re.findall(r"[{:]external|inv:|`metauni:", source)), found
    for target in found:
        follow(site, target)
    assert "glossary/learning.html#term-learning-coefficient" in found
    assert "glossary/learning.html#term-learning-coefficients" in found
    assert "glossary/geometry.html#rlct" in found
    assert "faq/relevance/is-slt-relevant-to-ai-alignment.html" in found


@pytest.mark.parametrize("kind", ["sphinx-rest", "sphinx-myst"])
@pytest.mark.parametrize("version", ["sphinx-7", "sphinx-8"])
def test_older_sphinx_lands_too(site: Site, served: str, tmp_path: Path, kind: str, version: str) -> None:
    folder = project(kind, tmp_path / kind, served)
    command = ["python", "-m", "sphinx", "-n", "-W", "--keep-going", "-q", "-b", "html", ".", "html"]
    result = foreign.run(version, command, folder)
    assert result.returncode == 0, result.stderr
    for page, number in (("index", 9), ("bare", 3)):
        found = links(folder, served, page)
        assert len(found) >= number, found
        for target in found:
            follow(site, target)


@pytest.mark.parametrize("kind", ["sphinx-rest", "sphinx-myst"])
def test_bare_forms_land_by_default(site: Site, served: str, tmp_path: Path, kind: str) -> None:
    folder = project(kind, tmp_path / kind, served)
    assert sphinx(folder).returncode == 0
    found = links(folder, served, "bare")
    assert len(found) == 3
    for target in found:
        follow(site, target)


@pytest.mark.parametrize("kind", ["sphinx-rest", "sphinx-myst"])
def test_bare_forms_stay_at_home_when_disabled(served: str, tmp_path: Path, kind: str) -> None:
    """What linking.md says of intersphinx_disabled_reftypes is so."""
    result = sphinx(project(kind, tmp_path / kind, served, EVERYTHING))
    assert result.returncode != 0
    assert result.stderr.count("term not in glossary") == 3


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("sphinx-rest", ":external+metauni:term:`lerning coefficient`"),
        ("sphinx-myst", "{external+metauni:term}`lerning coefficient`"),
        ("sphinx-rest", ":term:`lerning coefficient`"),
        ("sphinx-myst", "[](inv:metauni:std:term#lerning%20coefficient)"),
    ],
)
def test_a_missing_term_is_named_to_its_author(served: str, tmp_path: Path, kind: str, form: str) -> None:
    folder = project(kind, tmp_path / kind, served)
    page = next(folder.glob("bare.*"))
    page.write_text(page.read_text(encoding="utf-8") + f"\nA {form}.\n", encoding="utf-8")
    result = sphinx(folder)
    assert result.returncode != 0
    assert re.search(rf"{page.name}:\d+: WARNING: .*lerning.{{1,3}}coefficient", result.stderr), result.stderr


def test_plain_html_lands(site: Site) -> None:
    soup = BeautifulSoup((PROJECT / "tests/linking/html/index.html").read_text(encoding="utf-8"), "html.parser")
    found = [a["href"] for a in soup.select("a[href]")]
    assert len(found) == 3
    for address in found:
        assert address.startswith(PUBLISHED)
        follow(site, address.removeprefix(PUBLISHED))


def test_jupyter_book_1_lands(site: Site, served: str, tmp_path: Path) -> None:
    folder = copy("jupyter-book-1", tmp_path / "book", served)
    result = foreign.run("jupyter-book-1", ["jupyter-book", "build", "-W", "-n", "--keep-going", "."], folder)
    assert result.returncode == 0, result.stderr
    soup = BeautifulSoup((folder / "_build/html/index.html").read_text(encoding="utf-8"), "html.parser")
    found = [a["href"].removeprefix(served) for a in soup.select("a[href]") if a["href"].startswith(served)]
    assert len(found) >= 9, found
    for target in found:
        follow(site, target)


MYST = {"mystmd": ["myst", "build", "--site", "--strict"], "jupyter-book-2": ["jupyter-book", "build", "--site", "--strict"]}


def myst_links(folder: Path) -> list[dict[str, object]]:
    """The links of the built page, as mystmd resolved them."""
    page = json.loads((folder / "_build/site/content/index.json").read_text(encoding="utf-8"))
    waiting, found = [page["mdast"]], []
    while waiting:
        node = waiting.pop(0)
        waiting += node.get("children", [])
        if str(node.get("urlSource", "")).startswith("xref:metauni"):
            found.append(node)
    return found


@pytest.mark.parametrize("tool", MYST)
def test_mystmd_lands_with_words_and_previews(site: Site, served: str, tmp_path: Path, tool: str) -> None:
    folder = copy("mystmd", tmp_path / "site", served)
    said = foreign.run(tool, MYST[tool], folder)
    found = myst_links(folder)
    written = (folder / "index.md").read_text(encoding="utf-8").count("xref:metauni")
    assert len(found) == written, said.stdout + said.stderr
    for node in found:
        assert node.get("children"), f"{node['urlSource']} has no words"
        if node["type"] == "link":  # a page
            follow(site, str(node["url"]).removeprefix(served))
            continue
        anchor = node.get("html_id") or node["identifier"]
        follow(site, f"{str(node['url']).lstrip('/')}#{anchor}")
        preview = json.loads((site.folder / str(node["dataUrl"]).lstrip("/")).read_text(encoding="utf-8"))
        assert f'"identifier": "{node["identifier"]}"' in json.dumps(preview)
    assert [node["children"][0]["value"] for node in found if node["urlSource"] == "xref:metauni#rlct"] == ["RLCT"]


@pytest.mark.parametrize("tool", MYST)
def test_mystmd_names_a_missing_term(served: str, tmp_path: Path, tool: str) -> None:
    folder = copy("mystmd", tmp_path / "site", served)
    with (folder / "index.md").open("a", encoding="utf-8") as page:
        page.write("\nA [](xref:metauni#lerning-coefficient).\n")
    result = foreign.run(tool, MYST[tool], folder)
    assert result.returncode != 0
    assert '"xref:metauni#lerning-coefficient" not found' in result.stdout + result.stderr


def test_mkdocs_lands(site: Site, served: str, tmp_path: Path) -> None:
    folder = copy("mkdocs", tmp_path / "site", served)
    result = foreign.run("mkdocs", ["mkdocs", "build", "--strict"], folder)
    assert result.returncode == 0, result.stderr
    soup = BeautifulSoup((folder / "site/index.html").read_text(encoding="utf-8"), "html.parser")
    found = [a["href"].removeprefix(served) for a in soup.select("a.autorefs-external")]
    assert len(found) == 5
    for target in found:
        follow(site, target)


def test_mkdocs_names_a_missing_term(served: str, tmp_path: Path) -> None:
    folder = copy("mkdocs", tmp_path / "site", served)
    with (folder / "docs/index.md").open("a", encoding="utf-8") as page:
        page.write("\nA [lerning coefficient][].\n")
    result = foreign.run("mkdocs", ["mkdocs", "build", "--strict"], folder)
    assert result.returncode != 0
    assert "lerning coefficient" in result.stderr


def test_sphobjinv_suggests_the_right_name(served: str) -> None:
    command = (PROJECT / "tests/linking/sphobjinv/command.sh").read_text(encoding="utf-8").replace(PUBLISHED, served)
    result = foreign.run("sphobjinv", shlex.split(command), PROJECT)
    assert ":std:term:`learning coefficient`" in result.stdout, result.stdout + result.stderr


def test_a_short_program_reads_the_json(site: Site, served: str, tmp_path: Path) -> None:
    folder = copy("python", tmp_path / "program", served)
    source = (folder / "terms.py").read_text(encoding="utf-8")
    assert len([line for line in source.splitlines() if line.strip() and not line.startswith('"""')]) <= 10
    result = subprocess.run([sys.executable, "terms.py", "RLCT"], cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    name, address = result.stdout.strip().splitlines()
    assert name.startswith("real log canonical threshold: The exponent")
    follow(site, address.removeprefix(PUBLISHED))


def test_linking_page_shows_every_tested_form(site: Site) -> None:
    shown = re.sub(r"\s+", " ", site.page("linking.html").select_one("article").get_text())
    for path in (PROJECT / "tests" / "linking").glob("*/*"):
        if path.suffix not in (".md", ".rst") or "tools" in path.parts:
            continue
        for form in re.findall(r"[{:]external[^`]*`[^`]*`|\(<?inv:[^)]*\)|\(xref:[^)]*\)", path.read_text(encoding="utf-8")):
            assert re.sub(r"\s+", " ", form) in shown, form
