"""Environments of their own for peers whose needs and ours do not go together."""

from __future__ import annotations

import shutil
import subprocess
import venv
from pathlib import Path

HERE = Path(__file__).parent / ".peers"


def python_of(peer: str, *needs: str) -> str:
    """The interpreter of an environment with what a peer needs, which is made if it is not there.

    ``needs`` are requirements as pip takes them; where they changed, it is made anew.
    """
    folder = HERE / peer
    python, written = folder / "bin" / "python", folder / "needs.txt"
    wanted = "\n".join(needs)
    if not written.exists() or written.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *needs], check=True)
        written.write_text(wanted, encoding="utf-8")
    return str(python)
