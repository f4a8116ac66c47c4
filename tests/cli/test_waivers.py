"""Waivers, from the first failing run to the day they are of no more use."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import run

from conformance.report import read_report
from conformance.report.conclusion import Conclusion
from conformance.report.waiver_file import read_waivers

CHOSEN = ("--service", "ecr", "--profile", "tags", "--seed", "1")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of moto's tags, which are not conformant."""
    folder = tmp_path_factory.mktemp("moto")
    assert run("certify", "moto", *CHOSEN, "--output", str(folder)).code == 1
    return folder


@pytest.fixture(scope="module")
def draft(report: Path) -> str:
    """What ``waivers init`` prints of it."""
    ended = run("waivers", "init", str(report))
    assert (ended.code, ended.err) == (0, "")
    return ended.out


@pytest.fixture
def file(draft: str, tmp_path: Path) -> Path:
    """The same, filled in."""
    path = tmp_path / "waivers.toml"
    filled = draft.replace('reason = ""', 'reason = "known"')
    path.write_text(filled.replace('issue = ""', 'issue = "https://example.com/7"'))
    return path


def test_a_draft_has_to_be_filled_in(report: Path, draft: str, tmp_path: Path) -> None:
    """A waiver without reason is refused by the check and by a run, with its line."""
    path = tmp_path / "waivers.toml"
    path.write_text(draft)
    line = draft.splitlines().index("[[waiver]]") + 1
    complaint = f"{path}:{line}: the reason for ecr.tags."
    checked = run("waivers", "check", str(path))
    assert checked.code == 1
    assert checked.out.startswith(complaint)
    assert len(checked.out.splitlines()) == draft.count("[[waiver]]")
    certified = run("certify", "moto", *CHOSEN, "--waivers", str(path))
    assert (certified.code, certified.out) == (4, "")
    assert certified.err.startswith(f"error: {complaint}")


def test_a_filled_draft_makes_the_run_conformant_with_waivers(
    report: Path, file: Path, tmp_path: Path
) -> None:
    """The run ends with 0 and says why; what is waived is judged, and certified of nothing."""
    assert run("waivers", "check", str(file)).code == 0
    assert run("waivers", "check", str(file), str(report)).code == 0
    out = tmp_path / "out"
    ended = run("certify", "moto", *CHOSEN, "--waivers", str(file), "--output", str(out))
    assert (ended.code, ended.err) == (0, "")
    assert "Conformant with waivers: 0 of 1 profile certified.\n" in ended.out
    found, plain = read_report(out / "report.json"), read_report(report / "report.json")
    assert found.conclusion is Conclusion.WITH_WAIVERS
    assert [each.verdict for each in found.rules] == [each.verdict for each in plain.rules]
    assert found.waivers == read_waivers(file)
    again = run("waivers", "init", str(out))
    assert "[[waiver]]" not in again.out


PASSING = "ecr.tags.delete-last-tag-deletes-image"


@pytest.mark.parametrize(
    ("name", "expires", "complaint"),
    [
        (PASSING, "9999-12-31", f"{PASSING} passes: take its waiver away"),
        ("ecr.tags.nonesuch", "9999-12-31", "is called ecr.tags.nonesuch"),
        (PASSING, "2020-01-01", f"the waiver of {PASSING} expired on 2020-01-01"),
    ],
)
def test_a_stale_waiver_fails_the_run(
    report: Path, file: Path, name: str, expires: str, complaint: str
) -> None:
    """Waivers that pass, match nothing or have expired end with 1, with file and line."""
    line = len(file.read_text().splitlines()) + 1
    file.write_text(
        f'{file.read_text()}[[waiver]]\nid = "{name}"\nreason = "once"\n'
        f'issue = "https://example.com/8"\nexpires = {expires}\n'
    )
    out = str(file.parent / "out")
    ended = run("certify", "moto", *CHOSEN, "--waivers", str(file), "--output", out)
    assert (ended.code, ended.err) == (1, "")
    assert "Stale waivers: 0 of 1 profile certified.\n" in ended.out
    told = "".join(ended.out.split())  # a long line is wrapped
    assert "".join(f"{file}:{line}: ".split()) in told
    assert "".join(complaint.split()) in told
    checked = run("waivers", "check", str(file), str(report))
    assert checked.code == 1
    assert checked.out.startswith(f"{file}:{line}: ")
    assert complaint in checked.out


def test_nothing_is_waived_on_aws(file: Path) -> None:
    """A run against an endpoint of AWS refuses waivers before it sends anything."""
    ended = run(*("certify", "https://api.ecr.us-east-1.amazonaws.com", "--waivers", str(file)))
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith("error: no waiver is accepted on https://api.ecr.us-east-1.am")


def test_an_unknown_rule_is_found_without_a_run(tmp_path: Path) -> None:
    """A misspelt id is told by the check alone."""
    path = tmp_path / "waivers.toml"
    path.write_text(
        '[[waiver]]\nid = "ecr.tags.nonesuch"\nreason = "x"\nissue = "https://a.b"\n'
        "expires = 9999-12-31\n"
    )
    checked = run("waivers", "check", str(path))
    assert checked.code == 1
    assert checked.out.startswith(f"{path}:1: no MUST rule or check that applies here is called")


def test_a_file_that_is_no_toml_is_wrong_usage(tmp_path: Path) -> None:
    """What cannot be read at all ends with 4."""
    path = tmp_path / "waivers.toml"
    path.write_text("[[waiver]\n")
    ended = run("waivers", "check", str(path))
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.startswith(f"error: {path}: ")
    assert "line 1" in ended.err
