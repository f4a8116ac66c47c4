"""The page about AWS and its workflow: commands that exist, steps that do what they say."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from conformance.cli import cli
from conformance.transport.cassettes.recording import MANIFEST

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "AWS.md").read_text(encoding="utf-8")
WORKFLOW: Mapping[str, Any] = yaml.safe_load(
    (ROOT / "docs" / "workflows" / "record-aws.yml").read_text(encoding="utf-8")
)
STEPS: list[Mapping[str, Any]] = [
    step for job in WORKFLOW["jobs"].values() for step in job["steps"]
]
MOTO = next((ROOT / "cassettes" / "moto").iterdir())
COMMAND = re.compile(r"^\s*(ecr-conformance .*?)(?: > \S+| \|\| .*)*(?: +#.*)?$", re.MULTILINE)
BASH = shutil.which("bash") or "bash"


def _commands() -> Iterator[str]:
    """Every command of ours that the page and the workflow show."""
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", PAGE, re.MULTILINE | re.DOTALL):
        yield from COMMAND.findall(block)
    for step in STEPS:
        yield from COMMAND.findall(step.get("run", ""))


COMMANDS = list(dict.fromkeys(_commands()))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that commands name, and variables as on a runner."""
    for name in ("cassettes/aws/2026-11", "cassettes/aws/us-east-1", "today", "after", "aws"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "registry-settings.json").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path))
    for name, value in WORKFLOW["env"].items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_understood(command: str) -> None:
    """Command, options and arguments are those of the command line."""
    words = shlex.split(os.path.expandvars(command.replace('"', "")))[1:]
    found: click.Command = cli
    context = click.Context(cli)
    while isinstance(found, click.Group):
        name, found, words = _resolved(found, context, words)
        context = found.make_context(name, list(words), parent=context)
        words = [*context._protected_args, *context.args] if isinstance(found, click.Group) else []


def _resolved(
    group: click.Group, context: click.Context, words: list[str]
) -> tuple[str, click.Command, list[str]]:
    name, found, rest = group.resolve_command(context, words)
    assert found is not None, words
    return str(name), found, rest


def test_the_workflow_has_no_key() -> None:
    """It takes a role by OIDC and names no secret; who may write here cannot reach AWS."""
    record, propose = WORKFLOW["jobs"]["record"], WORKFLOW["jobs"]["propose"]
    assert WORKFLOW["permissions"] == {}
    assert record["permissions"] == {"id-token": "write", "contents": "read"}
    assert "id-token" not in propose["permissions"]
    (taken,) = (step["with"] for step in STEPS if "aws-actions" in step.get("uses", ""))
    assert "role-to-assume" in taken
    assert "secrets." not in json.dumps(WORKFLOW)


def test_the_role_trusts_the_workflow_alone() -> None:
    """The trust policy is JSON, and names the environment of the workflow."""
    (block,) = re.findall(r"^ *```json\n(.*?)^ *```", PAGE, re.MULTILINE | re.DOTALL)
    (statement,) = json.loads(block)["Statement"]
    equal = statement["Condition"]["StringEquals"]
    environment = WORKFLOW["jobs"]["record"]["environment"]
    subject = equal["token.actions.githubusercontent.com:sub"]
    assert subject == f"repo:OWNER/REPOSITORY:environment:{environment}"
    assert equal["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"


def test_the_policy_is_of_the_rules_that_are_recorded() -> None:
    """What the role may do is printed for the rules that the workflow records."""
    assert f"aws policy {WORKFLOW['env']['RULES']} >" in PAGE


def compare(folder: Path) -> tuple[int, str]:
    """Run the step that compares, as a runner would; its exit code, and its output."""
    (step,) = (each for each in STEPS if each.get("id") == "drift")
    call = f'exec "{sys.executable}" -c "from conformance.cli import main; main()" "$@"'
    tool = folder / "bin" / "ecr-conformance"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\n{call}\n", encoding="utf-8")
    tool.chmod(0o755)
    output = folder / "output"
    output.touch()
    environment = {
        "PATH": f"{tool.parent}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_OUTPUT": str(output),
    }
    done = subprocess.run(
        [BASH, "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, output.read_text(encoding="utf-8")


@pytest.fixture
def recorded(folder: Path) -> Path:
    """The recording that was just made."""
    for name in ("aws", "after", "cassettes/aws/us-east-1"):
        (folder / name).rmdir()
    return Path(shutil.copytree(MOTO, folder / "aws"))


def test_the_first_recording_is_proposed(folder: Path, recorded: Path) -> None:
    """Where there is nothing to compare with, the recording is new."""
    assert compare(folder) == (0, "drifted=true\n")
    assert (folder / "after" / MANIFEST).is_file()
    assert not recorded.exists()


@pytest.mark.usefixtures("recorded")
def test_nothing_is_proposed_where_nothing_drifted(folder: Path) -> None:
    """The same answers open no pull request."""
    shutil.copytree(MOTO, folder / "cassettes" / "aws" / "us-east-1")
    assert compare(folder) == (0, "")
    assert "rules touched: none" in (folder / "drift.txt").read_text(encoding="utf-8")


def test_drift_is_proposed(folder: Path, recorded: Path) -> None:
    """Another answer opens one, with the rule that it touches."""
    shutil.copytree(MOTO, folder / "cassettes" / "aws" / "us-east-1")
    path = recorded / "ecr" / "tags.delete-last-tag-deletes-image.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("failures", "faults"), encoding="utf-8")
    assert compare(folder) == (0, "drifted=true\n")
    told = (folder / "drift.txt").read_text(encoding="utf-8")
    assert "ecr.tags.delete-last-tag-deletes-image  must  answered differently" in told


@pytest.mark.usefixtures("recorded")
def test_a_comparison_that_fails_is_no_drift(folder: Path) -> None:
    """What is in the repository and is no recording fails the job."""
    (folder / "cassettes" / "aws" / "us-east-1").mkdir()
    assert compare(folder) == (4, "")
