"""Exchanges that Hypothesis makes: any bytes, header fields, failures."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from conformance.transport.cassettes import Interaction
from conformance.transport.exchange import Headers, Request, Response

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no reason to fail."""

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
BODIES = st.one_of(
    st.binary(max_size=60),
    TEXTS.map(str.encode),
    st.dictionaries(TEXTS, TEXTS, max_size=3).map(lambda value: json.dumps(value).encode()),
)
SECONDS = st.floats(0, 10_000).map(lambda seconds: round(seconds, 4))


def _fields(named: dict[str, list[str]]) -> Headers:
    # vcrpy's form has the values of a name together.
    return tuple((name, value) for name, values in named.items() for value in values)


HEADERS = st.dictionaries(
    st.text("abcXYZ-", min_size=1, max_size=8), st.lists(TEXTS, min_size=1, max_size=2), max_size=4
).map(_fields)
REQUESTS = st.builds(
    Request,
    st.sampled_from(["POST", "GET", "PUT"]),
    TEXTS.map("http://a/{}".format),
    HEADERS,
    BODIES,
)
RESPONSES = st.builds(Response, st.integers(100, 999), HEADERS, BODIES)


@st.composite
def interactions(draw: st.DrawFn) -> Interaction:
    """An exchange with any bytes, an answer or a reason why there is none."""
    request, at, took = draw(REQUESTS), draw(SECONDS), draw(SECONDS)
    failure = draw(st.none() | TEXTS)
    response = draw(RESPONSES) if failure is None else None
    if draw(st.booleans()) and request.method == "POST":
        anything = Request(request.method, request.url, request.headers, b"")
        return Interaction(anything, response, failure, at, took, any_body=True)
    return Interaction(request, response, failure, at, took)
