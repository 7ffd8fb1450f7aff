"""Finds a Chromium to test with, or gets one."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CURE = "No Chromium could be found or installed: install Chromium or Chrome, or set CHROMIUM to the path of one."
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str:
    """The path of a browser: ``$CHROMIUM``, one on the PATH, Playwright's own, or Debian's, installed now.

    Raises ``RuntimeError`` with the one line that cures it.
    """
    if named := os.environ.get("CHROMIUM"):
        if shutil.which(named):
            return named
        raise RuntimeError(f"CHROMIUM names {named}, which cannot be run: correct it, or unset it.")
    # Tests run in several processes: one installs, the others wait and find.
    with (Path(tempfile.gettempdir()) / "faq-tests-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for found in (on_path, playwrights_own, debians):
            if browser := found():
                return browser
    raise RuntimeError(CURE)


def on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if not path.exists():
        run([sys.executable, "-m", "playwright", "install", "chromium"], timeout=300)
    return str(path) if path.exists() else None


def debians() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update"], timeout=300, env=environment)
    run(["apt-get", "install", "--yes", "--no-install-recommends", "chromium"], timeout=900, env=environment)
    return on_path()


def run(command: list[str], **options: object) -> None:
    """Run a command that may fail; what it achieved is looked at afterwards."""
    try:
        subprocess.run(command, capture_output=True, check=False, **options)
    except subprocess.TimeoutExpired:
        pass
