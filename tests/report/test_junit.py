"""``junit.xml`` as CI servers read it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given, settings
from samples import FINISHED, PROVENANCE, certificates, check, rule

from conformance.report import Certificate, judge
from conformance.report.junit import junit_xml
from conformance.report.scenario_place import place_of
from conformance.suite.catalogue import all_rules
from conformance.suite.verdicts import Level, Verdict


@settings(deadline=None)
@given(certificates)
def test_one_case_a_check(made: Certificate) -> None:
    """Whatever a target says, the document is XML with a case for each check, counted right."""
    document = ET.fromstring(junit_xml(made))
    cases = list(document.iter("testcase"))
    assert len(cases) == sum(max(1, len(judged.checks)) for judged in made.rules)
    assert document.get("tests") == str(len(cases))
    assert document.get("failures") == str(len(list(document.iter("failure"))))


def test_a_failure_tells_all() -> None:
    """A failure has its message, and in its text the requirement, the evidence and commands."""
    of = rule("tags.a")
    made = judge(PROVENANCE, [of], [check(of, Verdict.FAIL, "expected a, got b", "x")], FINISHED)
    case = next(ET.fromstring(junit_xml(made)).iter("testcase"))
    assert (case.get("classname"), case.get("name")) == ("ecr.tags", "ecr.tags.a[x]")
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == "expected a, got b"
    assert (failure.text or "").splitlines() == [
        "The target keeps tags.a.",
        "expected a, got b",
        "documented, PutImage: It does. https://example.com/a",
        "To repeat it, and to read more:",
        "ecr-conformance certify moto -k ecr.tags.a --seed 7",
        "ecr-conformance explain ecr.tags.a",
    ]


def test_a_recommendation_passes() -> None:
    """What a SHOULD rule complains of is output of a case that passes."""
    of = rule("tags.a", Level.SHOULD)
    made = judge(PROVENANCE, [of], [check(of, Verdict.WARN, "no")], FINISHED)
    case = next(ET.fromstring(junit_xml(made)).iter("testcase"))
    assert [child.tag for child in case] == ["system-out"]


def test_the_run_is_told() -> None:
    """Each suite says what was judged by what."""
    made = judge(PROVENANCE, [rule("tags.a")], [], FINISHED)
    found = ET.fromstring(junit_xml(made)).iter("property")
    assert {each.get("name"): each.get("value") for each in found} == {
        "target": "moto",
        "product": "moto",
        "version": "5.2.5",
        "contract": "botocore 1.44.5",
        "seed": "7",
    }


def test_a_scenario_has_its_line() -> None:
    """Each written scenario is found in its file; a generated one has no line of its own."""
    written = all_rules()["ecr.tags.delete-last-tag-deletes-image"]
    file, line = place_of(written.scenario)
    assert file == "conformance/suite/both/test_tags.py"
    assert line is not None
    generated = all_rules()["ecr.validation.put-image.required"]
    assert place_of(generated.scenario) == (
        "conformance/suite/both/test_generated_validation.py",
        None,
    )
    assert place_of("no.such.module::f") == ("no/such/module.py", None)
