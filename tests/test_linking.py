"""Other documentation can link here: small projects are built against the real inventory, and every link is followed.

The projects in tests/linking/ are the ones that linking.md shows.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import PROJECT, Site

PUBLISHED = "https://metauni-alignment-faq.readthedocs.io/en/latest/"
#: Read the Docs advises every project to set this; bare references to terms then stay at home.
EVERYTHING = 'intersphinx_disabled_reftypes = ["*"]\n'


def foreign(name: str, folder: Path, address: str, settings: str = "", without: str | None = None) -> Path:
    """A copy of a project that links here, pointed at the served site."""
    shutil.copytree(PROJECT / "tests" / "linking" / name, folder)
    for path in folder.iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace(PUBLISHED, address), encoding="utf-8")
    with (folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(f'\nsuppress_warnings = ["intersphinx.external"]\n{settings}')
        if without:
            conf.write(f'exclude_patterns = ["{without}.*"]\nsuppress_warnings += ["toc.excluded"]\n')
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
    folder = foreign(kind, tmp_path / kind, served, settings, without="bare" if settings else None)
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
def test_bare_forms_land_by_default(site: Site, served: str, tmp_path: Path, kind: str) -> None:
    folder = foreign(kind, tmp_path / kind, served)
    assert sphinx(folder).returncode == 0
    found = links(folder, served, "bare")
    assert len(found) == 3
    for target in found:
        follow(site, target)


@pytest.mark.parametrize("kind", ["sphinx-rest", "sphinx-myst"])
def test_bare_forms_stay_at_home_when_disabled(served: str, tmp_path: Path, kind: str) -> None:
    """What linking.md says of intersphinx_disabled_reftypes is so."""
    result = sphinx(foreign(kind, tmp_path / kind, served, EVERYTHING))
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
    folder = foreign(kind, tmp_path / kind, served)
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


def test_linking_page_shows_every_tested_form(site: Site) -> None:
    shown = re.sub(r"\s+", " ", site.page("linking.html").select_one("article").get_text())
    for path in (PROJECT / "tests" / "linking").glob("*/*"):
        for form in re.findall(r"[{:]external[^`]*`[^`]*`|\(<?inv:[^)]*\)", path.read_text(encoding="utf-8")):
            assert re.sub(r"\s+", " ", form) in shown, form
