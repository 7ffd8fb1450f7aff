"""Times builds of sites of growing size: this project, stock Sphinx with Furo, and MkDocs Material, on the same text.

    bench.py [--runs N] [--sizes 100 400 1000]
    bench.py [--runs N] --terms 50 450 1000 3000     this project alone, 100 questions, made-up glossaries of growing size

Every site is made and built in the same call, the generators taking turns, so that a machine's moods fall on
all alike: read the ratios, not the seconds. Prints a table of medians and the ratios that the project keeps to.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import generate

PROJECT = Path(__file__).resolve().parents[2]
STOCK_AT_MOST = 400  # its time grows with the square of the pages
#: All may keep compiled modules, as Python does unless it is told not to.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
STOCK_CONF = """\
extensions = ["myst_parser", "sphinx_copybutton", "sphinxcontrib.bibtex"]
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath"]
bibtex_bibfiles = ["references.bib"]
html_theme = "furo"
exclude_patterns = ["_build"]
"""
MKDOCS_CONF = """\
site_name: A site
theme:
  name: material
  font: false
plugins: [search]
markdown_extensions:
  - attr_list
  - tables
  - pymdownx.arithmatex:
      generic: true
"""


@dataclass
class Kind:
    """A way to build a site: how its sources are prepared, and the command that builds it."""

    name: str
    command: list[str]
    output: str
    index: str
    cold: dict[int, list[float]] = field(default_factory=dict)
    edit: dict[int, list[float]] = field(default_factory=dict)
    written: dict[int, int] = field(default_factory=dict)
    index_bytes: dict[int, int] = field(default_factory=dict)
    memory: dict[int, int] = field(default_factory=dict)

    def prepare(self, folder: Path, size: int, terms: int | None = None) -> None:
        generate.content(folder, size, terms=terms)
        getattr(self, f"_prepare_{self.name.split()[0].lower()}")(folder)

    def _prepare_ours(self, folder: Path) -> None:
        shutil.copy(PROJECT / "conf.py", folder)
        for part in ("_ext", "_figures", "_static"):
            shutil.copytree(PROJECT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))

    def _prepare_stock(self, folder: Path) -> None:
        (folder / "conf.py").write_text(STOCK_CONF, encoding="utf-8")
        for path in folder.rglob("*.md"):
            text = path.read_text(encoding="utf-8")
            if path.name == "index.md" and path.parent.name.startswith("theme-"):
                text = text.replace("{questions}", "{toctree}\n:glob:\n\n*")
            path.write_text(re.sub(r"```\{(questions|term-index|talks)\}.*?```\n", "", text, flags=re.DOTALL), encoding="utf-8")

    def _prepare_mkdocs(self, folder: Path) -> None:
        keys = re.findall(r"^@\w+\{([^,]+),.*?title = \{\{?(.*?)\}?\},", (folder / "references.bib").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        listed = "\n".join(f'- <a id="ref-{key}"></a>{title}' for key, title in keys)
        (folder / "references.md").write_text(f"# References\n\n{listed}\n", encoding="utf-8")
        docs = folder / "docs"
        docs.mkdir()
        for path in [*folder.glob("*.md"), *folder.glob("[fgs]*/**/*.md")]:
            root = "../" * (len(path.relative_to(folder).parts) - 1)
            target = docs / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(to_mkdocs(path.read_text(encoding="utf-8"), root), encoding="utf-8")
        (folder / "mkdocs.yml").write_text(MKDOCS_CONF, encoding="utf-8")

    def build(self, folder: Path) -> tuple[float, int]:
        """Seconds, and the largest process in bytes."""
        with (folder / "log.txt").open("ab") as log:
            start = time.perf_counter()
            process = subprocess.Popen(self.command, cwd=folder, stdout=log, stderr=log, env=ENVIRONMENT)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
        if status:
            sys.exit(f"{self.name}: the build failed, see {folder}/log.txt")
        return seconds, usage.ru_maxrss * 1024

    def measure(self, folder: Path, size: int) -> None:
        shutil.rmtree(folder / self.output, ignore_errors=True)
        shutil.rmtree(folder / "_build", ignore_errors=True)
        seconds, memory = self.build(folder)
        self.cold.setdefault(size, []).append(seconds)
        self.memory[size] = max(memory, self.memory.get(size, 0))
        self.written[size] = sum(path.stat().st_size for path in (folder / self.output).rglob("*") if path.is_file())
        self.index_bytes[size] = (folder / self.output / self.index).stat().st_size
        page = next(path for path in sorted(folder.rglob("question-0042.md")) if self.name != "MkDocs Material" or "docs" in path.parts)
        page.write_text(page.read_text(encoding="utf-8") + "\nOne sentence more.\n", encoding="utf-8")
        self.edit.setdefault(size, []).append(self.build(folder)[0])


def to_mkdocs(text: str, root: str) -> str:
    """The same text for Python-Markdown: roles become links, glossary entries headings."""
    text = re.sub(r"\{term\}`([^`<]*?)(?: <([^`>]*)>)?`", lambda m: f"[{m[1]}]({root}glossary/learning.md#{slug(m[2] or m[1])})", text)
    text = re.sub(r"\{cite:\w+\}`([^`]*)`", lambda m: ", ".join(f"[{k.strip()}]({root}references.md#ref-{k.strip()})" for k in m[1].split(",")), text)
    text = re.sub(r"\{\w+\}`([^`<]*)(?: <[^`]*>)?`", r"\1", text)
    text = re.sub(r"^:::.*$\n?", "", text, flags=re.MULTILINE)
    text = re.sub(r"```\{\w[\w-]*\}.*?```\n", "", text, flags=re.DOTALL)
    return re.sub(r"^(?=[^\s#|`>*-])([^\n]{2,60})\n(?=  \S)", lambda m: f"### {m[1]} {{#{slug(m[1])}}}\n\n", text, flags=re.MULTILINE)


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def table(kinds: list[Kind], sizes: list[int]) -> str:
    rows = ["generator            pages   cold s   edit s  written MB  index kB  memory MB"]
    for size in sizes:
        for kind in kinds:
            if size in kind.cold:
                figures = (median(kind.cold[size]), median(kind.edit[size]), kind.written[size] / 1e6, kind.index_bytes[size] / 1e3, kind.memory[size] / 1e6)
                rows.append("{:<19} {:>6} {:>8.1f} {:>8.1f} {:>11.1f} {:>9.0f} {:>10.0f}".format(kind.name, size, *figures))
    return "\n".join(rows)


def ratios(ours: Kind, stock: Kind, mkdocs: Kind, sizes: list[int]) -> str:
    """Each ratio with the bar that it is held to."""
    cold = {kind.name: {size: median(runs) for size, runs in kind.cold.items()} for kind in (ours, stock, mkdocs)}
    edit = {kind.name: {size: median(runs) for size, runs in kind.edit.items()} for kind in (ours, mkdocs)}
    rows = []
    if 1000 in sizes:
        rows += [
            f"cold at 1,000, ours / MkDocs Material:    {cold[ours.name][1000] / cold[mkdocs.name][1000]:.2f}  (at most 0.8; the goal is 0.5)",
            f"edit at 1,000, ours / MkDocs Material:    {edit[ours.name][1000] / edit[mkdocs.name][1000]:.2f}  (at most 0.25; and {edit[ours.name][1000]:.1f} s, at most 4)",
        ]
        if 400 in sizes:
            rows.append(f"cold, ours, 1,000 pages / 400 pages:      {cold[ours.name][1000] / cold[ours.name][400]:.2f}  (at most 2.7)")
    if 400 in cold[stock.name]:
        rows.append(f"cold at 400, stock Sphinx + Furo / ours:  {cold[stock.name][400] / cold[ours.name][400]:.1f}  (at least 8)")
    return "\n".join(rows)


def time_terms(ours: Kind, counts: list[int], runs: int) -> None:
    """What a term costs: cold builds of 100 questions with glossaries of growing size, and a line through their medians."""
    with tempfile.TemporaryDirectory() as temporary:
        folders = {count: Path(temporary) / str(count) for count in counts}
        for count, folder in folders.items():
            folder.mkdir()
            ours.prepare(folder, 100, count)
        seconds: dict[int, list[float]] = {count: [] for count in counts}
        for _ in range(runs):
            for count, folder in folders.items():
                shutil.rmtree(folder / "_build", ignore_errors=True)
                seconds[count].append(ours.build(folder)[0])
    print("terms   cold s   ms a term beyond the first row")
    first, *others = ((count, median(seconds[count])) for count in counts)
    print(f"{first[0]:>5} {first[1]:>8.1f}")
    for count, taken in others:
        print(f"{count:>5} {taken:>8.1f} {(taken - first[1]) / (count - first[0]) * 1000:>8.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 400, 1000])
    parser.add_argument("--without-stock", action="store_true", help="leave out the slowest")
    parser.add_argument("--terms", type=int, nargs="+", help="time made-up glossaries of these sizes instead")
    parser.add_argument("--mkdocs", default="mkdocs", help="the mkdocs program")
    options = parser.parse_args()
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-j", "auto", "-b", "html", "-d", "_build/doctrees", ".", "_build/html"]
    ours = Kind("Ours", sphinx, "_build/html", "searchindex.js")
    if options.terms:
        time_terms(ours, options.terms, options.runs)
        return
    stock = Kind("Stock Sphinx + Furo", sphinx, "_build/html", "searchindex.js")
    mkdocs = Kind("MkDocs Material", [str(Path(options.mkdocs).absolute()), "build", "-q"], "site", "search/search_index.json")
    kinds = [ours, mkdocs] if options.without_stock else [ours, stock, mkdocs]
    with tempfile.TemporaryDirectory() as temporary:
        for size in options.sizes:
            folders = {}
            for kind in kinds:
                if kind is stock and size > STOCK_AT_MOST:
                    continue
                folders[kind.name] = Path(temporary) / f"{kind.name.split()[0]}-{size}"
                folders[kind.name].mkdir()
                kind.prepare(folders[kind.name], size)
            for run in range(options.runs):
                for kind in kinds:
                    if kind.name in folders and not (kind is stock and size == STOCK_AT_MOST and run):  # once is slow enough
                        kind.measure(folders[kind.name], size)
                        print(f"{kind.name}, {size} pages: {kind.cold[size][-1]:.1f} s cold, {kind.edit[size][-1]:.1f} s after an edit", flush=True)
            for folder in folders.values():
                shutil.rmtree(folder)
    print(f"\n{table(kinds, options.sizes)}\n\n{ratios(ours, stock, mkdocs, options.sizes)}")


if __name__ == "__main__":
    main()
