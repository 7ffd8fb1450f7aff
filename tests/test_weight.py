"""What a page costs a reader: bytes, requests, movement; and that it works from a folder and without JavaScript."""

from __future__ import annotations

import gzip
import re
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import Site
from playwright.sync_api import Browser, TimeoutError, expect

FIRST_VISIT, WITHOUT_FONT, NEXT_PAGE = 100_000, 45_000, 15_000
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".png": "image/png"}
#: What scripts add: the buttons and the filter of the glossary, another picture in place of a picture.
CONVENIENCES = ".copy-link, .term-filter, [data-explorable]"
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}


class Served:
    """The site as a host serves it: compressed, with files that may be kept; and a record of the bytes sent."""

    def __init__(self, folder: Path) -> None:
        self.sent: dict[str, int] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                file = folder / path.lstrip("/")
                if not file.is_file():
                    self.send_error(404)
                    return
                body = file.read_bytes()
                compressed = file.suffix not in (".woff2", ".png")
                body = gzip.compress(body, 6, mtime=0) if compressed else body
                outer.sent[path] = len(body)
                self.send_response(200)
                self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "max-age=3600")
                if compressed:
                    self.send_header("Content-Encoding", "gzip")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 64  # a browser opens more connections at once than the five that Python lets wait

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self) -> dict[str, int]:
        """What was sent since the last time."""
        sent, self.sent = self.sent, {}
        return sent


@pytest.fixture
def host(site: Site) -> Iterator[Served]:
    host = Served(site.folder)
    yield host
    host.server.shutdown()
    host.server.server_close()


def without_font(sent: dict[str, int]) -> int:
    return sum(size for path, size in sent.items() if not path.endswith("/math.css"))


def test_a_first_visit_is_light(browser: Browser, host: Served, site: Site) -> None:
    """Cold, with and without the maths font."""
    heavy = {}
    for name in site.questions():
        context = browser.new_context(base_url=host.address)
        context.new_page().goto(name)
        context.close()
        sent = host.take()
        if sum(sent.values()) > FIRST_VISIT or without_font(sent) > WITHOUT_FONT:
            heavy[name] = (sum(sent.values()), without_font(sent))
    assert heavy == {}


def test_a_next_page_is_lighter(browser: Browser, host: Served, site: Site) -> None:
    """What a reader who has read another page gets anew when it opens; what makes a picture explorable comes when they reach it."""
    context = browser.new_context(base_url=host.address)
    page = context.new_page()
    *names, last = site.questions()
    page.goto(last)
    heavy = {}
    for name in names:
        host.take()
        page.goto(name)
        if (size := without_font(host.take())) > NEXT_PAGE:
            heavy[name] = size
    context.close()
    assert heavy == {}


def test_text_does_not_move_when_the_font_arrives(browser: Browser, host: Served, site: Site) -> None:
    """On a phone and on a desk, over a slow connection."""
    moved = {}
    drawn = [name for name in site.questions() if site.page(name).select_one("[data-explorable]")]
    for (width, height), names in {(1280, 900): site.questions(), (390, 844): [*site.questions()[::4], *drawn]}.items():
        for name in names:
            context = browser.new_context(viewport={"width": width, "height": height}, base_url=host.address)
            page = context.new_page()
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", SLOW_4G)
            page.add_init_script(
                "window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shift += entry.value })"
                ".observe({ type: 'layout-shift', buffered: true })"
            )
            try:
                page.goto(name, timeout=15_000)
            except TimeoutError:  # the slow network is the browser's own play, and in a thousand loads one may stall; twice is no chance
                page.goto(name)
            page.wait_for_function("document.fonts.status === 'loaded'")
            page.wait_for_timeout(200)
            if (shift := page.evaluate("window.shift")) > 0.02:
                moved[name, width] = shift
            context.close()
    assert moved == {}


def test_no_page_asks_another_origin(browser: Browser, host: Served, site: Site) -> None:
    context = browser.new_context(base_url=host.address)
    asked: set[str] = set()
    context.on("request", lambda request: asked.add(request.url))
    page = context.new_page()
    for name in [*site.names(), "search.html?q=free+energy", "genindex.html"]:
        page.goto(name)
    context.close()
    assert {url for url in asked if not url.startswith((host.address, "data:"))} == set()


def test_every_word_formula_and_link_is_there_without_javascript(browser: Browser, host: Served, site: Site) -> None:
    seen = {}
    for scripts in (True, False):
        context = browser.new_context(java_script_enabled=scripts, base_url=host.address)
        page = context.new_page()
        for name in ["index.html", *site.questions(), "glossary/index.html", "glossary/learning.html", "seminar/slt.html"]:
            page.goto(name)
            page.evaluate(f"document.querySelectorAll('{CONVENIENCES}').forEach(added => added.remove())")
            article = page.locator("article")
            words = re.sub(r"\s+", " ", article.inner_text())
            seen.setdefault(name, []).append((words, article.locator("math").count(), article.locator("a[href]").count()))
        context.close()
    assert {name for name, (with_scripts, without) in seen.items() if with_scripts != without} == set()


def test_works_unpacked_from_an_archive(browser: Browser, site: Site, tmp_path: Path) -> None:
    """Pages, font and search, opened from a folder."""
    archive = shutil.make_archive(str(tmp_path / "site"), "zip", site.folder)
    folder = tmp_path / "unpacked"
    shutil.unpack_archive(archive, folder)
    context = browser.new_context()
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    page.locator("article").get_by_role("link", name="Is SLT relevant to AI alignment?").first.click()
    expect(page.locator("h1")).to_contain_text("Is SLT relevant")
    page.goto((folder / "faq/basics/what-is-the-free-energy-formula.html").as_uri())
    page.wait_for_function("document.fonts.check('16px \"STIX Two Math\"')")
    page.get_by_role("textbox", name="Search").fill("free energy formula")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results a[href*='what-is-the-free-energy-formula']").first).to_be_visible(timeout=10_000)
    context.close()
