"""Photographs the founding question of a built site: screenshot.py SITE PICTURE."""

import sys
from pathlib import Path

from browser import launched

site, picture = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
with launched() as browser:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
    page.goto((site / "faq/relevance/is-slt-relevant-to-ai-alignment.html").as_uri())
    page.screenshot(path=picture)
print(f"{picture}: {picture.stat().st_size // 1000} kB")
