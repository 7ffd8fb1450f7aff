"""A Chromium that behaves the same for every test and for the screenshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import chromium
from playwright.sync_api import Browser, sync_playwright

#: No sandbox, since tests run as root in containers; no errands of Chromium's own on the network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def launched() -> Iterator[Browser]:
    path = chromium.find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
