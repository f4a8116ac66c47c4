"""Certifying real emulators from the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import COMMAND, HANGS, run

from conformance import certify
from conformance.report import Certificate, read_report
from conformance.report.judged_profile import ProfileVerdict
from conformance.report.results import read_results
from conformance.suite.catalogue import all_rules
from conformance.suite.running.opening import Plan

SELECTION = ("--service", "ecr", "--profile", "tags", "--profile", "protocol", "--seed", "1")


def verdicts(certificate: Certificate) -> dict[str, str]:
    """The verdict on each check."""
    return {
        check.id: check.verdict.label for judged in certificate.rules for check in judged.checks
    }


@pytest.fixture(scope="module")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report folder of a run over a part of the rules."""
    folder = tmp_path_factory.mktemp("moto")
    ended = run("certify", "moto", *SELECTION, "--output", str(folder))
    assert (ended.code, ended.err) == (1, "")
    assert "Not conformant" in ended.out
    return folder


def test_a_run_leaves_its_files(moto: Path) -> None:
    """The report in all its forms and the stream of results are there, and agree."""
    assert sorted(path.name for path in moto.iterdir()) == [
        "badge.json",
        "badge.svg",
        "junit.xml",
        "report.html",
        "report.json",
        "report.md",
        "results.jsonl",
    ]
    certificate, results = read_report(moto / "report.json"), read_results(moto / "results.jsonl")
    assert results.finished == certificate.finished
    assert {check.id for check in results.checks} == set(verdicts(certificate))
    target = certificate.provenance.target
    assert (target.name, target.product) == ("moto", "moto")
    assert (target.command or "").startswith("moto_server -p ")


def test_two_jobs_give_the_verdicts_of_one(moto: Path, tmp_path: Path) -> None:
    """The same seed gives the same verdicts in one process and in two."""
    ended = run("certify", "moto", *SELECTION, "--jobs", "2", "--output", str(tmp_path))
    assert ended.code == 1
    expected = verdicts(read_report(moto / "report.json"))
    assert verdicts(read_report(tmp_path / "report.json")) == expected


def test_where_no_process_is_forked_xdist_starts_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two processes judge on macOS and Windows, too, and their checks arrive."""
    monkeypatch.setattr(certify, "_CAN_FORK", False)
    monkeypatch.setitem(sys.modules, "conformance.suite.running.forks", None)
    plan = Plan("reference", profiles=["resource-tags"], seed=1)
    assert certify.Certification(plan, "", tmp_path, jobs=2).run() == 0
    found = set(verdicts(read_report(tmp_path / "report.json")).values())
    assert found <= {"pass", "not_applicable"}
    assert "pass" in found


def test_plain_pytest_gives_the_same_verdicts(moto: Path, tmp_path: Path) -> None:
    """The suite under plain pytest, with the plugin's options, is the same run."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--pyargs", "conformance.suite", "-q"),
            *("--conformance-target", "moto", "--conformance-service", "ecr"),
            *("--conformance-profile", "tags", "--conformance-profile", "protocol"),
            *("--conformance-seed", "1", "--conformance-output", str(tmp_path / "out")),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    expected = verdicts(read_report(moto / "report.json"))
    assert verdicts(read_report(tmp_path / "out" / "report.json")) == expected


def test_one_rule_is_judged_alone(tmp_path: Path) -> None:
    """-k with a rule's id runs that rule, and --exit-zero forgives its verdict."""
    rule = "ecr.tags.delete-last-tag-deletes-image"
    ended = run("certify", "moto", "-k", rule, "--output", str(tmp_path), "--exit-zero")
    assert ended.code == 0, ended
    assert list(verdicts(read_report(tmp_path / "report.json"))) == [rule]


def test_the_users_own_tests_take_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conftest.py where the command is called is not read."""
    (tmp_path / "conftest.py").write_text("raise SystemExit('the user has tests of their own')\n")
    monkeypatch.chdir(tmp_path)
    ended = run("certify", "reference", "-k", "ecr.tags.delete-last-tag-deletes-image")
    assert ended.code == 0, ended


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_certifies_nothing(tmp_path: Path, jobs: str) -> None:
    """Ctrl-C ends with 2 and one sentence; no certificate is left, not even an older one."""
    (tmp_path / "report.json").write_text("of an earlier run")
    process = subprocess.Popen(
        [*COMMAND, "certify", "moto", "--jobs", jobs, "--output", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    results = tmp_path / "results.jsonl"
    deadline = time.monotonic() + 60
    while not (results.exists() and results.read_bytes().count(b"\n") > 5):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err.startswith("error: interrupted; nothing is certified\n")
    assert [path.name for path in tmp_path.iterdir()] == ["results.jsonl"]
    assert read_results(results, allow_partial=True).finished is None


KNOWN_DEFECTS = {
    "moto": {
        "ecr.images.digest-is-that-of-the-manifest",
        "ecr.images.mismatch-fails",
        "ecr.images.wrong-digest-refused",
        "ecr.layers.empty-upload-refused",
        "ecr.pagination.beyond-bounds-refused",
        "ecr.pagination.default",
        "ecr.pagination.made-up-token-refused",
        "ecr.pagination.page-size",
        "ecr.protocol.no-server-fault",
        "ecr.validation.put-image.required",
    },
    "ministack": {
        "ecr.client.paginator",
        "ecr.images.mismatch-fails",
        "ecr.images.unknown-image-refused",
        "ecr.layers.last-byte-received",
        "ecr.repositories.invalid-name-refused",
        "ecr.tags.delete-one-of-several",
        "ecr.validation.get-repository-policy.pattern",
    },
}
"""Rules that these emulators were seen, by hand, to break in moto 5.2.5 and ministack 1.5.33."""


@pytest.mark.parametrize("emulator", KNOWN_DEFECTS)
def test_the_known_defects_of_an_emulator_show(tmp_path: Path, emulator: str) -> None:
    """A whole run finds what is known to be wrong; what is not implemented is unsupported."""
    ended = run("certify", emulator, "--jobs", "2", "--seed", "1", "--output", str(tmp_path))
    assert ended.code == 1, ended
    certificate = read_report(tmp_path / "report.json")
    failed = {judged.rule.id for judged in certificate.rules if judged.failed}
    assert failed >= KNOWN_DEFECTS[emulator]
    assert "error" not in set(verdicts(certificate).values())
    public = [each for each in certificate.profiles if each.service == "ecr-public"]
    ruled = {each.profile for each in all_rules().values() if each.service == "ecr-public"}
    assert {each.profile for each in public} == ruled
    assert {each.verdict for each in public} == {ProfileVerdict.UNSUPPORTED}


def test_rules_lists_and_explain_shows(tmp_path: Path) -> None:
    """Every rule is listed with its title; one is explained with what says so."""
    listed = run("rules", "--service", "ecr", "--profile", "tags")
    assert listed.code == 0
    rule = "ecr.tags.delete-last-tag-deletes-image"
    assert f"  {rule}  must  Deleting an image's last tag deletes the image.\n" in listed.out
    explained = run("explain", rule)
    assert explained.code == 0
    assert "When you remove the last tag from an image, the image is deleted" in explained.out
    assert "AmazonECR/latest/APIReference/API_BatchDeleteImage.html" in explained.out
