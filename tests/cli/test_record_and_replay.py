"""Recording a run and replaying it from the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from canned import serve
from command import COMMAND, HANGS, Ended, run

from conformance.report import read_report
from conformance.transport.cassettes.recording import MANIFEST

SELECTION = ("--profile", "tags", "--profile", "client", "--service", "ecr")
WITHOUT_NETWORK = """
import socket

def refuse(*_):
    raise OSError("the network was used")

socket.socket.connect = socket.socket.connect_ex = refuse
"""


def verdicts(folder: Path) -> dict[str, str]:
    """The verdict on each check of a report."""
    return {
        check.id: check.verdict.label
        for judged in read_report(folder / "report.json").rules
        for check in judged.checks
    }


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def replay(cassettes: Path, output: Path, *options: str) -> Ended:
    """Replay in a process that cannot open a connection."""
    site = output.parent / f"{output.name}-site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(WITHOUT_NETWORK, encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, "replay", str(cassettes), "--output", str(output), *options],
        env={**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recording of a part of the rules (``cassettes``), and its ``report``."""
    folder = tmp_path_factory.mktemp("moto")
    ended = run(
        *("record", "moto", "--cassettes", str(folder / "cassettes"), *SELECTION),
        *("--output", str(folder / "report"), "--jobs", "2"),
    )
    assert (ended.code, ended.err) == (1, "")
    return folder


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_replay_gives_the_verdicts_of_the_recorded_run(
    moto: Path, tmp_path: Path, jobs: str
) -> None:
    """Without a network, in one process or two, every check ends as it did on the target."""
    ended = replay(moto / "cassettes", tmp_path / "replayed", "--jobs", jobs)
    assert ended.code == 1, ended
    assert ended.err.startswith("Not judged: "), ended  # what was not chosen to be recorded
    assert verdicts(tmp_path / "replayed") == verdicts(moto / "report")
    replayed = read_report(tmp_path / "replayed" / "report.json").provenance.target
    assert (replayed.product, replayed.recorded is None) == ("moto", False)


def test_certify_takes_a_recording_for_a_target(moto: Path, tmp_path: Path) -> None:
    """``certify DIR`` is ``replay DIR``, and options choose among what was recorded."""
    chosen = ("-k", "delete-last-tag", "--output", str(tmp_path))
    ended = run("certify", str(moto / "cassettes"), *chosen)
    assert ended.code == 0, ended
    recorded = verdicts(moto / "report")
    assert verdicts(tmp_path) == {each: recorded[each] for each in verdicts(tmp_path)}


def test_pytest_records_and_replays(moto: Path, tmp_path: Path) -> None:
    """The plugin's options do what the commands do."""

    def under_pytest(*options: str) -> int:
        suite = ("-m", "pytest", "--pyargs", "conformance.suite", "-q", "-k", "delete-last-tag")
        return subprocess.run(
            [sys.executable, *suite, *options], cwd=tmp_path, capture_output=True, check=False
        ).returncode

    recording = ("--conformance-target", "moto", "--conformance-record", "kept")
    assert under_pytest(*recording, "--conformance-output", "first") == 0
    assert under_pytest("--conformance-target", "kept", "--conformance-output", "second") == 0
    assert verdicts(tmp_path / "second") == verdicts(tmp_path / "first")


def test_what_is_recorded_already_is_not_asked_again(tmp_path: Path) -> None:
    """``once`` asks the target only for scenarios that the folder lacks, and leaves the others."""
    cassettes = tmp_path / "cassettes"
    record = ("record", "reference", "--cassettes", str(cassettes), "--output", str(tmp_path / "o"))
    assert run(*record, "-k", "delete-last-tag").code == 0
    first = content(cassettes)
    assert run(*record, "-k", "delete-last-tag or untagged").code == 0
    second = content(cassettes)
    assert {name: second[name] for name in first if name != MANIFEST} == {
        name: kept for name, kept in first.items() if name != MANIFEST
    }
    assert len(second) > len(first)
    assert run("replay", str(cassettes), "--output", str(tmp_path / "o")).code == 0


def test_a_changed_scenario_is_stale(moto: Path, tmp_path: Path) -> None:
    """A request that was not recorded makes the check untestable, and never fails the target."""
    cassettes = tmp_path / "cassettes"
    for name, kept in content(moto / "cassettes").items():
        path = cassettes / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(kept)
    victim = cassettes / "ecr" / "tags.delete-last-tag-deletes-image.json"
    parsed = json.loads(victim.read_text(encoding="utf-8"))
    parsed["interactions"] = [
        each for each in parsed["interactions"] if "BatchDelete" not in json.dumps(each)
    ]
    victim.write_text(json.dumps(parsed), encoding="utf-8")
    ended = run(
        *("replay", str(cassettes), "-k", "delete-last-tag-deletes-image"),
        *("--output", str(tmp_path / "report")),
    )
    assert ended.code == 1
    (check,) = read_report(tmp_path / "report" / "report.json").rules[0].checks
    assert check.verdict.label == "untestable"
    assert check.message.startswith("stale: BatchDeleteImage was not recorded, only ")


def test_a_run_that_is_killed_leaves_every_cassette_as_it_was(tmp_path: Path) -> None:
    """kill -9 in the middle of recording anew changes nothing, and the next run is not troubled."""
    cassettes = tmp_path / "cassettes"
    record = ("record", "reference", "--cassettes", str(cassettes), "--output", str(tmp_path / "o"))
    selection = ("--service", "ecr", "--profile", "tags")
    assert run(*record, *selection).code == 0
    before = content(cassettes)
    rewriting = subprocess.Popen([*COMMAND, *record, *selection, "--mode", "rewrite"])
    staged = cassettes / ".recording" / "ecr"
    deadline = time.monotonic() + 60
    while len(list(staged.glob("tags*"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    rewriting.send_signal(signal.SIGKILL)
    rewriting.wait()
    after = content(cassettes)
    assert {name: after[name] for name in before} == before
    assert any(name.startswith(".recording") for name in after)
    assert run(*record, *selection, "--mode", "rewrite").code == 0
    assert sorted(content(cassettes)) == sorted(before)


def test_two_recorders_of_one_folder_do_not_mix(tmp_path: Path) -> None:
    """The second one is told so, and records nothing."""
    cassettes = tmp_path / "cassettes"
    record = ("record", "reference", "--cassettes", str(cassettes), "--output", str(tmp_path / "o"))
    first = subprocess.Popen([*COMMAND, *record, "--profile", "tags"], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not (cassettes / ".recording" / "lock").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        second = run(*record, "--profile", "tags")
    finally:
        first.kill()
        first.wait()
    assert second.code == 4
    assert second.err.startswith(f"error: another run records into {cassettes}\n")


def test_a_run_that_decides_nothing_records_nothing(tmp_path: Path) -> None:
    """A target that does not answer leaves no recording that could pass for a whole one."""
    with serve(lambda *_: (200, {})) as endpoint:
        pass
    ended = run(
        *("record", endpoint, "--cassettes", str(tmp_path / "cassettes"), "--profile", "tags"),
        *("--output", str(tmp_path / "report")),
    )
    assert ended.code == 3
    assert content(tmp_path / "cassettes") == {}


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("moto",), "has a recording of reference in us-east-1, not of moto in us-east-1"),
        (("reference", "--region", "eu-west-1"), "not of reference in eu-west-1"),
        (("reference", "--seed", "5"), "was recorded with the seed 0, not 5"),
    ],
)
def test_a_folder_holds_one_recording(
    tmp_path: Path, options: tuple[str, ...], complaint: str
) -> None:
    """What would not belong to the recording in a folder is refused before anything is asked."""
    cassettes = tmp_path / "cassettes"
    more = ("--cassettes", str(cassettes), "-k", "delete-last-tag", "--output", str(tmp_path / "o"))
    assert run("record", "reference", *more).code == 0
    before = content(cassettes)
    ended = run("record", *options, *more)
    assert ended.code == 4
    assert complaint in ended.err
    assert content(cassettes) == before


def test_a_folder_without_a_recording_is_told(tmp_path: Path) -> None:
    """A folder that nobody recorded into is one clear error."""
    ended = run("replay", str(tmp_path))
    assert (ended.code, ended.err.splitlines()[0]) == (
        4,
        f"error: there is no recording in {tmp_path}",
    )
