"""On a machine where the set-up cannot work, one sentence says what to do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import chromium
import pytest
from conftest import PROJECT

TOOLS = ("sh", "grep", "rm", "sed", "awk", "find", "cp", "mkdir", "mv", "touch", "make", "cat", "env", "dirname")
TOO_OLD = """#!/bin/sh
case "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac
"""
WITHOUT_VENV = """#!/bin/sh
case "$2" in *print*) echo 3.12 ;; *ensurepip*) exit 1 ;; esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs that is all the PATH: the usual tools, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        if found := shutil.which(tool):
            (folder / tool).symlink_to(found)
    return folder


def program(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name).chmod(0o755)


def set_up(machine: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    venv = machine.parent / "venv"
    return subprocess.run(
        ["make", "html", f"VENV={venv}", f"BUILD={machine.parent / 'build'}"],
        cwd=PROJECT,
        env={"PATH": str(machine), "HOME": str(machine)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def assert_one_sentence(result: subprocess.CompletedProcess[str], sentence: str) -> None:
    said = [line for line in result.stderr.splitlines() if not re.match(r"make(\[\d+\])?: ", line)]
    assert result.returncode != 0
    assert len(said) == 1, said
    assert re.search(sentence, said[0]), said


def test_no_python(machine: Path) -> None:
    assert_one_sentence(set_up(machine), r"^No Python found: install Python 3\.11 or newer .*, then run make again\.$")


def test_python_too_old(machine: Path) -> None:
    program(machine, "python3", TOO_OLD)
    assert_one_sentence(set_up(machine), r"^Python 3\.9 is too old: install Python 3\.11 or newer")


def test_no_venv_module(machine: Path) -> None:
    program(machine, "python3", WITHOUT_VENV)
    assert_one_sentence(set_up(machine), r"cannot make virtual environments: install its venv module .*apt install python3-venv")


def test_no_network(machine: Path) -> None:
    (machine / "python3").symlink_to(Path(sys.executable).resolve())
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_NO_CACHE_DIR": "1"}
    result = set_up(machine, **nowhere)
    assert_one_sentence(result, r"could not be fetched: connect to the network and run make again")
    assert not (machine.parent / "venv" / "site.ok").exists()


def test_newest_python_is_found_behind_an_old_one(machine: Path) -> None:
    program(machine, "python3", TOO_OLD)
    program(machine, "python3.13", WITHOUT_VENV)
    assert_one_sentence(set_up(machine), r"install its venv module")


def test_help_is_what_make_says_first(machine: Path) -> None:
    result = subprocess.run(["make"], cwd=PROJECT, env={"PATH": str(machine)}, capture_output=True, text=True, check=True)
    for target in ("html", "serve", "test", "linkcheck", "epub", "clean"):
        assert re.search(rf"^  {target} +\w", result.stdout, re.MULTILINE), target


def test_other_sphinx_builders_are_passed_on(tiny: object) -> None:
    result = tiny.make("text")
    assert result.returncode == 0, result.stderr
    assert "The number that multiplies" in (tiny.folder / "_build/text/glossary/learning.txt").read_text(encoding="utf-8")


# -- Chromium ----------------------------------------------------------------------------------------


def test_named_chromium_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "mine", "#!/bin/sh\n")
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "mine"))
    assert chromium.find() == str(tmp_path / "mine")


def test_wrongly_named_chromium_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(RuntimeError, match="CHROMIUM names /nowhere/chromium"):
        chromium.find()


def test_sources_of_chromium_are_tried_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    tried = []
    for name in ("on_path", "playwrights_own", "debians"):
        monkeypatch.setattr(chromium, name, lambda name=name: tried.append(name))
    with pytest.raises(RuntimeError, match="^No Chromium could be found or installed: install Chromium or Chrome, or set CHROMIUM"):
        chromium.find()
    assert tried == ["on_path", "playwrights_own", "debians"]
