"""The GitHub action: its steps, run as the runner would run them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
BASH = shutil.which("bash") or "bash"
EXPRESSION = re.compile(r"\$\{\{ (inputs|steps\.certify\.outputs)\.([\w-]+) \}\}")


@dataclass(frozen=True)
class Job:
    """What a runner kept: exit codes by step, what they printed, and the summary of the job."""

    codes: Mapping[str, int]
    printed: str
    summary: str


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A runner's folder in which the tool is installed already."""
    home = tmp_path / "ecr-conformance" / "bin"
    home.mkdir(parents=True)
    tool = home / "ecr-conformance"
    call = f'exec "{sys.executable}" -c "from conformance.cli import main; main()" "$@"'
    tool.write_text(f"#!/bin/sh\n{call}\n", encoding="utf-8")
    tool.chmod(0o755)
    return tmp_path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_action(runner: Path, **given: str) -> Job:
    """Run the steps with these inputs, ``_`` for ``-``, until one fails."""
    inputs = {name: str(each.get("default", "")) for name, each in ACTION["inputs"].items()}
    inputs.update({name.replace("_", "-"): value for name, value in given.items()})
    files = {
        name: runner / name for name in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
    }
    for path in files.values():
        path.touch()
    environment = {
        **os.environ,
        **{name: str(path) for name, path in files.items()},
        "RUNNER_TEMP": str(runner),
        "GITHUB_ACTION_PATH": str(ROOT),
        "PATH": f"{runner / 'ecr-conformance' / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    codes, printed = {}, ""
    for step in ACTION["runs"]["steps"]:
        outputs = dict(
            line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines()
        )
        if "run" not in step or not _wanted(step.get("if"), inputs):
            continue
        done = subprocess.run(
            [BASH, "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            env={**environment, **_filled(step.get("env", {}), inputs, outputs)},
            cwd=runner,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )
        codes[step["name"]] = done.returncode
        printed += done.stdout
        if done.returncode:
            break
    return Job(codes, printed, files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8"))


def _wanted(condition: str | None, inputs: Mapping[str, str]) -> bool:
    if condition is None:
        return True
    found = re.fullmatch(r"inputs\.([\w-]+) (==|!=) '([^']*)'", condition)
    assert found, condition
    return (inputs[found[1]] == found[3]) is (found[2] == "==")


def _filled(
    given: Mapping[str, str], inputs: Mapping[str, str], outputs: Mapping[str, str]
) -> dict[str, str]:
    known = {"inputs": inputs, "steps.certify.outputs": outputs}
    return {
        name: EXPRESSION.sub(lambda found: known[found[1]].get(found[2], ""), value)
        for name, value in given.items()
    }


def serving(port: int) -> str:
    """The command that starts the reference on a port."""
    return f"ecr-conformance reference serve --port {port}"


FEW = "--service ecr -k tags.delete-last-tag"


def test_an_emulator_is_started_and_judged(runner: Path) -> None:
    """The emulator is started, judged, and told about in the summary of the job."""
    port = free_port()
    job = run_action(
        runner, start=serving(port), endpoint=f"http://127.0.0.1:{port}", options=FEW,
        fail_on="not-conformant",
    )  # fmt: skip
    os.kill(int((runner / "emulator.pid").read_text()), signal.SIGTERM)
    assert set(job.codes.values()) == {0}, job.printed
    assert "Hold to the certificate" in job.codes
    assert "ecr" in job.summary
    kept = {path.name for path in (runner / "conformance-report").iterdir()}
    assert {"report.html", "report.json", "badge.svg", "junit.xml"} <= kept


def test_a_broken_rule_fails_only_when_asked(runner: Path) -> None:
    """A certificate below conformant fails the job where that was asked for, and else does not."""
    broken = {"endpoint": "moto", "options": "--service ecr --profile pagination"}
    assert set(run_action(runner, **broken).codes.values()) == {0}
    job = run_action(runner, **broken, fail_on="not-conformant")
    assert job.codes["Hold to the certificate"] == 1
    assert "::error::not conformant" in job.printed


def test_a_regression_fails_when_asked(runner: Path) -> None:
    """What was kept in the baseline and is broken now fails the job, and is told in the summary."""
    assert run_action(runner, endpoint="reference", options="--profile pagination --service ecr",
                      output="before").codes["Certify"] == 0  # fmt: skip
    after = {"endpoint": "moto", "options": "--profile pagination --service ecr"}
    job = run_action(runner, **after, baseline="before", fail_on="regressed")
    assert job.codes["Compare with the baseline"] == 1
    assert "Regressed" in job.summary
    unasked = run_action(runner, **after, baseline="before")
    assert unasked.codes["Compare with the baseline"] == 0


def test_a_baseline_that_is_not_there_yet_fails_nothing(runner: Path) -> None:
    """The first run has nothing to compare with."""
    job = run_action(runner, endpoint="reference", options=FEW, baseline="nowhere.json",
                     fail_on="regressed")  # fmt: skip
    assert set(job.codes.values()) == {0}
    assert "::notice::" in job.printed


def test_an_emulator_that_does_not_start_is_told(runner: Path) -> None:
    """What the emulator printed is shown where nothing answers."""
    job = run_action(
        runner, start="echo no luck; false", endpoint=f"http://127.0.0.1:{free_port()}", timeout="1"
    )
    assert job.codes["Start the emulator"] == 1
    assert "no luck" in job.printed
