"""The site builds the way Read the Docs builds it, and as an e-book."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import PROJECT, VENV

CONFIG = yaml.safe_load((PROJECT / ".readthedocs.yaml").read_text(encoding="utf-8"))
ADDRESS = "https://docs.example.org/en/v1/"


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone of the project holds, and nothing else."""
    folder = tmp_path_factory.mktemp("hosted") / "checkout"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (PROJECT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, folder / name)
    return folder


def hosted_python(folder: Path) -> Path:
    """A clean environment with what the file's own install steps put into it."""
    wanted = f"python{CONFIG['build']['tools']['python']}"
    python = shutil.which(wanted) or sys.executable
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    for step in CONFIG["python"]["install"]:
        command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", step["requirements"]]
        subprocess.run(command, cwd=PROJECT, check=True, timeout=600)
    return folder / "bin" / "python"


def test_builds_as_on_read_the_docs(checkout: Path, tmp_path: Path) -> None:
    python = hosted_python(tmp_path / "venv")
    output = tmp_path / "output"
    environment = os.environ | {
        "READTHEDOCS": "True",
        "READTHEDOCS_PROJECT": "metauni-alignment-faq",
        "READTHEDOCS_VERSION": "v1",
        "READTHEDOCS_VERSION_NAME": "v1",
        "READTHEDOCS_VERSION_TYPE": "tag",
        "READTHEDOCS_LANGUAGE": "en",
        "READTHEDOCS_OUTPUT": str(output),
        "READTHEDOCS_CANONICAL_URL": ADDRESS,
        "READTHEDOCS_GIT_CLONE_URL": "https://github.com/example/faq.git",
        "READTHEDOCS_GIT_IDENTIFIER": "v1",
    }
    sphinx = CONFIG["sphinx"]
    assert sphinx["fail_on_warning"] is True
    command = [str(python), "-m", "sphinx", "-T", "-W", "--keep-going", "-b", sphinx["builder"], "-d", "_build/doctrees", "-D", "language=en", ".", str(output / "html")]
    result = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert result.returncode == 0, result.stderr

    page = BeautifulSoup((output / "html" / "linking.html").read_text(encoding="utf-8"), "html.parser")
    assert page.select_one("link[rel=canonical]")["href"] == f"{ADDRESS}linking.html"
    assert page.select_one('a[href*="github.com/example/faq"]'), "no link to edit the page"
    assert (output / "html" / "objects.inv").read_bytes().startswith(b"# Sphinx inventory version 2")


def test_names_a_system_and_a_python() -> None:
    build = CONFIG["build"]
    assert build["os"].startswith("ubuntu-")
    assert "latest" not in build["os"]
    assert build["tools"]["python"] == "3.11"


def test_ebook_is_whole(checkout: Path, tmp_path: Path) -> None:
    """Every page of the e-book is well-formed, as its readers demand, and shows maths as MathML."""
    command = [str(VENV / "bin" / "python"), "-m", "sphinx", "-n", "-W", "--keep-going", "-q", "-b", "epub", "-d", str(tmp_path / "doctrees"), ".", str(tmp_path / "epub")]
    result = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=600, check=False)
    assert result.returncode == 0, result.stderr
    with zipfile.ZipFile(next((tmp_path / "epub").glob("*.epub"))) as book:
        pages = [name for name in book.namelist() if name.endswith(".xhtml")]
        formulas = 0
        for name in pages:
            tree = ElementTree.fromstring(book.read(name))
            formulas += len(tree.findall(".//{http://www.w3.org/1998/Math/MathML}math"))
    assert len(pages) > 20
    assert formulas > 50
