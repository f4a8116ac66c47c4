"""``junit.xml``: a test case for each check, as CI servers show them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.etree import ElementTree as ET

from conformance.report.certificate import Certificate
from conformance.report.commands import certify_command, explain_command
from conformance.report.judged_profile import JudgedProfile
from conformance.report.judged_rule import JudgedRule
from conformance.report.provenance import Provenance
from conformance.report.scenario_place import place_of
from conformance.report.waivers import Waiver
from conformance.suite.checks import Check
from conformance.suite.rules import Rule
from conformance.suite.verdicts import Level, Verdict

__all__ = ["junit_xml", "xml_text"]

# What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets), and the carriage return, which
# parsers turn into a line feed.
_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(certificate: Certificate) -> str:
    """The document. A test suite is a profile; a test case's class name is its service and profile.

    ``file`` and ``line`` are those of the scenario in this package, from the folder that holds it.
    A MUST rule's failure is a failure and an error an error; what is unsupported, untestable or
    does not apply is skipped; a SHOULD rule's warning passes and says so in its output. A failure
    that is waived is skipped as well, with the waiver's reason.
    """
    root = ET.Element("testsuites", name="ecr-conformance")
    for profile in certificate.profiles:
        root.append(_suite(profile, certificate.provenance))
    _excuse(root, certificate.waived)
    _count(root)
    ET.indent(root, " ")
    document: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'


def xml_text(text: str) -> str:
    """The text with everything that XML cannot hold as a visible escape."""
    return _FORBIDDEN.sub(lambda found: ascii(found[0])[1:-1], text)


def _suite(profile: JudgedProfile, facts: Provenance) -> ET.Element:
    name = _class_name(profile.rules[0].rule)
    suite = ET.Element("testsuite", name=name, timestamp=facts.started.removesuffix("Z"))
    suite.append(_properties(facts))
    for rule in profile.rules:
        suite.extend(_case(rule.rule, check, facts) for check in rule.checks)
        if not rule.checks:
            suite.append(_unchecked(rule))
    _count(suite)
    return suite


def _excuse(suites: ET.Element, waived: Mapping[str, Waiver]) -> None:
    """Skip the failures that are waived, and say why."""
    for suite in suites:
        for case in suite.iter("testcase"):
            failure, waiver = case.find("failure"), waived.get(case.get("name", ""))
            if failure is not None and waiver is not None:
                reason = f"waived until {waiver.expires}: {waiver.reason} ({waiver.issue})"
                failure.tag, failure.attrib = "skipped", {"message": xml_text(reason)}
        _count(suite)


def _properties(facts: Provenance) -> ET.Element:
    target = facts.target
    known = {
        "target": target.name,
        "product": target.product,
        "version": target.version or "unknown",
        "contract": f"botocore {facts.contract.botocore}",
        "seed": str(facts.seed),
    }
    properties = ET.Element("properties")
    for name, value in known.items():
        ET.SubElement(properties, "property", name=name, value=xml_text(value))
    return properties


def _class_name(rule: Rule) -> str:
    return f"{rule.service}.{rule.profile}"


def _case(rule: Rule, check: Check, facts: Provenance) -> ET.Element:
    case = _named(rule, check.id, check.seconds)
    add = _OUTCOMES.get(check.verdict)
    if check.verdict is Verdict.FAIL and rule.level is not Level.MUST:
        add = _told
    if add is None and check.message:
        add = _told
    if add is not None:
        add(case, rule, check, facts)
    return case


def _named(rule: Rule, name: str, seconds: float) -> ET.Element:
    file, line = place_of(rule.scenario)
    case = ET.Element("testcase", classname=_class_name(rule), name=xml_text(name))
    case.set("file", xml_text(file))
    if line is not None:
        case.set("line", str(line))
    case.set("time", f"{seconds:.3f}")
    return case


def _unchecked(rule: JudgedRule) -> ET.Element:
    case = _named(rule.rule, rule.rule.id, 0.0)
    ET.SubElement(case, "skipped", message="untestable: the rule was not checked")
    return case


def _failed(case: ET.Element, rule: Rule, check: Check, facts: Provenance) -> None:
    shown = ET.SubElement(case, "failure", message=xml_text(check.message), type="must")
    shown.text = _explanation(rule, check, facts)


def _erred(case: ET.Element, rule: Rule, check: Check, facts: Provenance) -> None:
    shown = ET.SubElement(case, "error", message=xml_text(check.message), type="error")
    shown.text = _explanation(rule, check, facts)


def _skipped(case: ET.Element, _rule: Rule, check: Check, _facts: Provenance) -> None:
    reason = f"{check.verdict.label}: {check.message}"
    ET.SubElement(case, "skipped", message=xml_text(reason))


def _told(case: ET.Element, rule: Rule, check: Check, facts: Provenance) -> None:
    verdict = f"{check.verdict.label} ({rule.level.value} rule)"
    ET.SubElement(case, "system-out").text = f"{verdict}\n{_explanation(rule, check, facts)}"


_OUTCOMES: dict[Verdict, Callable[[ET.Element, Rule, Check, Provenance], None]] = {
    Verdict.NOT_APPLICABLE: _skipped,
    Verdict.WARN: _told,
    Verdict.UNSUPPORTED: _skipped,
    Verdict.UNTESTABLE: _skipped,
    Verdict.FAIL: _failed,
    Verdict.ERROR: _erred,
}


def _explanation(rule: Rule, check: Check, facts: Provenance) -> str:
    """Everything that a CI server's page of one test case has to say."""
    sources = (
        f"{each.kind.value}, {each.where}: {each.quote} {each.url}".strip()
        for each in rule.evidence
    )
    commands = (certify_command(facts, rule.id), explain_command(rule.id))
    lines = (rule.title, check.message, *sources, "To repeat it, and to read more:", *commands)
    return xml_text("\n".join(line for line in lines if line))


def _count(element: ET.Element) -> None:
    cases = list(element.iter("testcase"))
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    element.set("time", f"{sum(float(case.get('time', 0)) for case in cases):.3f}")
