"""Identity policies: what is read, and what it allows."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import ExitCode, UsageError
from conformance.reference.identity_policy import (
    IdentityPolicy,
    Patterns,
    Statement,
    denial,
    fits,
)
from conformance.reference.identity_policy_grammar import read_identity_policy

ACTION = "ecr:PutImage"
RESOURCE = "arn:aws:ecr:eu-west-1:123456789012:repository/team/app"
EXPLICIT = "with an explicit deny in an identity-based policy"
IMPLICIT = "because no identity-based policy allows the ecr:PutImage action"
ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}

segments = st.text("ab*?", max_size=6)
plain = st.text("ab", max_size=6)


def policy(*statements: Any, **members: Any) -> bytes:
    """A policy as a file has it."""
    whole = {"Version": "2012-10-17", "Statement": list(statements), **members}
    return json.dumps(whole).encode()


def read(*statements: Any) -> IdentityPolicy:
    """A policy of these statements, read."""
    return read_identity_policy(policy(*statements), "policy.json")


@given(segments, plain)
def test_wildcards_are_those_of_a_shell(pattern: str, text: str) -> None:
    """Where there is no colon, * and ? mean what they mean in names of files."""
    assert fits(pattern, text) == fnmatchcase(text, pattern)


@given(st.text(), st.text())
def test_nothing_else_is_a_wildcard(pattern: str, text: str) -> None:
    """What has neither * nor ? fits itself alone, whatever its characters are."""
    literal = pattern.replace("*", "").replace("?", "")
    assert fits(literal, literal)
    assert fits(literal, text) == (literal == text)


@given(
    st.lists(segments.filter(lambda each: not each.endswith("*")), min_size=1, max_size=3),
    st.lists(plain, min_size=1, max_size=3),
)
def test_a_wildcard_stays_within_its_segment(patterns: list[str], texts: list[str]) -> None:
    """A wildcard does not reach beyond a colon, unless it ends its segment."""
    each_fits = [fits(*pair) for pair in zip(patterns, texts, strict=False)]
    expected = len(patterns) == len(texts) and all(each_fits)
    assert fits(":".join(patterns), ":".join(texts)) == expected


@given(plain, st.text("ab:", max_size=9))
def test_an_asterisk_at_the_end_of_a_segment_reaches_beyond_it(start: str, rest: str) -> None:
    """The last asterisk of a segment takes any number of segments."""
    assert fits(f"{start}*", start + rest)
    assert fits(f"{start}*:b", f"{start}{rest}:b")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"Action": "ECR:putimage"}, None),
        ({"Action": ["s3:*", "ecr:Put*"]}, None),
        ({"Action": "ecr:???Image"}, None),
        ({"Action": "ecr-public:*"}, IMPLICIT),
        ({"NotAction": "ecr:Delete*"}, None),
        ({"NotAction": ["ecr:Delete*", "ecr:Put*"]}, IMPLICIT),
        ({"Resource": RESOURCE}, None),
        ({"Resource": RESOURCE.upper().replace("ARN:AWS:ECR", "arn:aws:ecr")}, IMPLICIT),
        ({"Resource": "arn:aws:ecr:*:*:repository/team/*"}, None),
        ({"Resource": "arn:aws:ecr:us-*:*:repository/team/*"}, IMPLICIT),
        ({"Resource": "arn:aws:ecr:*:*:repository/other/*"}, IMPLICIT),
        ({"NotResource": "arn:aws:ecr:*:*:repository/other/*"}, None),
        ({"NotResource": "arn:aws:ecr:*:*:repository/team/*"}, IMPLICIT),
        ({"Effect": "Deny"}, EXPLICIT),
        ({"Effect": "Deny", "NotAction": "ecr:Put*"}, IMPLICIT),
    ],
    ids=repr,
)
def test_a_statement_covers_actions_on_resources(
    changes: dict[str, Any], reason: str | None
) -> None:
    """A statement is about the actions and resources that it names, or about all others."""
    replaced = {each.removeprefix("Not") for each in changes}
    kept = {name: value for name, value in ALLOW_ALL.items() if name not in replaced}
    assert denial(read({**kept, **changes}), ACTION, RESOURCE) == reason


patterns = st.builds(
    Patterns, st.lists(st.sampled_from(["*", "a:*", "a:b"])).map(tuple), st.booleans()
)
policies = st.lists(st.builds(Statement, st.booleans(), patterns, patterns)).map(tuple)


@given(policies)
def test_a_deny_trumps_every_allow(made: IdentityPolicy) -> None:
    """Where one statement denies, no other statement helps, whichever comes first."""
    deny = Statement(allows=False, actions=Patterns(("a:b",)), resources=Patterns(("*",)))
    for whole in ((*made, deny), (deny, *made)):
        assert denial(whole, "a:b", "a:c") == EXPLICIT


@given(policies)
def test_what_no_statement_covers_is_denied(made: IdentityPolicy) -> None:
    """A policy allows nothing but what an allowing statement covers and no denying one does."""
    covering = {each.allows for each in made if each.covers("a:b", "a:c")}
    assert (denial(made, "a:b", "a:c") is None) == (covering == {True})


actions = st.lists(st.sampled_from(["*", "ecr:*", "ecr:Get?", "ecr:PutImage"]), min_size=1)
resources = st.lists(st.sampled_from(["*", RESOURCE, "arn:aws:ecr:*:*:*"]), min_size=1)


@given(
    allows=st.booleans(),
    acting=actions,
    inverted=st.booleans(),
    on=resources,
    elsewhere=st.booleans(),
)
def test_what_is_written_is_read(
    *, allows: bool, acting: list[str], inverted: bool, on: list[str], elsewhere: bool
) -> None:
    """Effect, patterns and their negation are read as they are written, one alone or listed."""
    written = {
        "Effect": "Allow" if allows else "Deny",
        "NotAction" if inverted else "Action": acting[0] if len(acting) == 1 else acting,
        "NotResource" if elsewhere else "Resource": on[0] if len(on) == 1 else on,
    }
    lower = tuple(each.lower() for each in acting)
    expected = Statement(allows, Patterns(lower, inverted), Patterns(tuple(on), elsewhere))
    assert read(written) == (expected,)
    assert read_identity_policy(policy(Statement=written), "policy.json") == (expected,)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"{", "policy.json is not JSON: "),
        (b"\xff", "policy.json is not JSON: "),
        (b"[]", "policy.json: the policy is not an object"),
        (policy(ALLOW_ALL, Version="2008-10-17"), "/Version is not 2012-10-17"),
        (b'{"Statement": []}', "/Version is not 2012-10-17"),
        (policy(ALLOW_ALL, Principal="*"), "the policy has a member Principal"),
        (policy(), "/Statement is missing or empty"),
        (policy("Allow"), "/Statement/0 is not an object"),
        (policy(ALLOW_ALL, {**ALLOW_ALL, "Principal": "*"}), "/Statement/1 has a member Principal"),
        (policy({**ALLOW_ALL, "Condition": {}}), "/Statement/0/Condition is not understood"),
        (policy({**ALLOW_ALL, "Effect": "allow"}), "/Statement/0/Effect is neither Allow nor Deny"),
        (policy({**ALLOW_ALL, "Effect": []}), "/Statement/0/Effect is neither Allow nor Deny"),
        (policy({**ALLOW_ALL, "Sid": "a b"}), "/Statement/0/Sid has other characters"),
        (policy({**ALLOW_ALL, "Sid": 1}), "/Statement/0/Sid has other characters"),
        (policy(*[{**ALLOW_ALL, "Sid": "a"}] * 2), "2 statements have the Sid a"),
        (policy({"Effect": "Allow", "Action": "*"}), "not exactly one of Resource and NotResource"),
        (policy({**ALLOW_ALL, "NotAction": "*"}), "not exactly one of Action and NotAction"),
        (policy({**ALLOW_ALL, "Action": []}), "/Action is neither a text nor a list of texts"),
        (policy({**ALLOW_ALL, "Action": [1]}), "/Action is neither a text nor a list of texts"),
        (policy({**ALLOW_ALL, "Action": "PutImage"}), "/Action has what is no action: PutImage"),
        (policy({**ALLOW_ALL, "Action": "e*:Put"}), "/Action has what is no action: e*:Put"),
        (policy({**ALLOW_ALL, "Resource": "app"}), "/Resource has what is no resource: app"),
        (policy({**ALLOW_ALL, "Resource": "arn:aws:ecr:*"}), "has what is no resource"),
        (policy({**ALLOW_ALL, "Resource": "arn:aws:*:*:*:*"}), "has what is no resource"),
        (policy({**ALLOW_ALL, "Resource": RESOURCE + "${aws:username}"}), "has a variable"),
    ],
)
def test_what_is_not_understood_is_refused(text: bytes, complaint: str) -> None:
    """What is no policy, or not understood, is told with its place; nothing is ignored."""
    with pytest.raises(UsageError) as raised:
        read_identity_policy(text, "policy.json")
    assert raised.value.message.startswith("policy.json")
    assert complaint in raised.value.message
    assert raised.value.hint
    assert raised.value.exit_code == ExitCode.USAGE


names = st.sampled_from(["Version", "Statement", "Sid", "Effect", "Action", "Resource", "x"])
texts = st.sampled_from(["2012-10-17", "Allow", "*", "ecr:*", ""])
anything = st.recursive(
    texts | st.none() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
)


@given(anything)
def test_any_json_is_a_policy_or_refused(value: Any) -> None:
    """Whatever a file holds, it is read whole or refused as wrong usage."""
    try:
        made = read_identity_policy(json.dumps(value).encode(), "policy.json")
    except UsageError:
        return
    assert len(made) >= 1
