"""Every command that README and docs/ show can be typed as it stands there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import served

from conformance.reference import ReferenceTransport

ROOT = Path(__file__).parents[1]
TRIED_WHOLE = ("REPORTS.md", "WAIVERS.md")
"""Pages whose every block test_pages.py runs, with what it is to print."""
ASKING_AWS = ("AWS.md",)
"""Pages whose commands ask AWS; test_recording_of_aws.py sees whether they are understood."""
PAGES = [
    ROOT / "README.md",
    ROOT / "cassettes" / "README.md",
    *(
        page
        for page in sorted((ROOT / "docs").glob("*.md"))
        if page.name not in (*TRIED_WHOLE, *ASKING_AWS)
    ),
]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
BASH = shutil.which("bash") or "bash"
COMMAND = "ecr-conformance"
ANY_ENDPOINT = re.compile(r"https?://(?:127\.0\.0\.1|localhost):\d+")

FEW_RULES = ("--service", "ecr", "--profile", "authorization")
"""What a command gets that would judge by all rules, which takes minutes."""
JUDGING = ("certify", "record", "replay")
SERVING = ("serve", "reference serve")
"""Commands that only end when they are interrupted: that they begin is enough."""
ELSEWHERE = {
    ("certify", "aws"): "it takes an account; rehearsals of it are in tests/account",
    ("schemas", "build"): "it would write this checkout's contract lock anew; see test_schemas.py",
    ("coverage",): "it judges by all rules; see test_coverage.py",
}
"""Commands that other tests run, and why not here."""


def commands(page: Path) -> list[str]:
    """The lines of a page's shell blocks that call this tool, continued lines joined."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if COMMAND in line and ".venv" not in line]


@pytest.fixture
def endpoint() -> Iterator[str]:
    """A reference behind a port, for commands that name an address."""
    with served(ReferenceTransport()) as address:
        yield address


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with what the pages take for granted: files of the reader's own."""
    (tmp_path / "answer.json").write_text('{"repositories": []}', encoding="utf-8")
    (tmp_path / "request.json").write_text('{"repositoryName": "app"}', encoding="utf-8")
    allowing = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": allowing}
    (tmp_path / "policy.json").write_text(json.dumps(policy), encoding="utf-8")
    model = ROOT / "schemas" / "ecr" / "2015-09-21" / "model.json"
    (tmp_path / "path" / "to").mkdir(parents=True)
    (tmp_path / "path" / "to" / "service-2.json").write_bytes(model.read_bytes())
    (tmp_path / "session.har").write_text('{"log": {"entries": []}}', encoding="utf-8")
    (tmp_path / "flight").mkdir()
    flight = tmp_path / "flight" / "api.ecr.ListImages_1.json"
    flight.write_text('{"status_code": 200, "data": {"imageIds": []}}', encoding="utf-8")
    recorded = tmp_path / "tests" / "cassettes" / "newest.json"
    recorded.parent.mkdir(parents=True)
    recorded.write_text('{"version": 1, "interactions": []}', encoding="utf-8")
    (tmp_path / "cassettes").symlink_to(ROOT / "cassettes")
    return tmp_path


def adapted(line: str, endpoint: str) -> str | None:
    """The command as it is run here: a free port, few rules. ``None`` where another test has it."""
    words = shlex.split(line, comments=True)
    at = words.index(COMMAND)
    called = words[at + 1 :]
    if any(tuple(called[: len(name)]) == name for name in ELSEWHERE) or words[0] == "aws":
        return None  # what AWS answers, test_validate.py has from the reference
    line = ANY_ENDPOINT.sub(endpoint, line.partition(" #")[0].rstrip())
    if called[0] in JUDGING and not {"-k", "--profile"} & set(called):
        few = " ".join(shlex.quote(each) for each in FEW_RULES)
        head, found, tail = line.partition(" || ")
        line = f"{head} {few}{found}{tail}"
    return re.sub(r"--port \d+", "--port 0", line)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_work(page: Path, folder: Path, endpoint: str) -> None:
    """In the order of the page, each command is understood and does its work."""
    for line in commands(page):
        command = adapted(line, endpoint)
        if command is None:
            continue
        if any(f"{COMMAND} {name} " in f"{command} " for name in SERVING):
            _begins(command, folder)
            continue
        done = subprocess.run(
            [BASH, "-c", f"{_tool()}; {command}"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        # 1 is a verdict, and no trouble with the command.
        assert done.returncode in (0, 1), f"{command}\n{done.stdout}\n{done.stderr}"


def _begins(command: str, folder: Path) -> None:
    with subprocess.Popen(
        [BASH, "-c", f"{_tool()}; {command}"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        os.killpg(process.pid, signal.SIGKILL)
    assert "http://" in first, f"{command}: {first!r}"


def _tool() -> str:
    """Shell that makes the command the one of this checkout."""
    call = "from conformance.cli import main; main()"
    return f'{COMMAND}() {{ {shlex.quote(sys.executable)} -c {shlex.quote(call)} "$@"; }}'
