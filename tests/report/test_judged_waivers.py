"""What becomes of waivers, and what a run with waivers comes to."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console
from samples import EXPIRED, FINISHED, PROVENANCE, check, rule

from conformance.errors import ExitCode, UsageError
from conformance.report import Certificate, judge
from conformance.report.badge import badge_of
from conformance.report.conclusion import Conclusion
from conformance.report.html import report_page
from conformance.report.html.packing import unpacked
from conformance.report.judged_profile import ProfileVerdict
from conformance.report.junit import junit_xml
from conformance.report.markdown import markdown
from conformance.report.provenance import Provenance, Selection
from conformance.report.terminal import print_summary
from conformance.report.waivers import Waiver, WaiverState, refuse_on_aws
from conformance.suite.checks import Check
from conformance.suite.shard import Shard
from conformance.suite.verdicts import Level, Verdict

PASS, FAIL, ERROR = Verdict.PASS, Verdict.FAIL, Verdict.ERROR
UNSUPPORTED, UNTESTABLE = Verdict.UNSUPPORTED, Verdict.UNTESTABLE
A, B = rule("tags.a"), rule("tags.b")
HINT = rule("tags.hint", Level.SHOULD)
WHOLE = replace(PROVENANCE, selection=Selection())


def waiver(name: str, expires: str = FINISHED[:10]) -> Waiver:
    """A waiver that holds on the day of the run."""
    return Waiver(name, "known", "https://example.com/7", expires, "w.toml:3")


def judged(*waivers: Waiver, checks: tuple[Check, ...], facts: Provenance = WHOLE) -> Certificate:
    """The certificate of A and B, and of a recommendation."""
    return judge(facts, [A, B, HINT], checks, FINISHED, waivers)


@pytest.mark.parametrize("verdict", [FAIL, UNTESTABLE, UNSUPPORTED])
def test_what_is_waived_does_not_decide(verdict: Verdict) -> None:
    """With everything that is unmet waived, a run is conformant with waivers."""
    checks = (check(A, PASS), check(B, verdict))
    plain, waived = judged(checks=checks), judged(waiver(B.id), checks=checks)
    assert plain.conclusion is Conclusion.NOT_CONFORMANT
    assert waived.conclusion is Conclusion.WITH_WAIVERS
    assert waived.exit_code is ExitCode.CONFORMANT


def test_a_waived_failure_certifies_nothing() -> None:
    """Rule and profile keep their verdicts, whatever is waived."""
    found = judged(waiver(B.id), checks=(check(A, PASS), check(B, FAIL)))
    assert [each.verdict for each in found.rules] == [PASS, FAIL, UNTESTABLE]
    assert found.profiles[0].verdict is ProfileVerdict.NOT_CERTIFIED
    assert set(found.waived) == {B.id}


def test_what_passes_nothing_is_not_conformant() -> None:
    """With all that there is waived, nothing is left that could be conformant."""
    waivers = (waiver(A.id), waiver(B.id))
    found = judged(*waivers, checks=(check(A, FAIL), check(B, FAIL)))
    assert found.conclusion is Conclusion.NOT_CONFORMANT


def test_one_check_is_waived_without_the_others() -> None:
    """A waiver of a check accepts no other check of the rule."""
    checks = (check(A, PASS), check(B, FAIL, parameter="x"), check(B, FAIL, parameter="y"))
    assert set(judged(waiver(f"{B.id}[x]"), checks=checks).waived) == {f"{B.id}[x]"}
    assert judged(waiver(f"{B.id}[x]"), checks=checks).exit_code is ExitCode.NOT_CONFORMANT
    assert judged(waiver(B.id), checks=checks).exit_code is ExitCode.CONFORMANT


@pytest.mark.parametrize(
    ("given", "checks", "state", "words"),
    [
        (waiver(B.id), [check(B, FAIL)], WaiverState.ACCEPTED, ""),
        (waiver(B.id), [check(B, PASS)], WaiverState.PASSES, "ecr.tags.b passes: take"),
        (waiver(B.id, EXPIRED), [check(B, FAIL)], WaiverState.EXPIRED, "expired on 2026-01-01"),
        (waiver(B.id, EXPIRED), [check(B, PASS)], WaiverState.EXPIRED, "expired on 2026-01-01"),
        (waiver("ecr.tags.no"), [check(B, PASS)], WaiverState.UNMATCHED, "called ecr.tags.no"),
        (waiver(f"{B.id}[x]"), [check(B, FAIL)], WaiverState.UNMATCHED, "no MUST rule or check"),
        (waiver(B.id), [check(B, Verdict.NOT_APPLICABLE)], WaiverState.UNMATCHED, "applies here"),
        (waiver(HINT.id), [check(HINT, Verdict.WARN)], WaiverState.UNMATCHED, "no MUST rule"),
        (waiver(B.id), [check(B, ERROR)], WaiverState.NOT_JUDGED, ""),
    ],
)
def test_the_state_of_a_waiver(
    given: Waiver, checks: list[Check], state: WaiverState, words: str
) -> None:
    """A waiver that accepts no failure any more is stale, and the complaint names its line."""
    (found,) = judged(given, checks=(check(A, PASS), *checks)).judged_waivers
    assert found.state is state
    assert found.state.is_stale == bool(words)
    if words:
        assert found.complaint.startswith("w.toml:3: ")
        assert words in found.complaint


@pytest.mark.parametrize("given", [waiver(B.id, EXPIRED), waiver("ecr.tags.no"), waiver(A.id)])
def test_a_stale_waiver_fails_a_run_that_is_conformant(given: Waiver) -> None:
    """Whoever keeps a waiver of no use is told by the exit code."""
    found = judged(given, checks=(check(A, PASS), check(B, PASS)))
    assert found.conclusion is Conclusion.STALE_WAIVERS
    assert found.exit_code is ExitCode.NOT_CONFORMANT


def test_an_expired_waiver_accepts_nothing() -> None:
    """From the day after, a failure counts again."""
    checks = (check(A, PASS), check(B, FAIL))
    assert judged(waiver(B.id), checks=checks).exit_code is ExitCode.CONFORMANT
    late = judged(waiver(B.id, EXPIRED), checks=checks)
    assert (late.conclusion, late.waived) == (Conclusion.NOT_CONFORMANT, {})


@pytest.mark.parametrize(
    ("selection", "stale"),
    [
        (Selection(), True),
        (Selection(profiles=("tags",)), False),
        (Selection(profiles=("images",)), True),
        (Selection(services=("ecr-public",)), False),
        (Selection(rules="tags"), False),
        (Selection(shard=Shard(1, 2)), False),
    ],
)
def test_a_waiver_of_what_was_not_chosen_is_not_stale(selection: Selection, *, stale: bool) -> None:
    """A part of the rules can be run with the waivers of all of them."""
    facts = replace(WHOLE, selection=selection)
    found = judged(waiver("ecr.images.x"), checks=(check(A, PASS),), facts=facts)
    assert found.judged_waivers[0].state.is_stale == stale


def test_an_error_is_never_waived() -> None:
    """A run with an error is inconclusive, with waivers as without."""
    found = judged(waiver(B.id), checks=(check(A, PASS), check(B, ERROR)))
    assert found.conclusion is Conclusion.INCONCLUSIVE


@pytest.mark.parametrize(
    "address",
    [
        "aws",  # the product that a recording of AWS names
        "https://api.ecr.us-east-1.amazonaws.com",
        "https://ecr.us-east-1.api.aws:443",
        "https://api.ecr.cn-north-1.amazonaws.com.cn/",
    ],
)
def test_nothing_is_waived_on_aws(address: str) -> None:
    """AWS is the measure; its endpoints are known by their names."""
    with pytest.raises(UsageError, match="no waiver is accepted"):
        refuse_on_aws(address)


@pytest.mark.parametrize("address", ["moto", "http://127.0.0.1:5000", "https://amazonaws.com.me"])
def test_anything_else_may_be_waived_on(address: str) -> None:
    """An emulator may be called what it likes."""
    refuse_on_aws(address)


def test_views_show_what_is_waived() -> None:
    """No view lists a waived failure among the others; stale waivers and reasons are told."""
    checks = (check(A, PASS), check(B, FAIL, "it broke"))
    found = judged(waiver(B.id), waiver("ecr.tags.no"), checks=checks)
    printed = io.StringIO()
    print_summary(found, Console(file=printed, width=100))
    assert "Stale waivers: 0 of 1 profile certified" in printed.getvalue()
    assert "w.toml:3: no MUST rule or check that applies here is called" in printed.getvalue()
    assert "1 checks, by 1 waivers" in printed.getvalue()
    assert "it broke" not in printed.getvalue()
    root = ET.fromstring(junit_xml(found))  # what we have just written
    assert (root.get("failures"), root[0].get("failures"), root[0].get("skipped")) == (
        "0", "0", "2",
    )  # fmt: skip
    (skipped,) = root.findall(f".//testcase[@name='{B.id}']/skipped")
    assert skipped.get("message") == "waived until 2026-01-02: known (https://example.com/7)"
    assert "it broke" in (skipped.text or "")
    shown = markdown(found)
    assert "Amazon ECR: stale waivers" in shown
    page = report_page(found)
    assert "Waivers: 1 check accepted for now" in page
    assert "known, until 2026-01-02" in page
    assert "- `ecr.tags.b`: known, until 2026-01-02, [issue](<https://example.com/7>)\n" in shown
    assert "it broke" not in shown


def test_the_badge_says_that_something_is_waived() -> None:
    """A badge is never green by waivers, and counts what they accept."""
    checks = (check(A, PASS), check(B, FAIL))
    badge = badge_of(judged(waiver(B.id), checks=checks))
    assert badge.message == "0 of 1 profiles certified, 1 checks waived"
    assert badge.color == "red"
    part = replace(WHOLE, selection=Selection(shard=Shard(1, 2)))
    badge = badge_of(judged(checks=(check(A, PASS),), facts=part))
    assert badge.message.startswith("part of the rules: ")


def test_the_page_tells_of_waivers() -> None:
    """A waived failure is one, with the reason why it is accepted; a stale waiver is on top."""
    checks = (check(A, PASS), check(B, FAIL, "no"))
    page = report_page(judged(waiver(B.id), waiver(A.id), checks=checks))
    assert '<span class="stale-waivers">stale waivers</span>' in page
    assert "1 check waived." in page
    assert "Stale waiver: w.toml:3: ecr.tags.a passes: take its waiver away" in page
    assert '<span class="level">waived</span> <span class="message">no</span>' in page
    rest = unpacked(re.findall(r'data-pack="ecr.tags">([^<]*)<', page)[0])[f"rule {B.id}"]
    assert f"Waived until {FINISHED[:10]}: known" in rest
    assert '<a href="https://example.com/7">issue</a>' in rest
