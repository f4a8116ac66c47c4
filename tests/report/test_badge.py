"""The badge: what it says, and that both its forms are well-formed."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import FINISHED, PROVENANCE, certificates, check, rule

from conformance.file_schemas import MalformedFile, require_valid
from conformance.report import Certificate, judge
from conformance.report.badge import LABEL, Badge, badge_of
from conformance.report.provenance import Selection
from conformance.suite.verdicts import Verdict

WHOLE = replace(PROVENANCE, selection=Selection())
printable = st.text(st.characters(exclude_categories=["C"]), min_size=1)


def badge(*verdicts: Verdict, chosen: Selection | None = None) -> Badge:
    """The badge of a run over a profile for each verdict."""
    rules = [rule(f"{name}.a") for name in ("tags", "images", "layers")][: len(verdicts)]
    checks = [check(of, verdict) for of, verdict in zip(rules, verdicts, strict=True)]
    facts = replace(PROVENANCE, selection=chosen or Selection())
    return badge_of(judge(facts, rules, checks, FINISHED))


@pytest.mark.parametrize(
    ("verdicts", "message", "color"),
    [
        ([Verdict.PASS, Verdict.PASS], "2 of 2 profiles certified", "brightgreen"),
        ([Verdict.PASS, Verdict.UNSUPPORTED], "1 of 2 profiles certified", "brightgreen"),
        ([Verdict.PASS, Verdict.FAIL], "1 of 2 profiles certified", "orange"),
        ([Verdict.FAIL], "0 of 1 profiles certified", "red"),
        ([Verdict.PASS, Verdict.ERROR], "inconclusive", "lightgrey"),
        ([], "nothing ran", "lightgrey"),
    ],
)
def test_what_a_badge_says(verdicts: list[Verdict], message: str, color: str) -> None:
    """A badge is green where the target is conformant, and grey where nothing was decided."""
    assert badge(*verdicts) == Badge(LABEL, message, color)


def test_a_part_of_the_rules_is_no_certificate() -> None:
    """Where rules were left out by choice the badge says so, and is not green."""
    found = badge(Verdict.PASS, chosen=Selection(profiles=("tags",)))
    assert found == Badge(LABEL, "part of the rules: 1 of 1 profiles certified", "lightgrey")


@settings(deadline=None)
@given(certificates)
def test_both_forms(made: Certificate) -> None:
    """The endpoint keeps its schema and reads back as the badge; the image is XML and says it."""
    found = badge_of(made)
    endpoint = json.loads(json.dumps(found.to_json()))
    require_valid(endpoint, "badge", "badge.json")
    assert Badge.from_json(endpoint) == found
    assert ET.fromstring(found.to_svg()).get("aria-label") == f"{found.label}: {found.message}"


@given(printable, printable)
def test_an_image_of_any_text_is_xml(label: str, message: str) -> None:
    """Nothing in a label or message can break out of the image."""
    image = ET.fromstring(Badge(label, message, "red").to_svg())
    assert [text.text for text in image.iter("{http://www.w3.org/2000/svg}text")] == [
        label,
        message,
    ]


def test_another_endpoint_is_refused() -> None:
    """What is no endpoint of shields breaks the schema."""
    with pytest.raises(MalformedFile, match="schemaVersion"):
        require_valid({"label": "a", "message": "b", "color": "red"}, "badge", "badge.json")
