"""Foreign tools that link here, each in an environment of its own, made from its lock in tests/linking/tools/ when first needed."""

from __future__ import annotations

import fcntl
import os
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = PROJECT / "tests" / "linking" / "tools"
TOOLS = PROJECT / "_build" / "tools"


def tool(name: str) -> Path:
    """The folder of a tool's programs; ``RuntimeError`` with the one line that cures it if it cannot be had."""
    folder, lock = TOOLS / name, LOCKS / f"{name}.txt"
    stamp = folder / "tool.ok"
    TOOLS.mkdir(parents=True, exist_ok=True)
    # Tests run in several processes: one installs, the others wait.
    with (TOOLS / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
            made = subprocess.run([PROJECT / "_make" / "venv", folder, lock], capture_output=True, text=True, timeout=900, check=False)
            if made.returncode:
                raise RuntimeError(made.stderr.strip())
            stamp.write_bytes(lock.read_bytes())
    return folder / "bin"


def run(name: str, command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of a tool, which finds its own companions (Node.js, say) first."""
    programs = tool(name)
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    whole = [str(programs / command[0]), *command[1:]]
    return subprocess.run(whole, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False)
