"""The commands on the pages about reports and waivers, run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("REPORTS.md", ["Fixed:", "The products differ in", "rules were left out"]),
        ("WAIVERS.md", ["waivers, all in order", "Conformant with waivers"]),
    ],
)
def test_the_commands_of_a_page_do_what_it_says(
    tmp_path: Path, page: str, words: list[str]
) -> None:
    """A reader who types one block after another meets no error, and sees what is promised."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", (DOCS / page).read_text(), re.DOTALL | re.MULTILINE)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    shell = ["sh", "-e"]
    done = subprocess.run(
        shell,
        input="".join(blocks),
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    for expected in words:
        assert expected in done.stdout
