"""Where a check's exchanges offend."""

from __future__ import annotations

from hypothesis import given, settings
from samples import check, checks_of, exchange, rule

from conformance.report.offence import Offence, offences
from conformance.suite.checks import Check
from conformance.suite.verdicts import Verdict

OF = rule("tags.a", operations=("ListImages", "PutImage"))
REFUSAL = {"__type": "InvalidParameterException", "message": "no"}


def test_a_pointer_in_the_message() -> None:
    """A message that gives a JSON pointer marks that place of the answer, present or not."""
    found = check(
        OF,
        Verdict.FAIL,
        "ListImages: /imageIds/0/imageTag: imageIds[0].imageTag is missing",
        exchanges=(exchange("ListImages", {}, {"imageIds": [{}]}),),
    )
    assert offences(found) == {0: Offence(response=("/imageIds/0/imageTag",))}


def test_a_member_in_the_message() -> None:
    """A member that the message names is marked in the answer, else in the request."""
    answered = exchange("ListImages", {"maxResults": 2}, {"imageIds": [{"imageIds": 1}] * 3})
    named = check(OF, Verdict.FAIL, "imageIds is wrong", exchanges=(answered,))
    assert offences(named) == {0: Offence(response=("/imageIds",))}
    asked = check(OF, Verdict.FAIL, "maxResults is 2, but a page has 3", exchanges=(answered,))
    assert offences(asked) == {0: Offence(request=("/maxResults",))}


def test_a_place_in_the_parameter() -> None:
    """The place that a generated request varies is marked in it, in every item."""
    sent = exchange("PutImage", {"ids": [{"tag": 1}, {"tag": 2}]}, {})
    found = check(OF, Verdict.FAIL, "expected refusal", "ids[].tag", exchanges=(sent,))
    assert offences(found)[0].request == ("/ids/0/tag", "/ids/1/tag")


def test_a_status_and_a_code() -> None:
    """The status and the code of an error are marked where the message tells of them."""
    refused = exchange("PutImage", {}, REFUSAL, status=400)
    words = "expected success, got HTTP 400 InvalidParameterException: 'no'"
    found = check(OF, Verdict.FAIL, words, exchanges=(refused,))
    assert offences(found) == {0: Offence(response=("/__type",), status=True)}


def test_the_answers_that_are_told() -> None:
    """Of many exchanges those decided whose answers the message describes, the later ones."""
    good, bad = exchange("ListImages", {}, {"a": 1}), exchange("ListImages", {}, {"b": 1})
    other = exchange("DescribeImages", {}, {"b": 1})
    found = check(
        OF,
        Verdict.FAIL,
        'got HTTP 200 {"b": 1} (one); HTTP 200 {"b": 1} (two)',
        exchanges=(bad, good, bad, bad, good, other),
    )
    assert sorted(offences(found)) == [2, 3]
    untold = check(OF, Verdict.FAIL, "no", exchanges=(good, bad, other))
    assert sorted(offences(untold)) == [2]


def test_a_header_in_the_message() -> None:
    """A header field that the message is about is marked."""
    answered = exchange("ListImages", {}, {})
    object.__setattr__(answered.answer, "headers", (("Content-Type", "text/html"), ("Date", "x")))
    found = check(OF, Verdict.FAIL, "the content type is 'text/html'", exchanges=(answered,))
    assert offences(found)[0].headers == ("Content-Type",)


@settings(deadline=None)
@given(checks_of([OF]))
def test_any_check(made: Check) -> None:
    """Whatever was sent and answered, only exchanges of the check are told of."""
    found = offences(made)
    assert set(found) <= set(range(len(made.exchanges)))
    assert bool(found) == bool(made.exchanges)
