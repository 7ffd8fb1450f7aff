"""What the tests share: the built site, tiny sites to break, a loopback server and a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browser import launched
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser

os.environ["NO_COLOR"] = "1"  # where CI is set, Sphinx colours its messages even for a program that reads them

PROJECT = Path(__file__).resolve().parent.parent
VENV = Path(sys.prefix)

sys.path[:0] = [str(PROJECT / "_ext"), str(PROJECT)]


class Site:
    """A built site: its folder and its pages, parsed once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pages: dict[str, BeautifulSoup] = {}

    def names(self) -> list[str]:
        """Every page as a path below the folder, without those that Sphinx makes for itself."""
        own = {"search.html", "genindex.html"}
        pages = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))
        return sorted(name for name in pages if name not in own and not name.startswith("_static/"))

    def questions(self) -> list[str]:
        return [name for name in self.names() if name.count("/") == 2 and name.startswith("faq/") and not name.endswith("/index.html")]

    def page(self, name: str) -> BeautifulSoup:
        if name not in self._pages:
            self._pages[name] = BeautifulSoup((self.folder / name).read_text(encoding="utf-8"), "html.parser")
        return self._pages[name]

    def entry(self, anchor: str) -> Tag:
        """The definition of the glossary entry that has this anchor."""
        pages = [name for name in self.names() if name.startswith("glossary/")]
        found = next(filter(None, (self.page(name).select_one(f"dl.glossary [id='{anchor}']") for name in pages)))
        term = found if found.name == "dt" else found.find_parent("dt")
        return term.find_next_sibling("dd")


@pytest.fixture(scope="session")
def site() -> Site:
    """The real site, as `make html` left it."""
    folder = PROJECT / "_build" / "html"
    assert (folder / "index.html").exists(), "there is no built site: run `make html` first, or the tests with `make test`"
    return Site(folder)


class TinySite:
    """A copy of the tiny site with this project's machinery, to be built, broken and built again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(PROJECT / "tests" / "tiny", folder)
        for name in ("conf.py", "Makefile", "requirements.txt", "_ext", "_figures", "_make", "_static"):
            source = PROJECT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, folder / name)

    def make(self, target: str = "html", **environment: str) -> subprocess.CompletedProcess[str]:
        # The venv of the tests is used as it is: its stamp must not look older than the copied lock.
        command = ["make", "--assume-old=requirements.txt", "--assume-old=_make/venv", target, f"VENV={VENV}"]
        return subprocess.run(
            command, cwd=self.folder, env=os.environ | environment, capture_output=True, text=True, timeout=300, check=False
        )

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def built(self) -> Site:
        return Site(self.folder / "_build" / "html")

    def fingerprint(self) -> dict[str, bytes]:
        """Every file of the built site with its bytes."""
        html = self.folder / "_build" / "html"
        return {str(path.relative_to(html)): path.read_bytes() for path in html.rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def good_tiny(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    tiny = TinySite(tmp_path_factory.mktemp("good") / "site")
    result = tiny.make()
    assert result.returncode == 0, result.stderr
    return tiny


@pytest.fixture
def tiny(good_tiny: TinySite, tmp_path: Path) -> TinySite:
    """A tiny site of one's own that has been built once."""
    own = TinySite.__new__(TinySite)
    own.folder = tmp_path / "site"
    shutil.copytree(good_tiny.folder, own.folder)
    return own


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback; gives the address, ending in a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def served(site: Site) -> Iterator[str]:
    with serving(site.folder) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser
